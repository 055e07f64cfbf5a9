from datetime import UTC, date, datetime

import polars as pl
import pytest

from pipelines.keeping import decide
from pipelines.keeping.decisions import Decided
from pipelines.keeping.month_locks import Calendar
from pipelines.releasing.completeness import completeness, reporting
from pipelines.releasing.release_tables import tables
from pipelines.releasing.sources import sources_of
from schemas.periods import Month
from schemas.programme import Pause
from schemas.release import Completeness, Observations, Returns
from schemas.typed import empty, typed
from tests import worlds

NOW = datetime(2025, 6, 1, tzinfo=UTC)
MARCH = date(2025, 3, 1)


def of(home, as_at=None):
    made = tables(sources_of(home, as_at), NOW)
    return Completeness.validate(made["completeness"])


def states(frame, trust):
    rows = frame.filter(scope="return", trust_code=trust).sort("month")
    rows = rows.filter(pl.col("month") <= date(2025, 4, 1))
    return dict(zip(rows["month"].dt.month(), rows["state"], strict=True))


def test_each_trusts_month_has_one_of_six_states(tmp_path):
    pause = Pause(first="2025-02", last="2025-02", reason="COVID-19")
    home = worlds.empty_world(tmp_path / "home", pauses=(pause,))
    worlds.send(home, "Z01", Month(2025, 1))
    worlds.send(home, "Z02", Month(2025, 1), at=datetime(2025, 2, 20, tzinfo=UTC))
    worlds.send(home, "Z01", Month(2025, 3))
    before, after = of(home, date(2025, 4, 11)), of(home, date(2025, 4, 15))
    coming = {4: "not_yet_due"}  # the month in progress
    assert states(before, "Z01") == {1: "received", 2: "paused", 3: "received"} | coming
    assert states(before, "Z02") == {1: "late", 2: "paused", 3: "not_yet_due"} | coming
    assert states(after, "Z02")[3] == "missing"
    assert before.filter(scope="return", month=MARCH)["due"].unique().to_list() == [
        date(2025, 4, 14)
    ]


def test_a_withdrawn_return_is_no_return_until_another_comes(tmp_path):
    home = worlds.empty_world(tmp_path / "home")
    worlds.send(home, "Z01", Month(2025, 1))
    at = datetime(2025, 2, 20, tzinfo=UTC)
    decide.withdraw(home, "Z01/2025-01/1", Decided(worlds.TEAM, at, "Wrong ward"))
    assert states(of(home), "Z01")[1] == "missing"
    rows = [worlds.monthly_row(ward, Month(2025, 1), pt_safe=1) for ward in worlds.WARDS["Z01"]]
    worlds.send(home, "Z01", Month(2025, 1), at=at, monthly=rows)
    assert states(of(home), "Z01")[1] == "late"


def test_a_correction_after_the_due_day_does_not_make_a_return_late(tmp_path):
    home = worlds.empty_world(tmp_path / "home")
    worlds.send(home, "Z01", Month(2025, 1))
    rows = [worlds.monthly_row(ward, Month(2025, 1), pt_safe=1) for ward in worlds.WARDS["Z01"]]
    worlds.send(home, "Z01", Month(2025, 1), datetime(2025, 3, 1, tzinfo=UTC), monthly=rows)
    found = of(home).filter(scope="return", trust_code="Z01", month=date(2025, 1, 1))
    assert found.select("state", "return_id").row(0) == ("received", "Z01/2025-01/2")


def test_a_trust_is_not_expected_before_it_joined(tmp_path):
    from pipelines.registers.register import register_of

    home = worlds.empty_world(tmp_path / "home")
    frames = worlds.register_frames()
    frames["trusts"] = frames["trusts"].with_columns(joined=pl.lit(date(2025, 2, 1)))
    at = datetime(2025, 3, 30, tzinfo=UTC)
    home.archive.keep_register(register_of(frames), Decided(worlds.TEAM, at, "Joined in February"))
    coming = {3: "not_yet_due", 4: "not_yet_due"}
    assert states(of(home), "Z01") == {1: "not_expected", 2: "missing"} | coming


def reported(*states):
    """The reporting class of a ward whose months had these states, oldest first."""
    rows = [
        {
            "level": "ward",
            "unit_id": "Z01-ALDER1",
            "trust_code": "Z01",
            "measure": "SS-I3",
            "month": (Month(2024, 1) + number).first_day,
            "state": state,
        }
        for number, state in enumerate(states)
    ]
    seen = typed(pl.DataFrame(rows), Observations)
    trusts, grid = pl.DataFrame(schema={"trust_code": pl.String}), pl.DataFrame()
    calendar = Calendar(worlds.programme(), {}, date(2025, 1, 1))
    frame = completeness(trusts, grid, empty(Returns), reporting(seen), calendar)
    return frame["state"].to_list()


V, N, M, X = "value", "nil", "missing", "not_applicable"


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ([V] * 12, "complete"),
        ([V] * 11 + [M], "complete"),
        ([N] * 12, "confirmed_nil"),
        ([N] * 11 + [M], "confirmed_nil"),
        ([N] * 11 + [V], "complete"),
        ([V] * 10 + [M] * 2, "partial"),
        ([M, V] * 6, "partial"),
        ([V] * 6 + [M] * 6, "partial"),
        ([M] * 6 + [V] * 6, "joiner"),
        ([M] * 7 + [V] * 5, "null"),
        ([V] * 5 + [M] * 7, "null"),
        ([M] * 12, "null"),
        ([M] * 12 + [V] * 12, "complete"),  # only the last twelve count
        ([V] * 6 + ["closed"] * 6, "complete"),  # only months in which it was expected count
        ([V] * 11 + ["paused"] * 3 + [V], "complete"),
        ([V, X] * 6, "complete"),
        ([V] * 3, "complete"),
        ([M], "null"),
    ],
)
def test_the_reporting_class_is_that_of_the_last_twelve_expected_months(months, expected):
    assert reported(*months) == [expected]


def test_a_ward_that_was_never_expected_has_no_class():
    assert reported(*["closed"] * 12) == []
