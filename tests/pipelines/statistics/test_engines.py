"""The same statistics on polars (lazy or not), on DuckDB and on Spark, to the last bit."""

import random
from datetime import date

import duckdb
import polars as pl
import pytest

from pipelines.statistics.method import Method
from pipelines.statistics.points import points
from pipelines.statistics.signals import signals

METHODS = {
    "xmr": Method(chart="xmr", direction="up", target=0.9, screen=True, baseline=12),
    "run": Method(chart="run"),
    "auto": Method(direction="down"),
}
TYPES = {
    "series": "string",
    "unit": "string",
    "date": "date",
    "numerator": "double",
    "denominator": "double",
    "phase_start": "boolean",
    "exclude": "boolean",
    "stretch": "bigint",
}


@pytest.fixture(scope="module")
def frame():
    """Proportions and rates, common and rare, with gaps, ties, phases and a pause."""
    chance = random.Random(7)  # noqa: S311
    rows = []
    for name, unit, mean, size in (
        ("small share", "proportion", 0.8, 12),
        ("large share", "proportion", 0.9, 60),
        ("tiny share", "proportion", 0.5, 4),
        ("constant", "proportion", 1.0, 10),
        ("common", "rate", 0.01, 600),
        ("rare", "rate", 0.004, 500),
        ("very rare", "rate", 0.0005, 500),
        ("never", "rate", 0.0, 500),
        ("missing", "rate", None, 500),
    ):
        for i in range(30):
            d = size + chance.randrange(3)
            n = None if mean is None else float(sum(chance.random() < mean for _ in range(d)))
            gone = chance.random() < 0.07 or n is None
            rows.append(
                (
                    name,
                    unit,
                    date(2022 + i // 12, i % 12 + 1, 1),
                    None if gone else n,
                    None if gone else float(d),
                    i == 16 and name == "small share",
                    chance.random() < 0.05,
                    int(i > 8),
                )
            )
    return pl.DataFrame(rows, schema=list(TYPES), orient="row")


def same(theirs, ours):
    """Equal in every cell, whatever integers and order an engine prefers."""
    theirs = theirs.select(pl.col(name).cast(dtype) for name, dtype in ours.schema.items())
    keys = ours.columns[:2]
    assert theirs.sort(keys).equals(ours.sort(keys))


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("question", [points, signals])
def test_lazy_polars_gives_the_same(frame, question, method):
    same(question(frame.lazy(), method).collect(), question(frame, method))


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("question", [points, signals])
def test_a_duckdb_relation_gives_the_same(frame, question, method):
    relation = duckdb.connect().from_arrow(frame.to_arrow())
    found = question(relation, method)
    assert isinstance(found, duckdb.DuckDBPyRelation)
    same(found.pl(), question(frame, method))


@pytest.fixture(scope="module")
def spark():
    sql = pytest.importorskip("pyspark.sql", reason="the extra `spark` is not installed")
    session = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("question", [points, signals])
def test_spark_gives_the_same(frame, spark, question, method):
    types = ", ".join(f"{name} {dtype}" for name, dtype in TYPES.items())
    ours = question(frame, method)
    found = question(spark.createDataFrame(frame.rows(), types), method)
    same(pl.DataFrame(map(tuple, found.collect()), schema=ours.schema, orient="row"), ours)
