"""The demo's wards, compared and summed up on every engine, agree with polars to the last bit.

Process charts have their own test, test_engines.
"""

import duckdb
import polars as pl
import pytest

from pipelines.releasing.steps.expected_by_chance import table
from pipelines.statistics.deciles import deciles
from pipelines.statistics.expected_by_chance import with_chance
from pipelines.statistics.funnel import Choices, funnel
from pipelines.statistics.improvement import improvement
from pipelines.statistics.method import Method
from pipelines.statistics.points import points
from pipelines.statistics.signals import signals

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning")
KINDS = {"SS-O1": "proportion", "SS-I1": "rate"}
ODD = pl.DataFrame(
    {
        "measure": ["SS-O1", "SS-O1", "SS-O1", "SS-I1", "nobody sends it"],
        "unit_id": ["no denominator", "nobody asked", "alone", "no denominator", "alone"],
        "numerator": [3.0, 0.0, 1.0, 2.0, None],
        "denominator": [None, 0.0, 1.0, None, None],
        "variation": [None, "common", "neutral_high", None, None],
    },
    schema_overrides={"variation": pl.String},
)


@pytest.fixture(scope="module")
def demo(demo_home):
    """The demo's wards: a row for each month with a value, and one for each series now."""
    name = (demo_home / "releases" / "CURRENT").read_text(encoding="utf-8").strip()
    with duckdb.connect() as connection:
        path = demo_home / "releases" / f"{name}.duckdb"
        connection.execute("ATTACH ? AS release (READ_ONLY)", [str(path)])
        wards = "WHERE level = 'ward'"
        return {
            table: connection.sql(f"FROM release.{table} {wards}").pl()
            for table in ("observations", "signals")
        }


@pytest.fixture(scope="module")
def units(demo):
    """Every ward and measure: its sums over all months, its signal, and some odd wards."""
    months = demo["observations"].filter(pl.col("value").is_not_null())
    sums = months.group_by("measure", "unit_id").agg(pl.col("numerator", "denominator").sum())
    now = demo["signals"].select("measure", "unit_id", "variation")
    return pl.concat([sums.join(now, on=["measure", "unit_id"]).select(ODD.columns), ODD])


@pytest.mark.parametrize("method", ["exact", "transformed"])
@pytest.mark.parametrize("measure", KINDS)
def test_funnels(units, engine, same, measure, method):
    kind = KINDS[measure]
    scale = {"proportion": "arcsine", "rate": "log"}[kind] if method == "transformed" else method
    wards = units.filter(pl.col("measure") == measure).with_columns(
        part=pl.col("unit_id").str.starts_with("Z")
    )
    choices = Choices(kind, scale, adjust="always")
    ours = funnel(wards, choices, basis="part")
    assert {"within", "too_few"} <= set(ours["category"])
    same(funnel(engine(wards.reverse()), choices, basis="part"), ours)


def test_deciles(demo, units, engine, same):
    months = demo["observations"].filter(pl.col("numerator") > 0)
    same(deciles(engine(months), ["measure", "month"]), deciles(months, ["measure", "month"]))
    odd = units.select("measure", value=pl.col("numerator") / pl.col("denominator"))
    same(deciles(engine(odd), ["measure"]), deciles(odd, ["measure"]), "measure")


def test_improvement(demo, units, engine, same):
    halves = demo["observations"].with_columns(
        half=pl.when(pl.col("month") < pl.col("month").median()).then(pl.lit("before"))
    )
    sums = halves.group_by("measure", "unit_id").agg(
        pl.col(column).filter(pl.col("half").is_null() == after).sum().alias(f"{column}_{name}")
        for column in ("numerator", "denominator")
        for name, after in (("before", False), ("after", True))
    )
    changed = units.join(sums, on=["measure", "unit_id"], how="left")
    ours = improvement(changed, ["measure"])
    assert ours["improved"].sum() > 0
    same(improvement(engine(changed), ["measure"]), ours, "measure")
    same(improvement(engine(changed)), improvement(changed))


def test_signals_by_chance(demo, engine, same):
    asked = demo["signals"].select(
        "measure",
        "unit_id",
        "centre",
        months="n",
        unit=pl.when(pl.col("measure") == "SS-O1")
        .then(pl.lit("proportion"))
        .when(pl.col("measure") == "SS-I1")
        .then(pl.lit("rate")),
        size=pl.col("denominator"),
    )
    ours = with_chance(asked, table())
    assert 0 < ours["chance"].count() < ours.height
    same(with_chance(engine(asked), engine(table())), ours)


@pytest.mark.parametrize(
    ("question", "method"),
    [(points, Method(direction="up")), (signals, Method(chart="xmr", direction="up"))],
    ids=["points", "signals"],
)
def test_process_charts(demo, engine, same, question, method):
    unit = (
        pl.when(pl.col("measure") == "SS-O1").then(pl.lit("proportion")).otherwise(pl.lit("rate"))
    )
    series = (
        demo["observations"]
        .filter(pl.col("measure").is_in(list(KINDS)))
        .select(
            "numerator",
            "denominator",
            series=pl.concat_str("measure", "unit_id", separator=" "),
            date="month",
            unit=unit,
        )
    )
    same(question(engine(series), method), question(series, method))
