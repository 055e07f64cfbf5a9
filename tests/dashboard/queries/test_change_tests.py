"""What was tried where, and what the charts showed in the year after it started."""

from datetime import date

import duckdb
import polars as pl
import pytest

from dashboard.queries.change_tests import afterwards, change_tests
from tests.dashboard.tiny_release import WARDS

MEASURES = """
CREATE TABLE measures AS FROM (VALUES
    ('SS-O1', 'Patients', 1, true, false, 'in_use'),
    ('SS-I1', 'Incidents', 2, true, false, 'in_use'),
    ('SS-P4', 'Trained', 3, false, false, 'in_use'),
    ('SS-I8', 'Staff', 4, true, true, 'in_use'),
    ('SS-X1', 'Gone', 5, true, false, 'archived')
) AS t (measure, short_name, sort, core, restricted, status)
"""
STARTS = date(2025, 3, 20)


def test_every_test_has_the_names_of_its_ward_and_trust(connection):
    found = change_tests(connection)
    assert set(found["ward_id"]) == set(WARDS)
    named = dict(found.select("ward_id", "ward_name").iter_rows())
    assert named == {ward: about[0] for ward, about in WARDS.items()}
    assert found["trust_name"].null_count() == 0
    assert set(found["short_name"]) == {"Patients feel safe"}


@pytest.fixture
def seen():
    """The answer about one test, for the kind of the point in each month of 2025."""

    def ask(kinds, measure="SS-O1", months=1, named=None, starts=STARTS):
        points = [
            ("ward", "Z01-A", measure, date(2025 + m // 12, m % 12 + 1, 1), kind, 0.5, months)
            for m, kind in kinds.items()
        ]
        schema = ["level", "unit_id", "measure", "month", "kind", "value", "months"]
        types = {"kind": pl.String, "value": pl.Float64}
        tests = {"test_id": ["t"], "ward_id": ["Z01-A"], "starts": [starts], "measure": [named]}
        with duckdb.connect() as connection:
            connection.register(
                "p", pl.DataFrame(points, schema, schema_overrides=types, orient="row")
            )
            connection.register("t", pl.DataFrame(tests, schema_overrides={"measure": pl.String}))
            connection.execute("CREATE TABLE points AS FROM p; CREATE TABLE change_tests AS FROM t")
            connection.execute(MEASURES)
            return afterwards(connection).to_dicts()

    return ask


COMMON = dict.fromkeys(range(12), "common")  # January is 0, and the test starts in March


def test_the_first_signal_after_the_month_of_the_start_counts(seen):
    (row,) = seen(COMMON | {5: "improvement", 7: "concern"})
    assert (row["kind"], row["month"]) == ("improvement", date(2025, 6, 1))
    assert (row["before"], row["points"], row["judged"]) == ("common", 9, 9)


def test_a_signal_in_the_month_of_the_start_is_not_after_it(seen):
    (row,) = seen(COMMON | {2: "improvement"})
    assert (row["kind"], row["before"]) == (None, "improvement")


def test_a_signal_that_goes_on_is_not_new_and_hides_none_that_is(seen):
    low = dict.fromkeys(range(6), "concern")
    (row,) = seen(COMMON | low)
    assert (row["kind"], row["before"], row["as_before"]) == (None, "concern", True)
    (row,) = seen(COMMON | low | {8: "improvement"})
    assert (row["kind"], row["month"]) == ("improvement", date(2025, 9, 1))
    (row,) = seen(COMMON)
    assert (row["kind"], row["before"], row["as_before"]) == (None, "common", False)


def test_without_figures_before_every_signal_is_new(seen):
    (row,) = seen({5: "concern", 6: "common"})
    assert (row["kind"], row["before"], row["as_before"]) == ("concern", None, False)


def test_a_signal_more_than_twelve_months_later_is_not_looked_at(seen):
    (row,) = seen(COMMON | {14: "improvement"})
    assert (row["kind"], row["month"]) == ("improvement", date(2026, 3, 1))
    (row,) = seen(COMMON | {15: "improvement"})
    assert row["kind"] is None


def test_points_without_limits_are_counted_but_not_judged(seen):
    (row,) = seen(dict.fromkeys(range(12)))
    assert (row["points"], row["judged"], row["kind"]) == (9, 0, None)


def test_figures_of_a_year_are_not_looked_at_and_of_a_quarter_are(seen):
    assert seen(COMMON, months=12) == []
    assert len(seen(COMMON, months=3)) == 1


def test_a_test_watches_the_measure_it_names_or_every_core_measure(seen):
    assert seen(COMMON, "SS-P4") == []
    assert len(seen(COMMON, "SS-P4", named="SS-P4")) == 1
    assert seen(COMMON, "SS-O1", named="SS-P4") == []
    assert len(seen(COMMON, "SS-I1")) == 1


@pytest.mark.parametrize("measure", ["SS-I8", "SS-X1"])
def test_restricted_and_archived_measures_are_left_out(seen, measure):
    assert seen(COMMON | {5: "concern"}, measure) == []
