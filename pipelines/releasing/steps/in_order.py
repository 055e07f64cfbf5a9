"""Sorts long frames by one whole number for each row, which takes a fraction of sorting texts."""

import polars as pl

SHORT = 10_000  # rows: so few are sorted by their texts as quickly


def in_order(frame: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Sort by columns of texts, whole numbers or days, as `sort` does; empty cells come first."""
    if frame.height < SHORT:
        return frame.sort(*by)
    number = pl.zeros(frame.height, pl.UInt64, eager=True)
    for name in by:
        places, many = _places(frame[name])
        number = number * many + places
    if number.is_sorted():
        return frame
    return frame.with_columns(number.alias("")).sort("").drop("")


def _places(column: pl.Series) -> tuple[pl.Series, int]:
    """The place of each cell in the order of its column, and how many places there are."""
    if column.dtype == pl.String:
        column = column.cast(pl.Enum(column.unique().drop_nulls().sort()))
    numbers = column.to_physical().cast(pl.Int64)
    least, most = numbers.min() or 0, numbers.max() or 0
    return (numbers - least + 1).fill_null(0).cast(pl.UInt64), most - least + 2
