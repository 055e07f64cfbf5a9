"""Did it help? The answer, and the figures it rests on, as files: exact, for the programme team.

The file of figures has the columns that `feeling-safe effect` reads, which gives the same answer;
so can R, Stata or any other program.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboard.exports import tables

_NUMBERS = ("value", "lower", "upper")
_COLUMNS = ("what", "months_since_start", "without_trust", *_NUMBERS, "chance", "trusts")


def answer(content: Mapping[str, Any]) -> bytes:
    """The average, each month since the start and before it, and each trust left out."""
    rows: list[dict[str, object]] = [{"what": "average", **content["effect"]}]
    checks = content["checks"]
    for what, months in (
        ("by month", content["by_period"]),
        ("pretend start by month", checks["placebo_by_period"]),
    ):
        rows += [
            {
                "what": what,
                "months_since_start": month["since"],
                "trusts": month["clusters"],
                **{key: month[key] for key in (*_NUMBERS, "chance")},
            }
            for month in months
        ]
    if checks["placebo"]:
        rows.append({"what": "pretend start", **checks["placebo"]})
    rows += [
        {"what": "without one trust", "without_trust": name, "value": value}
        for name, value in checks["without_cluster"].items()
    ]
    frame = pl.DataFrame([{name: row.get(name) for name in _COLUMNS} for row in rows])
    return tables.csv(_with_gaps(frame))


def figures(around: pl.DataFrame) -> bytes:
    """A table of figures as it is: those around a start, or what the learning radar counts."""
    return tables.csv(_with_gaps(around))


def _with_gaps(frame: pl.DataFrame) -> pl.DataFrame:
    """As text, with nothing where there is nothing, as programs that analyse figures expect."""
    return frame.select(pl.all().cast(pl.String).fill_null(""))


def name(what: str, start: str, measure: str, facts: Mapping[str, object]) -> str:
    """A file name that says what is in it, up to which month, and not to share it."""
    upto = f"to-{facts['data_to']:%Y-%m}" if isinstance(facts["data_to"], date) else "to"
    known = f"_as-known-{facts['as_at']}" if facts["as_at"] else ""
    parts = ("did-it-help", what, start, measure, f"{upto}{known}", "exact-do-not-share")
    return f"feeling-safe_{'_'.join(parts)}.csv"
