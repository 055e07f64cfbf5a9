"""Numbers from other programs for the same series, and what counts as agreeing with them."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

HERE = Path(__file__).parent
Golden = Callable[[str], pl.DataFrame]
Check = Callable[[pl.DataFrame, dict[str, str], dict[str, str]], list[str]]


@pytest.fixture(scope="session")
def golden() -> Golden:
    """Read a golden table as the text that was printed."""

    def read(name: str) -> pl.DataFrame:
        path = HERE / name
        if path.suffix == ".csv":
            return pl.read_csv(path, infer_schema=False)
        return pl.read_parquet(path)

    return read


@pytest.fixture(scope="session")
def disagreements() -> Check:
    """The columns that differ: numbers by more than 1e-9 of themselves, flags at all."""

    def check(joined: pl.DataFrame, numbers: dict[str, str], flags: dict[str, str]) -> list[str]:
        found = []
        for ours, theirs in numbers.items():
            a, b = pl.col(ours), pl.col(theirs).cast(pl.Float64)
            near = (a - b).abs() <= pl.max_horizontal(1e-9 * b.abs(), 1e-12)
            agree = near.fill_null(False) | (a.is_null() & b.is_null())
            found.append((ours, joined.filter(~agree)))
        for ours, theirs in flags.items():
            a = pl.col(ours).cast(pl.String).str.to_lowercase()
            b = pl.col(theirs).str.to_lowercase()
            found.append((ours, joined.filter(a.ne_missing(b))))
        return [
            f"{column}: {len(rows)} rows of {sorted(rows['series'].unique().to_list())[:5]}"
            for column, rows in found
            if len(rows)
        ]

    return check
