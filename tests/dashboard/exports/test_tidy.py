"""The tidy table: figures as they are, limits and signals as charts have them, and no word in a
column of numbers."""

import csv
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import polars as pl
import pytest

from dashboard.access import Scope
from dashboard.exports import tidy
from dashboard.exports.make import Source, make
from dashboard.exports.order import CannotMake, Order
from dashboard.exports.running_sums import running_sums
from schemas.disclosure import HIDDEN, NO_PERCENTAGE
from schemas.programme import Programme
from schemas.release import TABLES
from schemas.tidy import Tidy
from schemas.typed import types_of
from tests.dashboard import tiny_release
from tests.dashboard.exports.sources import source_of

TEAM = Scope("programme", frozenset(), "team@example.org", "Team")
LEAD = Scope("trust", frozenset({"Z01"}), "lead1@example.org", "Lead")
WARD, QUARTERLY = "Z01-OAK1", "SS-I2"
JUNE, FEW, SHIFTED = date(2025, 6, 1), date(2025, 7, 1), date(2025, 8, 1)
KEY = ["measure", "level", "unit_id", "months", "month"]
FROM_CHART = list(Tidy.to_schema().columns)[list(Tidy.to_schema().columns).index("chart") :]


def one(unit: str, measure: str) -> pl.Expr:
    return (pl.col("unit_id") == unit) & (pl.col("measure") == measure)


def tables() -> dict[str, pl.DataFrame]:
    """The tiny release with a ward that has a month of three answers, and a quarterly chart."""
    made = tiny_release.frames()
    few = one(WARD, "SS-O1") & (pl.col("month") == FEW)
    counts = [
        pl.when(few).then(n).otherwise(name).alias(name)
        for name, n in (("numerator", 2.0), ("denominator", 3.0))
    ]
    made["observations"] = made["observations"].with_columns(
        *counts, value=pl.when(few).then(2 / 3).otherwise("value")
    )
    monthly = made["points"].with_columns(
        *counts,
        value=pl.when(~few).then("value"),
        kind=pl.when(~few).then("kind"),
        state=pl.when(few).then(pl.lit("few")).otherwise("state"),
    )
    shifted = one(WARD, "SS-O1") & (pl.col("month") == SHIFTED)
    monthly = monthly.with_columns(
        rule_shift=pl.when(shifted).then(pl.lit(True)).otherwise("rule_shift"),
        cause=pl.when(shifted).then(pl.lit("shift")).otherwise("cause"),
        kind=pl.when(shifted).then(pl.lit("improvement")).otherwise("kind"),
    )
    of_ward = one(WARD, QUARTERLY)
    quarters = monthly.filter(of_ward, pl.col("month") == JUNE).with_columns(
        months=pl.lit(3, pl.Int64),
        chart=pl.lit("run"),
        numerator=pl.lit(12.0),
        denominator=pl.lit(40.0),
        value=pl.lit(0.3),
    )
    gap = quarters.with_columns(
        month=pl.lit(date(2025, 9, 1)),
        state=pl.lit("missing"),
        value=pl.lit(None, pl.Float64),
        kind=pl.lit(None, pl.String),
    )
    made["points"] = pl.concat([monthly.filter(~of_ward), quarters, gap])
    made["points"] = TABLES["points"].validate(made["points"])
    rare = one("Z01-ALDER1", "SS-I3")
    made["signals"] = made["signals"].with_columns(
        chart=pl.when(rare).then(pl.lit("points")).otherwise("chart")
    )
    return made


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_release.write(tmp_path_factory.mktemp("home"), tables())


@pytest.fixture(scope="module")
def team(release: Path) -> Source:
    return source_of(release, TEAM, PROGRAMME)


@pytest.fixture(scope="module")
def exact(team: Source) -> pl.DataFrame:
    return read(team, "programme")


PROGRAMME = Programme(name="Tiny programme", fictional=True, first_month="2025-01")


def read(source: Source, audience: str, **about: str) -> pl.DataFrame:
    """The Parquet file, as an analyst reads it."""
    return pl.read_parquet(
        BytesIO(make(source, Order("tidy", audience, "parquet", **about)).content)
    )


def lines(source: Source, audience: str) -> list[dict[str, str]]:
    content = make(source, Order("tidy", audience, "csv")).content.decode("utf-8")
    return list(csv.DictReader(StringIO(content, newline="")))


@pytest.mark.parametrize("audience", ["programme", "public"])
def test_columns_are_those_of_the_dictionary_with_their_types(team, audience):
    table = read(team, audience)
    assert table.schema == types_of(Tidy)
    Tidy.validate(table)
    assert not table.select(KEY).is_duplicated().any()
    assert table.select(KEY).equals(table.select(KEY).sort(KEY))


