"""Reads one CSV file of the register as text and converts it to the types of its model."""

from io import StringIO

import polars as pl

from pipelines.reading.tidy_cells import Unusable, csv_table
from schemas.register import MAY_LACK, REGISTER_FILES
from schemas.typed import empty, types_of
from schemas.wording import listed

_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def parsed(name: str, text: str) -> tuple[pl.DataFrame, list[str]]:
    """The typed frame of one file of the register, and a sentence for each unreadable cell."""
    try:
        raw = pl.read_csv(StringIO(text), infer_schema=False)
    except pl.exceptions.PolarsError:
        return empty(REGISTER_FILES[name]), [f"{name}.csv is not a table: it needs a header row."]
    return _typed(name, raw.with_row_index("row", 2))


def edited(name: str, content: bytes) -> tuple[pl.DataFrame, list[str]]:
    """The same of a file that somebody has edited, with whatever program."""
    file, nothing = f"{name}.csv", empty(REGISTER_FILES[name])
    try:
        table = csv_table(file, content)
    except Unusable as error:
        return nothing, [str(error)]
    if table.notes:
        return nothing, [f"{file} is not UTF-8 text: save it as “CSV UTF-8”."]
    if uneven := list(table.uneven()):
        return nothing, [f"{file} {finding[:1].lower()}{finding[1:]}" for finding in uneven]
    titles = [title.strip().lower() for title in table.header]
    if twice := [title for title in titles if title and titles.count(title) > 1]:
        return nothing, [f"{file} has two columns {twice[0]}: remove one of them."]
    if gaps := [n for n, (row, _) in enumerate(table.rows, 2) if n != row]:
        return nothing, [f"{file} row {gaps[0]} is empty: delete it."]
    return _typed(name, table.columns({t: place for place, t in enumerate(titles) if t}))


def _typed(name: str, raw: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """The typed frame of a table of text, each of whose rows has its number in the file."""
    types, number = types_of(REGISTER_FILES[name]), raw["row"]
    raw = raw.drop("row").rename(lambda column: column.strip().lower())
    absent = [column for column in types if column not in raw.columns]
    if lacking := [column for column in absent if column not in MAY_LACK.get(name, ())]:
        what = f"no column {lacking[0]}" if len(lacking) == 1 else f"no columns {listed(lacking)}"
        return empty(REGISTER_FILES[name]), [f"{name}.csv has {what}: put the headings back."]
    if extra := [column for column in raw.columns if column not in types]:
        return empty(REGISTER_FILES[name]), [
            f"{name}.csv has a column {', '.join(extra)}, which is not part of the register."
        ]
    raw = raw.with_columns(pl.lit(None, pl.String).alias(column) for column in absent)
    entered = raw.select(pl.col(c).str.strip_chars().replace("", None) for c in types)
    read = entered.select(_converted(c, dtype) for c, dtype in types.items())
    return read, _unreadable(name, entered, read, number)


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


def _unreadable(
    name: str, entered: pl.DataFrame, read: pl.DataFrame, number: pl.Series
) -> list[str]:
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
                f"{name}.csv row {number[index]}, {column}: “{entered[column][index]}” is not "
                f"{what}."
            )
    return sentences
