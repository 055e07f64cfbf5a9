"""The same process charts on polars (lazy or not), on DuckDB and on Spark, to the last bit."""

import random
from datetime import date

import narwhals as nw
import polars as pl
import pytest

from pipelines.releasing.steps.points_on_spark import charted_on_spark
from pipelines.statistics.method import Method
from pipelines.statistics.points import points
from pipelines.statistics.signals import COLUMNS, latest, signals

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


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("method", ["xmr", "run"])
def test_every_engine_gives_the_same_points(frame, engine, same, method):
    same(points(engine(frame), METHODS[method]), points(frame, METHODS[method]))


@pytest.mark.parametrize("engine", ["lazy polars", "duckdb"], indirect=True)
def test_every_engine_gives_the_same_signals(frame, engine, same):
    same(signals(engine(frame), METHODS["auto"]), signals(frame, METHODS["auto"]))


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning")
def test_spark_gives_the_same_signals(frame, spark, same):
    """In two steps, as a release asks it: Spark would plan all in one for minutes."""
    method = METHODS["auto"]
    sent = spark.createDataFrame(charted_on_spark(frame, method).to_arrow())
    theirs = latest(nw.from_native(sent), method).sort("series").select(*COLUMNS).to_native()
    same(theirs, signals(frame, method))


@pytest.mark.parametrize("engine", ["lazy polars", "duckdb"], indirect=True)
@pytest.mark.parametrize("sigma", ["nhs", "exact"])
@pytest.mark.parametrize("chart", ["xmr", "p", "pp", "u", "up", "c", "g", "t"])
def test_every_chart_is_the_same(frame, engine, same, chart, sigma):
    method = Method(chart=chart, sigma=sigma)
    same(points(engine(frame), method), points(frame, method))


@pytest.mark.parametrize("engine", ["lazy polars", "duckdb"], indirect=True)
@pytest.mark.parametrize("chart", ["p", "pp", "u", "up", "c", "g", "t"])
@pytest.mark.parametrize("numerator", [12.0, -3.0])
def test_impossible_figures_have_no_limits_and_no_signals(engine, same, chart, numerator):
    """More yeses than answers, or fewer than none: there is nothing to take a root of."""
    months = [date(2022 + i // 12, i % 12 + 1, 1) for i in range(14)]
    frame = pl.DataFrame({"date": months, "numerator": numerator, "denominator": 10.0})
    ours = points(frame, Method(chart=chart))
    same(points(engine(frame), Method(chart=chart)), ours)
    if numerator < 0 or chart in ("p", "pp"):
        assert ours["upper"].is_null().all()
    assert ours["kind"].unique().to_list() == ["common"]
