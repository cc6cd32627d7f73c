"""An explorer's formulas as a classic script for its page.

The script hands the page's runtime, ``site/assets/scenario.js``, one object; the order in which the
two are loaded does not matter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from receiptbook.explorers.parts import ScenarioError, unit_suffix
from receiptbook.explorers.trace import TraceError, identifier, javascript, recording


def page_script(explorer: Mapping) -> str:
    """One call that hands the runtime the explorer, its formulas as plain functions.

    explorer: the page data that `receiptbook.explorers.vega` stores in the chart.

    Raises
    ------
    ScenarioError
        if a stored formula is not arithmetic on the explorer's names, or the page data lack
        something, as those of another edition may
    """
    try:
        return _script(explorer)
    except KeyError as missing:
        raise ScenarioError(f"scenario {explorer['id']!r}: {missing}") from missing


def _script(explorer: Mapping) -> str:
    frames = explorer["frames"]
    inputs = [p["name"] for p in explorer["parameters"]] + [n for f in frames for n in f["numbers"]]
    names = inputs + [o["name"] for o in explorer["outputs"]]

    def function(formula: str, arguments: Sequence[str]) -> str:
        return formula_script(formula, arguments, explorer["id"])

    outputs = ",".join(
        f"[{_json(o['name'])},{_json(o['decimals'])},{_json(o['missing'])},"
        f"{function(o['formula'], inputs)},{_json(o['comma'])},{_json(unit_suffix(o['unit']))}]"
        for o in explorer["outputs"]
    )
    words = ",".join(
        f"[{function(w['when'], names) if w['when'] else 0},{_json(w['text'])}]"
        for w in explorer["words"]
    )
    marks = []
    for m in explorer["picture"]["marks"]:
        along = ["t"] if "t" in m else []
        shape = (
            _json([m["follows"], m["at"]])
            if "follows" in m
            else _json(m["frame"])
            if "frame" in m
            else function(m["formula"], names + along)
        )
        more = _json(m.get("t", m.get("text", 0)))
        entry = (_json(m["name"]), _json(m["kind"]), f"{m.get('size', 0):g}", shape, more)
        marks.append(f"[{','.join(entry)}]")
    axes = [
        [a["low"], a["high"], int(a["scale"] == "log")]
        for a in (explorer["picture"]["x"], explorer["picture"]["y"])
    ]
    return (
        "(window.receiptbookScenarios=window.receiptbookScenarios||[]).push({"
        f"id:{_json(explorer['id'])},p:{_json([*map(_control, explorer['parameters'])])},"
        f"presets:{_json([p['values'] for p in explorer['presets']])},"
        f"frames:{_json(frames)},out:[{outputs}],say:[{words}],"
        f"x:{_json(axes[0])},y:{_json(axes[1])},"
        f"marks:[{','.join(marks)}]}});\n"
    )


def _control(p: Mapping) -> list:
    """A control by position, as the runtime reads it."""
    only = [p["only"]["name"], p["only"]["values"]] if p.get("only") else 0
    return [
        *(p["name"], p["label"], p["unit"], p["kind"], p["default"]),
        *(p.get(name, 0) for name in ("min", "max", "step", "decimals")),
        [[o["value"], o["label"]] for o in p.get("options", [])],
        p.get("comma", ","),
        only,
        int("receipt" in p),
    ]


def formula_script(formula: str, names: Sequence[str], id: str) -> str:
    """A stored formula of the explorer `id` as a JavaScript function of `names`.

    Stored text is not trusted as code: the script is printed from operations, numbers and names.

    Raises
    ------
    ScenarioError
        if the formula holds anything else, or one of `names` cannot name a variable

    >>> formula_script('["/",["*",100,"users"],"base"]', ["users", "base"], "demo")
    'function(users,base){return ((100*users)/base)}'
    """
    try:
        arguments = ",".join(map(identifier, names))
        return f"function({arguments}){{return {javascript(recording(formula, names))}}}"
    except TraceError as wrong:
        raise ScenarioError(
            f"scenario {id!r}: {formula!r} is no plain formula: {wrong}; there are "
            f"{', '.join(names)}"
        ) from None


def _json(value) -> str:
    return json.dumps(
        _whole(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).replace("</", "<\\/")


def _whole(value):
    """Whole numbers without their decimal point."""
    if isinstance(value, Mapping):
        return {k: _whole(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_whole(v) for v in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
