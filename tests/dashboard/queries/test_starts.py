"""What was started where: the first month with it, and which months are before or after it."""

from datetime import date

import duckdb
import polars as pl
import pytest

from dashboard.queries.starts import CHARTER, figures_around, kinds_started, left_out_around
from tests.dashboard import started_release
from tests.pipelines.effect.programmes import programme

JUNE = date(2024, 6, 1)
WARD = pl.col("ward_id") == "Z01-A"  # its charter is in place from May 2024


def connected(**changed: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name, table in (started_release.started() | changed).items():
        connection.register(name, table)
    return connection


@pytest.fixture(scope="module")
def charters() -> pl.DataFrame:
    return started_release.started()["charters"]


def months(connection, unit="Z01-A", start=CHARTER) -> list[date]:
    found = figures_around(connection, start, "SS-O1")
    return found.filter(pl.col("unit") == unit)["period"].to_list()


def test_the_figures_are_those_of_the_file_that_the_command_reads():
    found = figures_around(connected(), CHARTER, "SS-O1")
    expected = programme(0.15).with_columns(pl.col("period", "adopted").str.to_date())
    assert found.columns == expected.columns
    same = found.select(pl.all().cast(pl.String)).equals(
        expected.with_columns(pl.col("numerator", "denominator").cast(pl.Float64))
        .sort("unit", "period")
        .select(pl.all().cast(pl.String))
    )
    assert same


def test_months_in_which_a_charter_may_have_begun_are_left_out(charters):
    """April sends no row about the charter: it may have been in place by then."""
    gap = WARD & (pl.col("month") == date(2024, 4, 1))
    known = months(connected(charters=charters.filter(~gap)))
    assert date(2024, 4, 1) not in known
    assert {date(2024, 3, 1), date(2024, 5, 1)} <= set(known)


def test_a_gap_between_two_months_without_a_charter_is_a_month_without_one(charters):
    gap = WARD & (pl.col("month") == date(2024, 2, 1))
    assert date(2024, 2, 1) in months(connected(charters=charters.filter(~gap)))


def test_a_ward_that_never_sent_a_row_about_its_charter_is_left_out(charters):
    assert months(connected(charters=charters.filter(~WARD))) == []


def test_after_the_last_row_of_a_ward_without_a_charter_nothing_is_known(charters):
    late = (pl.col("ward_id") == "Z06-A") & (pl.col("month") > JUNE)
    known = months(connected(charters=charters.filter(~late)), "Z06-A")
    assert max(known) == JUNE


def test_a_charter_that_is_taken_down_again_had_still_begun(charters):
    again = WARD & (pl.col("month") > JUNE)
    taken = charters.with_columns(in_place=pl.col("in_place") & ~again)
    found = figures_around(connected(charters=taken), CHARTER, "SS-O1")
    assert set(found.filter(pl.col("unit") == "Z01-A")["adopted"]) == {date(2024, 5, 1)}
    assert len(months(connected(charters=taken))) == 18


def test_an_event_of_a_whole_trust_starts_each_of_its_wards():
    found = figures_around(connected(), "training", "SS-O1").unique("unit")
    starts = dict(found.select("unit", "adopted").iter_rows())
    assert starts["Z01-A"] == starts["Z01-B"] == date(2024, 5, 1)
    assert starts["Z02-A"] != starts["Z02-B"]
    assert starts["Z02-B"] is not None


def test_the_first_of_several_events_counts():
    events = started_release.started()["events"]
    later = events.with_columns(month=pl.lit(date(2025, 1, 1)), event_id=pl.lit("later"))
    both = connected(events=pl.concat([later, events]))
    assert figures_around(both, "training", "SS-O1").equals(
        figures_around(connected(), "training", "SS-O1")
    )


def test_kinds_of_events_with_the_number_of_units_that_had_them():
    kinds = dict(kinds_started(connected()).iter_rows())
    assert kinds == {"building": 4, "training": 36}


@pytest.mark.parametrize("start", [CHARTER, "training"])
def test_every_month_is_a_figure_or_left_out_with_a_reason(charters, start):
    """One ward each sends no row about its charter, 0 of 0, nothing, or was closed; one paused."""
    observations = started_release.started()["observations"]
    june = pl.col("month") == JUNE
    unit = pl.col("unit_id")
    changed = observations.with_columns(
        numerator=pl.when(june & unit.is_in(["Z02-A", "Z02-B", "Z03-B", "Z04-A"]))
        .then(None)
        .when(june & (unit == "Z03-A"))
        .then(0)
        .otherwise("numerator"),
        denominator=pl.when(june & (unit == "Z03-A")).then(0).otherwise("denominator"),
        state=pl.when(june & (unit == "Z02-A"))
        .then(pl.lit("closed"))
        .when(june & (unit == "Z02-B"))
        .then(pl.lit("missing"))
        .when(june & (unit == "Z03-B"))
        .then(pl.lit("not_applicable"))
        .when(june & (unit == "Z04-A"))
        .then(pl.lit("paused"))
        .otherwise("state"),
    )
    gap = WARD & (pl.col("month") == date(2024, 4, 1))
    silent = pl.col("ward_id") == "Z05-A"
    connection = connected(observations=changed, charters=charters.filter(~gap, ~silent))
    found = figures_around(connection, start, "SS-O1")
    without = left_out_around(connection, start, "SS-O1")
    months = observations.filter(pl.col("measure") == "SS-O1").height
    assert found.height + without.height == months - 1  # that of the pause
    expected = {
        "in which a ward was closed": 1,
        "for which a ward sent no figure": 1,
        "in which the measure did not apply to a ward": 1,
        "with 0 of 0": 1,
    }
    if start == CHARTER:
        expected |= {
            "of a ward that never sent a row about its charter": 18,
            "that may be before or after a start": 1,
        }
    assert dict(without.group_by("why").len().iter_rows()) == expected
