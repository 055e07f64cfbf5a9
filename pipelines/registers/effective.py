"""Effective-dated rows: finds those valid on a day, and changes them from a day onwards. Pure."""

from datetime import date, timedelta
from typing import Any

import polars as pl

from schemas.register import same_email

Row = dict[str, Any]
Key = tuple[str, ...]
DAY = timedelta(days=1)
KEYS: dict[str, Key] = {
    "trusts": ("trust_code",),
    "wards": ("trust_code", "ward_code"),
    "access": ("email",),
    "standards": ("set_id", "statement_id"),
    "questions": ("question_id",),
    "invitations": ("trust_code",),
    "groups": ("group_code", "member"),
    "yardsticks": ("source", "trust_code"),
}
"""The columns that identify one entry in each file of the register."""


def rows_of(frame: pl.DataFrame, **key: str) -> list[Row]:
    """The rows of one trust, ward or person, earliest first."""
    return frame.filter(**key).sort("valid_from").to_dicts()


def rows_by_key(frame: pl.DataFrame, key: Key) -> dict[Key, list[Row]]:
    """The rows of each trust, ward or person, earliest first; addresses match in any case."""
    found: dict[Key, list[Row]] = {}
    ordered = frame.sort(*key, "period_from" if "period_from" in frame.columns else "valid_from")
    for row in ordered.iter_rows(named=True):
        name = tuple(same_email(row[k]) if k == "email" else row[k] for k in key)
        found.setdefault(name, []).append(row)
    return found


def held(rows: list[Row], day: date) -> Row | None:
    """The row that is valid on a day, if any."""
    return next((row for row in rows if _begun(row, day) and not _over(row, day)), None)


def cut(rows: list[Row], day: date) -> tuple[list[Row], list[Row]]:
    """The rows up to the day before, and the rows from the day onwards."""
    before = [
        row if _over(row, day) else row | {"valid_to": day - DAY}
        for row in rows
        if row["valid_from"] < day
    ]
    after = [
        row | {"valid_from": max(row["valid_from"], day)} for row in rows if not _over(row, day)
    ]
    return before, after


def changed(rows: list[Row], day: date, changes: Row) -> list[Row]:
    """The rows with new values from a day onwards; earlier days stay as they were.

    Later rows change too as long as they only repeat the old value; a change that is already
    planned for a later day stays.
    """
    before, after = cut(rows, day)
    old, follows = after[0], dict(changes)
    new = [after[0] | changes]
    for row in after[1:]:
        follows = {field: value for field, value in follows.items() if row[field] == old[field]}
        new.append(row | follows)
    return [*before, *new]


def with_rows(frame: pl.DataFrame, rows: list[Row], **key: str) -> pl.DataFrame:
    """The frame with these rows instead of the old ones of one trust, ward or person."""
    others = frame.filter(~pl.all_horizontal(pl.col(name) == value for name, value in key.items()))
    new = pl.DataFrame(rows, schema=frame.schema, orient="row")
    return pl.concat([others, new]).sort(*key, "valid_from", maintain_order=True)


def _begun(row: Row, day: date) -> bool:
    return row["valid_from"] <= day


def _over(row: Row, day: date) -> bool:
    return row["valid_to"] is not None and row["valid_to"] < day


def holding(frame: pl.DataFrame, file: str, day: date) -> pl.DataFrame:
    """One row for each key: the one valid on the day, or else the last one, or else the next.

    Adds `state` (`now`, `ended` or `coming`) and `changes`, the day of the next planned change. A
    ward is `ended` once it is closed, and `coming` until it opens.
    """
    rows = [_one(found, day) for found in rows_by_key(frame, KEYS[file]).values()]
    schema = {**frame.schema, "state": pl.String, "changes": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _one(rows: list[Row], day: date) -> Row:
    past = [row for row in rows if row["valid_from"] <= day]
    row = held(rows, day) or (past or rows)[-1 if past else 0]
    later = next((r["valid_from"] for r in rows if r["valid_from"] > day), None)
    return row | {"state": _state(row, day), "changes": later if past else None}


def _state(row: Row, day: date) -> str:
    if max(row["valid_from"], row.get("open_from") or row["valid_from"]) > day:
        return "coming"
    ends = [end for end in (row["valid_to"], row.get("open_to")) if end is not None]
    return "ended" if ends and min(ends) < day else "now"
