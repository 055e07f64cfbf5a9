"""Tables to download: any frame as CSV, and observations in words."""

import csv as csv_format
import re
from collections.abc import Mapping, Sequence
from io import StringIO

import polars as pl

from schemas.measures import Measure

_UNITS = {
    "percent": "per cent",
    "per_1000_bed_days": "per 1,000 occupied bed days",
    "count": "number",
    "days": "days",
}


def csv(frame: pl.DataFrame) -> bytes:
    """A frame as CSV (RFC 4180, UTF-8, one header row, nothing but the table)."""
    out = StringIO(newline="")
    writer = csv_format.writer(out)
    writer.writerow(harmless(name) for name in frame.columns)
    for row in frame.iter_rows():
        writer.writerow(_text(value) for value in row)
    return out.getvalue().encode("utf-8")


def observations(
    masked: pl.DataFrame, measures: Sequence[Measure], names: Mapping[str, str]
) -> pl.DataFrame:
    """Masked observations as people download them, every cell a number or a word.

    `masked` comes from `schemas.disclosure.mask`; `names` gives the name of a unit.
    """
    by_id = {measure.id: measure for measure in measures}
    times = {name: float(measure.multiplier) for name, measure in by_id.items()}
    scaled = pl.col("value") * pl.col("measure").replace_strict(
        times, default=1.0, return_dtype=pl.Float64
    )

    def about(field: str) -> pl.Expr:
        texts = {
            name: _UNITS[measure.unit] if field == "unit" else str(getattr(measure, field))
            for name, measure in by_id.items()
        }
        return pl.col("measure").replace_strict(texts, default="", return_dtype=pl.String)

    return masked.sort("measure", "level", "unit_id", "months", "month").select(
        pl.col("level").str.replace("_", " ").alias("Level"),
        pl.col("unit_id").alias("Code"),
        pl.col("unit_id").replace(dict(names)).alias("Name"),
        pl.col("measure").alias("Measure code"),
        about("name").alias("Measure"),
        first_month(measures).dt.strftime("%Y-%m").alias("Period from"),
        pl.col("month").dt.strftime("%Y-%m").alias("Period to"),
        pl.col("numerator_shown").alias("Numerator"),
        pl.col("denominator_shown").alias("Denominator"),
        pl.coalesce(scaled.round(4).cast(pl.String), "value_shown").alias("Value"),
        about("unit").alias("Unit of value"),
        pl.col("rounding").alias("Rounding"),
        pl.col("state").str.replace_all("_", " ").alias("State"),
        pl.col("suppression_reason").fill_null("not suppressed").alias("suppression_reason"),
    )


def months_counted(measures: Sequence[Measure]) -> pl.Expr:
    """How many months a masked row counts: a measure may count a year up to each month."""
    rolling = {measure.id: measure.rolling_months for measure in measures}
    counted = pl.col("measure").replace_strict(rolling, default=1, return_dtype=pl.Int64)
    return pl.max_horizontal(pl.col("months"), counted)


def first_month(measures: Sequence[Measure]) -> pl.Expr:
    """The first month that a masked row counts."""
    return pl.col("month").dt.offset_by(pl.format("{}mo", 1 - months_counted(measures)))


def _text(value: object) -> object:
    if value is None:
        return "No data"
    return harmless(value) if isinstance(value, str) else value


NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """A text that is safe in a cell: one that starts like a formula gets an apostrophe in front."""
    if text.lstrip(" \u00a0").startswith(_FORMULA) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text
