"""The table beside a chart: what a reader without the picture reads."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping, Sequence

import pandas as pd

ROWS = 40  # most rows in a chart's table
DIGITS = 12  # significant digits stored, so that platforms agree


class ChartError(ValueError):
    """A card cannot be made; the message says what to change."""


def heading(column: Mapping) -> str:
    """What stands above a column of a chart's table: its label, with the unit if it has one.

    >>> heading({"label": "Users", "unit": "million"})
    'Users (million)'
    """
    unit = column.get("unit")
    return f"{column['label']} ({unit})" if unit else column["label"]


def decimals(column: Sequence) -> int | None:
    """Places for a column of computed numbers: four digits for the largest; None: as they are.

    The file beside the table keeps them whole.

    >>> decimals([16.39999969, 2]), decimals([1404.89, 602.0])
    (2, None)
    """
    found = [v for v in column if isinstance(v, float)]
    if all(len(repr(abs(v)).replace(".", "").strip("0")) <= 7 for v in found):
        return None
    return max(0, 3 - math.floor(math.log10(max(map(abs, found)))))


def d3_format(values: Sequence, type_: str | None) -> str | None:
    """How D3 writes values as the table does; days that end a month by that month alone.

    >>> d3_format([2024, 2025], "quantitative"), d3_format(["2025-12-31"], "temporal")
    ('d', '%b %Y')
    """
    if type_ == "temporal":
        days = pd.to_datetime(pd.Series(values, dtype="object"))
        return "%b %Y" if days.dt.is_month_end.all() else "%-d %b %Y"
    if type_ != "quantitative":
        return None
    found = [v for v in (scalar(v, "", "") for v in values) if v is not None]
    if (places := decimals(found)) is not None:
        return f",.{places}f"
    years = all(isinstance(v, int) and v <= 9999 for v in found)
    return "d" if years else ",.10~g"


def scalar(value, id: str, path: str):
    """A JSON scalar: floats to DIGITS, dates as ISO text, missing as null.

    Raises ChartError for infinity and for what JSON does not know.

    >>> scalar(pd.Timestamp("2025-12-31"), "rain", "spec"), scalar(float("nan"), "rain", "spec")
    ('2025-12-31', None)
    """
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, (bool, str)):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    if hasattr(value, "item"):
        return scalar(value.item(), id, path)
    if isinstance(value, int):
        return value
    try:
        value = float(value)
    except (TypeError, ValueError):
        raise ChartError(
            f"chart {id!r}: {path} is a {type(value).__name__}; pass numbers, text or dates"
        ) from None
    if math.isinf(value):
        raise ChartError(f"chart {id!r}: {path} is infinite; leave it out or cap it and say so")
    return None if math.isnan(value) else float(f"{value:.{DIGITS}g}")


def table_of(source, columns: Mapping | None, id: str, note: str) -> dict:
    """Columns, rows and note as stored. source: a frame, or a chart that has one data set.

    Raises ChartError for an empty table, an unknown column, a blank label.

    >>> table_of(pd.DataFrame({"rain": [61.5]}), {"rain": ("Rain", "mm")}, "rain", "")["rows"]
    [[61.5]]
    """
    frame = source if isinstance(source, pd.DataFrame) else _only_data_set(source, id)
    if frame.empty:
        raise ChartError(f"chart {id!r}: its table is empty; pass table=")
    names = [str(c) for c in (frame.columns if columns is None else columns)]
    if missing := [n for n in names if n not in frame.columns]:
        raise ChartError(
            f"chart {id!r}: columns {missing} are not in its table; there are {list(frame.columns)}"
        )
    heads = []
    for name in names:
        label = name if columns is None else columns[name]
        label, unit = (label, "") if isinstance(label, str) else label
        if not str(label).strip():
            raise ChartError(f"chart {id!r}: column {name!r} has a blank label")
        align = "right" if all(map(_is_number, frame[name])) else "left"
        heads.append({"name": name, "label": label, "unit": unit, "align": align})
    rows = [
        [scalar(v, id, f"table.{n}") for n, v in zip(names, row, strict=True)]
        for row in frame[names].itertuples(index=False, name=None)
    ]
    if len(rows) > ROWS:
        step = math.ceil((len(rows) - 1) / (ROWS - 2))
        kept = rows[:-1:step] + rows[-1:]
        thinned = f"{len(kept)} of {len(rows)} rows: one in {step}, and the last."
        note, rows = f"{note} {thinned}".strip(), kept
    return {"columns": heads, "rows": rows, "note": note}


def _is_number(value) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, numbers.Real) or hasattr(value, "__float__") or pd.isna(value)


def _only_data_set(spec: Mapping, id: str) -> pd.DataFrame:
    """The rows of a chart that has one data set; ChartError asks for a table where it has not."""
    datasets = spec.get("datasets", {})
    data = spec.get("data")
    if isinstance(data, Mapping) and isinstance(data.get("values"), list):
        datasets = {"": data["values"]}
    if len(datasets) != 1:
        raise ChartError(
            f"chart {id!r} has {len(datasets)} data sets; pass table= with what "
            "a reader without the picture should read"
        )
    return pd.DataFrame(next(iter(datasets.values())))
