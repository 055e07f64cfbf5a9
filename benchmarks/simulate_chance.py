"""Make data/chance/false_signals.csv: how often stable series show a signal in their last month.

Run it when the rules or the choice of chart change: `python benchmarks/simulate_chance.py`.
Takes about two minutes on two cores; the same seed gives the same table.
"""

from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.statistics.signals import signals

TABLE = Path(__file__).parents[1] / "data" / "chance" / "false_signals.csv"
SERIES, SEED = 4000, 20261123
MONTHS = (12, 18, 24, 36, 60)
MEANS = (0.1, 0.3, 1.0, 3.0, 10.0)
SIZES, SHARES = (6, 12, 30, 100), (0.02, 0.05, 0.12, 0.3)
BED_DAYS = 450


def main() -> None:
    """Simulate every kind of stable series and write the table."""
    rng = np.random.default_rng(SEED)
    rows = [_rate(rng, months, mean) for months, mean in product(MONTHS, MEANS)]
    rows += [_proportion(rng, *case) for case in product(MONTHS, SIZES, SHARES)]
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows).write_csv(TABLE)


def _rate(rng: np.random.Generator, months: int, mean: float) -> dict[str, object]:
    counts = rng.poisson(mean, SERIES * months)
    share = _share(counts, np.full(SERIES * months, BED_DAYS), months, "rate")
    return {"unit": "rate", "months": months, "mean": mean, "size": None, "chance": share}


def _proportion(
    rng: np.random.Generator, months: int, size: int, others: float
) -> dict[str, object]:
    asked = np.maximum(rng.poisson(size, SERIES * months), 1)
    share = _share(rng.binomial(asked, 1 - others), asked, months, "proportion")
    mean = round(size * others, 4)
    return {"unit": "proportion", "months": months, "mean": mean, "size": size, "chance": share}


def _share(counts: np.ndarray, sizes: np.ndarray, months: int, unit: str) -> float:
    last = date(2025, 12, 1)
    days = pl.date_range(pl.lit(last).dt.offset_by(f"-{months - 1}mo"), last, "1mo")
    series = pl.DataFrame(
        {
            "series": np.repeat(np.arange(SERIES), months),
            "date": pl.concat([pl.select(days).to_series()] * SERIES),
            "numerator": counts.astype(float),
            "denominator": sizes.astype(float),
        }
    ).with_columns(unit=pl.lit(unit))
    told = signals(series)["variation"]
    return round(float((told.is_not_null() & (told != "common")).mean()), 4)


if __name__ == "__main__":
    main()
