"""Compares two versions of a return cell by cell, to show what a new one would change."""

import polars as pl

from schemas.returns import SHEETS, columns_of

_SHEET_ORDER = {sheet: number for number, sheet in enumerate(SHEETS)}
_FIELD_ORDER = {
    f"{sheet}.{field}": number for sheet in SHEETS for number, field in enumerate(columns_of(sheet))
}
_ROW = ["sheet", "row"]


def changes(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Every cell whose value or state differs between two versions, in the order of the template.

    Both are frames of `schemas.cells`. The result has one row for each: sheet, ward_code, about
    (what the row is about), field, before, state_before, after, state_after; a state is null if
    that version has no such row. Rows are matched by what they are about, so a different order or
    another way of writing the same value is not a change.
    """
    both = _named(before).join(
        _named(after), on=["sheet", "about", "field"], how="full", coalesce=True, suffix="_after"
    )
    differs = pl.any_horizontal(
        pl.col(part).ne_missing(pl.col(f"{part}_after")) for part in ("text", "state")
    )
    blank = pl.all_horizontal(
        pl.col(state).fill_null("missing") == "missing" for state in ("state", "state_after")
    )
    place = pl.format("{}.{}", "sheet", "field")
    return (
        both.filter(differs & ~blank)
        .with_columns(pl.coalesce("ward_code", "ward_code_after"))
        .sort(
            pl.col("sheet").replace_strict(_SHEET_ORDER, return_dtype=pl.Int64),
            "ward_code",
            "about",
            place.replace_strict(_FIELD_ORDER, return_dtype=pl.Int64),
            nulls_last=True,
        )
        .select(
            *("sheet", "ward_code", "about", "field"),
            before="text",
            state_before="state",
            after="text_after",
            state_after="state_after",
        )
    )


def _named(cells: pl.DataFrame) -> pl.DataFrame:
    """Each cell with what its row is about; a second row about the same is numbered."""
    rows = cells.filter(pl.col("sheet") != "cover").partition_by(_ROW, as_dict=True)
    names = [(sheet, row, _about(str(sheet), frame)) for (sheet, row), frame in rows.items()]
    schema = {"sheet": pl.String, "row": pl.Int64, "about": pl.String}
    time = pl.int_range(1, pl.len() + 1).over("sheet", "about", order_by="row")
    numbered = pl.when(time > 1).then(pl.format("{} ({})", "about", time)).otherwise("about")
    named = pl.DataFrame(names, schema=schema, orient="row").with_columns(about=numbered)
    return (
        cells.join(named, on=_ROW, how="left")
        .with_columns(pl.col("about").fill_null(""))  # the cover is one row
        .select("sheet", "about", "field", "ward_code", "text", "state")
    )


def _about(sheet: str, row: pl.DataFrame) -> str:
    values = dict(row.select("field", "text").iter_rows())
    named_by = getattr(SHEETS[sheet].Config, "unique", None) or columns_of(sheet)
    return ", ".join(values[field] for field in named_by if values.get(field))