def test_every_column_has_a_meaning():
    assert all(column.description for column in Tidy.to_schema().columns.values())


@pytest.mark.parametrize("audience", ["programme", "public"])
def test_a_column_of_numbers_holds_numbers_or_nothing_in_the_plain_table(team, audience):
    table, plain = read(team, audience), lines(team, audience)
    assert len(plain) == table.height
    numbers = [name for name, dtype in table.schema.items() if dtype.is_numeric()]
    assert {"numerator", "denominator", "value", "centre", "lower", "upper"} <= set(numbers)
    for name in numbers:
        said = [None if row[name] == "" else float(row[name]) for row in plain]
        assert said == table[name].cast(pl.Float64).to_list(), name
    for name in (name for name, dtype in table.schema.items() if dtype == pl.Boolean):
        assert {row[name] for row in plain} <= {"", "true", "false"}
    assert {row["month"] for row in plain} == {f"{month}" for month in table["month"]}


def test_figures_and_limits_are_the_releases_own_in_the_unit_people_read(exact):
    kept = tiny_release.frames()["points"].filter(one("Z02-BIRCH1", "SS-O1")).sort("month")
    rows = exact.filter(one("Z02-BIRCH1", "SS-O1"))
    assert rows["month"].to_list() == kept["month"].to_list()
    assert rows["numerator"].to_list() == kept["numerator"].to_list()
    for name in ("value", "centre", "lower", "upper", "near_lower", "near_upper"):
        drawn = kept.select(pl.when(pl.col("value").is_not_null()).then(pl.col(name) * 100))
        assert rows[name].to_list() == drawn.to_series().round(6).to_list(), name
    assert rows["phase"].unique().to_list() == [1]
    assert rows["chart"].unique().to_list() == ["xmr"]
    assert rows["unit_name"].unique().to_list() == ["Birchmoss"]
    assert rows["peer_group"].unique().to_list() == ["acute-female"]
    assert (
        rows.filter(state="missing").select("numerator", "denominator", "value").row(0)
        == (None,) * 3
    )


def test_the_target_is_the_months_own_on_the_path_of_the_ambition_that_judges(exact):
    ambition = tiny_release.frames()["ambitions"].filter(one("Z01", "SS-B1"), "judged")
    begins, ends = ambition.select("baseline", "target").row(0)
    rows = exact.filter(one("Z01", "SS-B1")).sort("month")
    times = rows["multiplier"][0]
    asked = dict(rows.select("month", "target").iter_rows())
    assert asked[date(2025, 5, 1)] is None  # the baseline
    for month, gone in ((JUNE, 0), (FEW, 1), (tiny_release.LAST, 9)):
        path = begins + (ends - begins) * gone / 18  # June 2025 to December 2026
        assert asked[month] == pytest.approx(path * times, abs=1e-6)


def test_a_quarter_has_the_mean_of_the_path_as_its_target(tmp_path):
    made = tables()
    aimed = (
        made["ambitions"]
        .filter(one("programme", "SS-B1"))
        .with_columns(
            level=pl.lit("ward"),
            unit_id=pl.lit(WARD),
            trust_code=pl.lit("Z01"),
            measure=pl.lit(QUARTERLY),
            baseline=pl.lit(0.9),
            target=pl.lit(0.0),
        )
    )
    made["ambitions"] = pl.concat([made["ambitions"], aimed])
    source = source_of(tiny_release.write(tmp_path, made), TEAM, PROGRAMME)
    rows = read(source, "programme").filter(one(WARD, QUARTERLY), months=3).sort("month")
    times = rows["multiplier"][0]
    by_hand = [0.9 - 0.9 / 18 * (gone + 1) for gone in (0, 3)]  # the month in the middle
    assert rows["target"].to_list() == pytest.approx([path * times for path in by_hand])


def test_a_path_is_worked_out_from_figures_and_so_is_not_for_sharing(team, exact):
    shared = read(team, "public")
    fixed = shared.filter(measure="SS-O1")["target"].unique().to_list()
    assert fixed == exact.filter(measure="SS-O1")["target"].unique().to_list() == [100.0]
    assert shared.filter(measure="SS-B1").height
    assert shared.filter(measure="SS-B1")["target"].drop_nulls().is_empty()


def test_a_rule_is_true_false_or_where_nothing_is_judged_empty(exact):
    rows = exact.filter(one(WARD, "SS-O1"))
    assert rows.filter(month=SHIFTED).select("rule_shift", "cause", "kind").row(0) == (
        True,
        "shift",
        "improvement",
    )
    assert rows.filter(month=JUNE).select("rule_shift", "cause").row(0) == (False, None)
    assert rows.filter(month=FEW).select("rule_shift", "cause", "kind").row(0) == (None, None, None)


