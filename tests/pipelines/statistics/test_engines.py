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
    "cusum": Method(chart="cusum", direction="down"),
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
@pytest.mark.parametrize("method", ["xmr", "run", "cusum"])
def test_every_engine_gives_the_same_points(frame, engine, same, method):
    same(points(engine(frame), METHODS[method]), points(frame, METHODS[method]))


@pytest.mark.parametrize("engine", ["lazy polars", "duckdb"], indirect=True)
@pytest.mark.parametrize("method", ["auto", "cusum"])
def test_every_engine_gives_the_same_signals(frame, engine, same, method):
    same(signals(engine(frame), METHODS[method]), signals(frame, METHODS[method]))


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
@pytest.mark.parametrize("chart", ["xmr", "p", "pp", "u", "up", "c", "g", "t", "cusum"])
def test_every_chart_is_the_same(frame, engine, same, chart, sigma):
    method = Method(chart=chart, sigma=sigma)
    same(points(engine(frame), method), points(frame, method))


@pytest.mark.parametrize("engine", ["lazy polars", "duckdb"], indirect=True)
@pytest.mark.parametrize("chart", ["p", "pp", "u", "up", "c", "g", "t", "cusum"])
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


@pytest.mark.parametrize("engine", ["lazy polars", "duckdb as written"], indirect=True)
def test_numbers_in_words_are_rounded_alike(engine, same):
    """A quarter and three quarters of an event a month: engines round halves each in their way."""
    frame = sparse([0.25, 0.75, 1.25, 2.25, 2.35, 3.05])
    ours = signals(frame)
    said = [reason.split("about ")[1].split(" ")[0] for reason in ours["reason"]]
    assert said == ["0.2", "0.8", "1.2", "2.2", "2.4", "3.0"]
    same(signals(engine(frame)), ours)


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning")
def test_spark_rounds_numbers_in_words_as_polars_does(spark, same):
    frame, method = sparse([0.25, 1.25, 2.25]), METHODS["auto"]
    sent = spark.createDataFrame(charted_on_spark(frame, method).to_arrow())
    theirs = latest(nw.from_native(sent), method).sort("series").select(*COLUMNS).to_native()
    same(theirs, signals(frame, method))


def sparse(means):
    """Counts of events a month over five years, of these means."""
    months = [date(2020 + i // 12, i % 12 + 1, 1) for i in range(60)]
    rows = []
    for series, mean in enumerate(means):
        total = round(mean * 60)
        counts = [total // 60 + (i < total % 60) for i in range(60)]
        rows += [(f"{series}", day, float(n)) for day, n in zip(months, counts, strict=True)]
    frame = pl.DataFrame(rows, schema=["series", "date", "numerator"], orient="row")
    return frame.with_columns(unit=pl.lit("count"), denominator=pl.lit(None, pl.Float64))


@pytest.mark.parametrize("engine", ["lazy polars", "duckdb as written"], indirect=True)
@pytest.mark.parametrize("chart", ["p", "pp", "u", "up", "auto"])
def test_nothing_of_nothing_has_no_limits(engine, same, chart):
    """A month, and a whole quarter, in which nobody could be asked."""
    months = [date(2020 + i // 12, i % 12 + 1, 1) for i in range(48)]
    asked = [0.0 if i in (20, 30, 31, 32) else 100.0 for i in range(48)]
    frame = pl.DataFrame(
        {
            "date": months,
            "numerator": [float(i % 5) * (d > 0) for i, d in enumerate(asked)],
            "denominator": asked,
            "unit": "rate",
        }
    )
    ours = points(frame, Method(chart=chart))
    lines = ("value", "centre", "lower", "upper", "near_lower", "near_upper")
    assert all(ours[line].is_finite().fill_null(True).all() for line in lines)
    empty = ours.filter(pl.col("denominator") == 0)
    assert len(empty) == (1 if chart == "auto" else 4)
    assert empty["upper"].is_null().all()
    same(points(engine(frame), Method(chart=chart)), ours)


@pytest.mark.parametrize("length", [2, 7, 12, 13, 36])
def test_a_constant_series_never_signals_on_a_t_chart(length):
    """Its root, raised to the power again, would lie beside it in the last bit."""
    months = [date(2020 + i // 12, i % 12 + 1, 1) for i in range(length)]
    frame = pl.DataFrame(
        [(n, day, float(n)) for n in range(1, 61) for day in months],
        schema=["series", "date", "value"],
        orient="row",
    )
    found = points(frame, Method(chart="t", target=0.0))
    assert found["kind"].unique().to_list() == ["common"]
    assert found["side"].unique().to_list() == [0]
    for line in ("centre", "lower", "upper", "near_lower", "near_upper"):
        assert found[line].equals(found["value"]), line


@pytest.mark.parametrize("engine", ["lazy polars", "duckdb"], indirect=True)
def test_times_of_0_and_constant_times_are_the_same(engine, same):
    months = [date(2020 + i // 12, i % 12 + 1, 1) for i in range(14)]
    times = {"constant": [7.0] * 14, "zeros": [0.0, 0.0, *range(3, 15)], "below": [-3.0] * 14}
    frame = pl.DataFrame(
        [(s, d, float(v)) for s, of in times.items() for d, v in zip(months, of, strict=True)],
        schema=["series", "date", "value"],
        orient="row",
    )
    method = Method(chart="t")
    ours = signals(frame, method)
    same(signals(engine(frame), method), ours)
    said = {row["series"]: row for row in ours.iter_rows(named=True)}
    assert "2 times of 0 are drawn and left out of the limits" in said["zeros"]["reason"]
    assert said["constant"]["sentence"] == "No variation in 14 months."
    assert said["below"]["sentence"] == "14 months so far, without limits to judge by."
