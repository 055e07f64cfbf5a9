"""The engines that the statistics run on besides polars.

“duckdb as written” improves no plan: for plans far longer than their data, that takes most of the
time. What its optimiser does is tried once with each chart and once with the signals.
"""

from collections.abc import Callable
from typing import Any

import duckdb
import polars as pl
import pytest

ENGINES = (
    "lazy polars",
    "duckdb",
    pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.slow]),
)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Callable[[pl.DataFrame], Any]:
    """Gives a frame to an engine."""
    match request.param:
        case "spark":
            session = request.getfixturevalue("spark")
            return lambda frame: session.createDataFrame(frame.to_arrow())
        case "duckdb" | "duckdb as written":
            connection = duckdb.connect()
            if request.param != "duckdb":
                connection.sql("PRAGMA disable_optimizer")
            return lambda frame: connection.from_arrow(frame.to_arrow())
    return pl.DataFrame.lazy


@pytest.fixture
def same() -> Callable[..., None]:
    """Fails unless an engine's frame equals ours in every cell, whatever integers it prefers.

    Rows are identified by the columns named, or by the first two.
    """

    def check(theirs: Any, ours: pl.DataFrame, *keys: str) -> None:
        if isinstance(theirs, pl.LazyFrame):
            found = theirs.collect()
        elif isinstance(theirs, duckdb.DuckDBPyRelation):
            found = theirs.pl()
        else:
            found = pl.DataFrame(pl.from_arrow(theirs.toArrow()))
        assert ours.height > 0
        assert set(found.columns) == set(ours.columns)
        found = found.select(pl.col(name).cast(dtype) for name, dtype in ours.schema.items())
        order = keys or ours.columns[:2]
        assert found.sort(order).equals(ours.sort(order))

    return check