def test_the_icons_are_in_the_row_of_the_latest_point_alone(exact):
    rows = exact.filter(one("Z01-ALDER1", "SS-O1"))
    assert rows["variation"].drop_nulls().to_list() == ["improvement_high"]
    assert rows.filter(month=tiny_release.LAST)["assurance"].to_list() == ["hit_or_miss"]


def test_a_percentage_of_very_few_people_has_a_count_and_a_reason(exact):
    row = exact.filter(one(WARD, "SS-O1"), month=FEW).row(0, named=True)
    assert (row["numerator"], row["denominator"], row["value"]) == (2, 3, None)
    assert (row["state"], row["suppression_reason"]) == ("few", NO_PERCENTAGE)


def test_a_quarter_of_a_chart_has_a_row_beside_those_of_its_months(exact):
    rows = exact.filter(one(WARD, QUARTERLY))
    months = rows.filter(pl.col("months") == 1)
    assert months["month"].to_list() == [month.first_day for month in tiny_release.MONTHS]
    assert months["chart"].null_count() == months.height
    quarter, gap = rows.filter(pl.col("months") == 3).iter_rows(named=True)
    assert (quarter["first_month"], quarter["month"]) == (JUNE, date(2025, 8, 1))
    assert (quarter["numerator"], quarter["value"], quarter["chart"]) == (12, 300, "run")
    assert (gap["state"], gap["numerator"], gap["denominator"]) == ("missing", None, None)
    assert gap["rounding"] == "none"


def test_a_rare_measure_has_its_running_sum_beside_its_months_and_no_other_has(team, exact):
    of_rare = one("Z01-ALDER1", "SS-I3")
    (measure,) = (m for m in team.measures if m.id == "SS-I3")
    units = ("Z01-ALDER1",)
    points, _ = running_sums(team.ask, "ward", units, [measure], PROGRAMME)
    kept = {month: (value, cause) for month, value, cause in points.select(
        "month", "value", "cause").iter_rows()}  # fmt: skip
    rows = exact.filter(of_rare, months=1)
    assert rows["running_sum"].count() == points["value"].count() > 0
    for row in rows.iter_rows(named=True):
        value, cause = kept[row["month"]]
        assert row["running_sum"] == (None if value is None else pytest.approx(value, abs=1e-6))
        assert row["climb"] == (None if value is None else cause == "climb")
    others = exact.filter(~of_rare)
    assert others.select("running_sum", "threshold", "climb").null_count().row(0) == (
        (others.height,) * 3
    )


def test_a_figure_that_counts_a_year_says_from_when(exact):
    rows = exact.filter(one(WARD, "SS-I8"), month=tiny_release.LAST, months=12)
    assert rows["first_month"].to_list() == [date(2025, 4, 1)]


def test_for_sharing_nothing_hidden_has_a_number_nor_anything_a_limit_or_a_signal(team):
    table = read(team, "public")
    hidden = table.filter(state="suppressed")
    assert hidden.height
    assert hidden["suppression_reason"].unique().to_list() == [HIDDEN]
    gone = [*FROM_CHART, "wards", "wards_expected", "provisional", "queried"]
    assert {"centre", "lower", "upper", "kind", "phase", "variation"} <= set(gone)
    for name in ("numerator", "denominator", "value"):
        assert hidden[name].null_count() == hidden.height
        assert table[name].count(), "and others are shown"
    assert all(table[name].null_count() == table.height for name in gone)


def test_a_trust_has_its_own_rows_only(release):
    rows = read(source_of(release, LEAD, PROGRAMME), "own")
    assert set(rows["unit_id"]) == {"Z01", "Z01-ALDER1", WARD}
    assert rows["centre"].count()


def test_an_order_may_be_for_one_measure_or_ward(team):
    rows = read(team, "programme", trust="Z01", ward=WARD, measure="SS-O1")
    assert rows.select("unit_id", "measure").unique().rows() == [(WARD, "SS-O1")]
    with pytest.raises(CannotMake, match="no figures of this kind"):
        read(team, "programme", trust="Z02", ward=WARD)


def test_a_name_that_looks_like_a_formula_is_text_in_the_plain_table_only():
    frame = pl.DataFrame({"unit_name": ["=1+1", "Elm", None], "value": [-1.5, None, 2.0]})
    assert tidy.csv(frame) == b"unit_name,value\r\n'=1+1,-1.5\r\nElm,\r\n,2.0\r\n"
    assert pl.read_parquet(BytesIO(tidy.parquet(frame))).equals(frame)
