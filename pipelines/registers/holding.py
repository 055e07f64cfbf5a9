"""What a file of the register says of each trust, ward or person on a day. Pure."""

from datetime import date

import polars as pl

from pipelines.registers.effective import KEYS, Row, held, rows_by_key


def holding(frame: pl.DataFrame, file: str, day: date) -> pl.DataFrame:
    """One row for each key: what holds on the day, else what held last, else what is to come.

    Adds `state` (`now`, `ended` or `coming`) and `changes`, the day of the next planned change. A
    ward counts as ended once it is closed, and as coming until it opens.
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
