"""The running sum of a rare measure: how far its counts are above what is usual, month by month."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache

import polars as pl

from dashboard import numbers
from dashboard.charts import process
from dashboard.charts.figure_links import linked
from dashboard.charts.table import Column, Table

AXIS = "More than usual, so far"
_IN_EVENTS = {"unit": "count", "multiplier": 1.0, "target": None}


def rows(points: pl.DataFrame, measure: Mapping[str, object]) -> list[dict[str, object]]:
    """The rows of `spec` for the points of one series; what each month counts is in words."""
    found = process.rows(points, {**measure, **_IN_EVENTS})
    counts = dict(_counted(points, measure))
    for row in found:
        if row["row"] == "point":
            row["based_on"] = counts[row["month"]]
            row["c"] = None
            row["read"] = said(row["v"])
    last = next((row for row in reversed(found) if row["row"] == "point" and row["u"]), None)
    if last:
        found.append({"row": "name", "m1": last["m1"], "v": last["u"], "note": "Threshold"})
    return found


def said(total: object) -> str:
    """A sum in words: 4.8 more than usual, so far."""
    return "" if total is None else f"{numbers.rounded(float(str(total)), 1)}"


def _counted(points: pl.DataFrame, measure: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    unit = str(measure["unit"])
    for month, n, d in points.select("month", "numerator", "denominator").iter_rows():
        count = numbers.out_of(n, d, unit) or ("" if n is None else numbers.whole(n))
        yield month.isoformat(), count


@cache
def spec(direction: str, height: int = 280) -> dict[str, object]:
    """The spec of a running sum; `direction` says which way is better."""
    return process.spec(process.Reading("count", direction, axis=AXIS), events=False, height=height)


def table(
    caption: str,
    points: pl.DataFrame,
    measure: Mapping[str, object],
    link: Callable[[str, int], str] | None = None,
) -> Table:
    """The table under the chart, latest month first; `link` as for that of a process chart."""
    columns = [
        Column("when", "Month", row_header=True),
        Column("based_on", "Reported", number=True, markup=link is not None),
        Column("read", "Running sum", number=True),
        Column("says", "What it shows"),
    ]
    found = [row for row in rows(points, measure) if row["row"] == "point"]
    return Table(caption, columns, [_row(row, link) for row in reversed(found)])


def _row(row: Mapping[str, object], link: Callable[[str, int], str] | None) -> dict[str, object]:
    if row["v"] is None:
        words = numbers.STATES.get(str(row["state"]), "No data")
        return {"when": row["when"], "based_on": words, "read": "–", "says": words}
    says = [str(row["look"]), *(str(row[part]) for part in ("why", "note") if row[part])]
    counted = str(row["based_on"])
    return {
        "when": row["when"],
        "based_on": linked(counted, link(str(row["month"])[:7], 1)) if link else counted,
        "read": row["read"],
        "says": ". ".join(says),
    }
