"""Reporting culture in words: how likely levels are, and where little is said and little felt."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from dashboard import numbers
from pipelines.statistics.shrunk import rates, shares
from schemas import wording

PERCENT, PER_BED_DAYS = 100, 1000
HOW = (
    "Each dot is an estimate: a ward’s own figures, moved towards the average of all wards, the "
    "further the fewer they are. The lines through it are 95% ranges, the dashed lines the "
    "averages; “clearly” means that the whole range lies below the average. The same people can "
    "answer in several months, so ranges are rather too narrow."
)
_COLUMNS = ("safe", "safe_low", "safe_high", "reported", "reported_low", "reported_high")


def levels(safe: pl.DataFrame, reported: pl.DataFrame) -> pl.DataFrame:
    """Each unit with both figures, from `comparisons` of the two measures, with estimates.

    Beside the counts: `safe` and `reported` with their ends `_low` and `_high`, each pulled towards
    the average of all (`safe_average`, `reported_average`), in per cent and per 1,000 bed days;
    `quiet` where both are below the average beyond what chance explains; and in words
    `safe_likely`, `reported_likely` and `beside`.
    """
    figures = ["unit_id", "n", "d", "value"]
    both = (
        safe.select(figures)
        .join(reported.select(figures), on="unit_id", suffix="_reported")
        .drop_nulls(["value", "value_reported"])
        .sort("unit_id")
    )
    if both.is_empty():
        return both.with_columns(quiet=pl.lit(False))
    felt = shares(both["n"].to_numpy(), both["d"].to_numpy())
    said = rates(both["n_reported"].to_numpy(), both["d_reported"].to_numpy())
    ends = (felt.value, felt.lower, felt.upper, said.value, said.lower, said.upper)
    scales = np.repeat([PERCENT, PER_BED_DAYS], 3)
    found = both.with_columns(
        *(
            pl.Series(name, scale * end)
            for name, scale, end in zip(_COLUMNS, scales, ends, strict=True)
        ),
        pl.lit(PERCENT * felt.centre).alias("safe_average"),
        pl.lit(PER_BED_DAYS * said.centre).alias("reported_average"),
    ).with_columns(
        quiet=(pl.col("safe_high") < pl.col("safe_average"))
        & (pl.col("reported_high") < pl.col("reported_average"))
    )
    rows = found.to_dicts()
    return found.with_columns(
        pl.Series("safe_likely", [_likely(row, "safe") for row in rows]),
        pl.Series("reported_likely", [_likely(row, "reported") for row in rows]),
        pl.Series("beside", [_beside(row) for row in rows]),
    )


def title(found: pl.DataFrame, unit: str) -> str:
    """Where few feel safe and little is reported; `unit` is ward or trust."""
    if found.is_empty():
        return f"Feeling safe against reported incidents, by {unit}"
    quiet = int(found["quiet"].sum())
    where = f"{'On' if unit == 'ward' else 'At'} "
    fewer, less = "clearly fewer patients feel safe", "clearly less is reported than on average"
    if quiet:
        return f"{where}{wording.of_them(quiet, found.height, unit)}, {fewer} and {less}"
    return f"{where}no {unit} do {fewer} while {less}"


def sentence(found: pl.DataFrame, names: Mapping[str, str], unit: str) -> str:
    """The averages, and the units to ask, by name."""
    if found.is_empty():
        return ""
    first = found.row(0, named=True)
    averages = (
        f"The averages of {unit}s are {numbers.percent(first['safe_average'])} who feel safe and "
        f"{numbers.reading(first['reported_average'], 'per_1000_bed_days')} reported incidents per "
        "1,000 occupied bed days."
    )
    quiet = found.filter("quiet")["unit_id"].to_list()
    if not quiet:
        return averages
    named = wording.listed([names.get(one, one) for one in quiet])
    return f"{averages} A reason to go and ask, not a judgement: {named}."


def _likely(row: Mapping[str, object], what: str) -> str:
    """An estimate with its 95% range: 74% (61% to 85%), or 1.2 (0.4 to 2.3)."""
    unit = "percent" if what == "safe" else "per_1000_bed_days"
    value, low, high = (
        numbers.reading(float(str(row[name])), unit)
        for name in (what, f"{what}_low", f"{what}_high")
    )
    return value if low == high else f"{value} ({low} to {high})"


def _beside(row: Mapping[str, object]) -> str:
    """On which side of the averages a unit is, where chance is an unlikely reason."""
    safe, reported = (
        words[_side(row, what)]
        for what, words in (
            ("safe", ("fewer feel safe", "", "more feel safe")),
            ("reported", ("less is reported", "", "more is reported")),
        )
    )
    said = " and ".join(part for part in (safe, reported) if part)
    return said.capitalize() or "Not clearly apart from the average"


def _side(row: Mapping[str, object], what: str) -> int:
    """0 clearly below the average, 1 not clearly apart, 2 above."""
    average = float(str(row[f"{what}_average"]))
    below = float(str(row[f"{what}_high"])) < average
    return 0 if below else 2 if float(str(row[f"{what}_low"])) > average else 1
