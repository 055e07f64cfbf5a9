"""What surveys from outside say, beside what trusts sent, as a file: exact, for the team only."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from dashboard.exports import tables

_COLUMNS = (
    *("trust_code", "trust_name", "source", "asked_of", "higher_means", "period_from", "period_to"),
    *("survey_n", "survey_d", "survey", "survey_low", "survey_high"),
    *("felt_from", "felt_to", "here_n", "here_d", "here", "here_low", "here_high"),
    *("reported_from", "reported_to", "reported_n", "reported_d", "beside"),
)


def content(found: pl.DataFrame, told: Sequence[Mapping[str, Any]]) -> bytes:
    """A row for each figure of `queries.yardsticks` and what `words.yardsticks.beside` made of it.

    `survey` and `here` are per cent of people who experienced harm or do not feel safe; `_n` and
    `_d` are their counts, `_low` and `_high` the ends of their 95% ranges.
    """
    rows = [row | said for row, said in zip(found.to_dicts(), told, strict=True)]
    frame = pl.DataFrame(
        [{name: _text(row[name]) for name in _COLUMNS} for row in rows],
        schema=dict.fromkeys(_COLUMNS, pl.String),
    )
    return tables.csv(frame)


def name(facts: Mapping[str, object]) -> str:
    """A file name that says what is in it, up to which month, and not to share it."""
    upto = f"to-{facts['data_to']:%Y-%m}" if isinstance(facts["data_to"], date) else "to"
    known = f"_as-known-{facts['as_at']}" if facts["as_at"] else ""
    return f"feeling-safe_beside-surveys_{upto}{known}_exact-do-not-share.csv"


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{round(value, 4):g}"
    return "" if value is None else str(value)
