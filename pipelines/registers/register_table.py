"""Reads one CSV file of the register as text and converts it to the types of its model."""

from io import StringIO

import polars as pl

from schemas.register import MAY_LACK, REGISTER_FILES
from schemas.typed import empty, types_of

_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def parsed(name: str, text: str) -> tuple[pl.DataFrame, list[str]]:
    """The typed frame of one file of the register, and a sentence for each unreadable cell."""
    types = types_of(REGISTER_FILES[name])
    try:
        raw = pl.read_csv(StringIO(text), infer_schema=False)
    except pl.exceptions.PolarsError:
        return empty(REGISTER_FILES[name]), [f"{name}.csv is not a table: it needs a header row."]
    raw = raw.rename({column: column.strip().lower() for column in raw.columns})
    absent = [column for column in types if column not in raw.columns]
    if lacking := [column for column in absent if column not in MAY_LACK.get(name, ())]:
        return empty(REGISTER_FILES[name]), [f"{name}.csv has no column {', '.join(lacking)}."]
    if extra := [column for column in raw.columns if column not in types]:
        return empty(REGISTER_FILES[name]), [
            f"{name}.csv has a column {', '.join(extra)}, which is not part of the register."
        ]
    raw = raw.with_columns(pl.lit(None, pl.String).alias(column) for column in absent)
    entered = raw.select(pl.col(c).str.strip_chars().replace("", None) for c in types)
    read = entered.select(_converted(c, dtype) for c, dtype in types.items())
    return read, _unreadable(name, entered, read)


def _converted(column: str, dtype: object) -> pl.Expr:
    if dtype == pl.Date:
        # Spreadsheets change dates to the second form when someone opens the file and saves it.
        return pl.coalesce(
            pl.col(column).str.to_date(form, strict=False) for form in ("%Y-%m-%d", "%d/%m/%Y")
        )
    if dtype == pl.Boolean:
        return (
            pl.col(column)
            .str.to_lowercase()
            .replace_strict(_TRUTH, default=None, return_dtype=pl.Boolean)
        )
    return pl.col(column).cast(dtype, strict=False)


def _unreadable(name: str, entered: pl.DataFrame, read: pl.DataFrame) -> list[str]:
    wanted = {
        pl.Date: "a date such as 2026-03-31",
        pl.Int64: "a whole number",
        pl.Float64: "a number such as 12.5, without a % sign",
    }
    sentences = []
    for column in entered.columns:
        lost = entered[column].is_not_null() & read[column].is_null()
        for index in lost.arg_true():
            what = wanted.get(read.schema[column], "true or false")
            sentences.append(
                f"{name}.csv row {index + 2}, {column}: “{entered[column][index]}” is not {what}."
            )
    return sentences
