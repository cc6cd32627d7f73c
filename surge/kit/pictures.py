"""Charts that stand on slides only, in place of a page's explorer: a projector cannot be asked."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from receiptbook.charts import card, colour
from receiptbook.numbers import digits, in_english
from receiptbook.receipts import cite
from receiptbook.tables import load
from surge.kit.grids import LAST, millions, over_each_population


def rates() -> Mapping:
    """The users of the last wave of 2025 over four populations, a bar each, named at the bar."""
    found = over_each_population()
    rows = pd.DataFrame(
        {"who": f"{who}, {millions(people)}", "rate": share.number,
         "label": share.show()}
        for who, people, share, _ in found
    )  # fmt: skip
    users = load().series("genai-users")[LAST]
    told = [f"[{share.show()}](ledger.md#{id})" for _, _, share, id in found]
    over = [f"{who} {share}" for (who, *_), share in zip(found, told, strict=True)]
    return card(
        _bars(rows),
        id="who-counts-bars",
        title=f"A smaller population, a higher rate: {told[0]} of everyone, {told[2]} of internet users",
        caption=f"The same {digits(users, 10**6)} million users of December 2025 over four populations. "
        "Over residents aged 15 to 64 it is no share, since some of the users are younger or older.",
        alt=f"Four bars. {in_english(users)} users over {', '.join(over)}.",
        sources=cite(users, *(people for _, people, _, _ in found)),
        table=rows,
        columns={"who": "Population", "label": "Users over it"},
    ).spec


def _bars(rows: pd.DataFrame) -> alt.LayerChart:
    lane = alt.Y("who:N", title=None, sort=list(rows.who), axis=None)
    scale = alt.Scale(domain=[0, rows.rate.max() * 1.15], nice=False)
    base, x = alt.Chart(rows).encode(lane), alt.X("rate:Q", title=None, scale=scale, axis=None)
    bar = base.mark_bar(height=18, yOffset=9, color=colour("accent")).encode(x)
    value = base.mark_text(align="left", dx=6, dy=9, fontWeight="bold", fontSize=14)
    name = base.mark_text(align="left", dy=-10, fontSize=13)
    layers = bar, value.encode(x, text="label"), name.encode(x=alt.value(0), text="who")
    return alt.layer(*layers).properties(height=alt.Step(46))
