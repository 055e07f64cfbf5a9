from datetime import UTC, date, datetime

import pytest

from schemas.deadlines import after_working_days, dates_for, is_working_day
from schemas.london_time import as_utc, london_day
from schemas.periods import Month
from schemas.programme import Deadlines


def test_the_three_dates_of_a_month_count_working_days_after_its_end():
    dates = dates_for(Month(2026, 3), Deadlines())
    assert dates.due == date(2026, 4, 16)  # Good Friday and Easter Monday are not counted
    assert dates.closed == date(2026, 6, 1)  # nor the two bank holidays of May
    assert dates.locked == date(2026, 7, 6)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 26), False),
        (date(2026, 12, 28), False),  # Boxing Day, on a Saturday, is given on the Monday
        (date(2026, 11, 30), True),  # St Andrew's Day is a holiday in Scotland only
        (date(2026, 3, 29), False),
    ],
)
def test_working_days_are_those_of_england(day, works):
    assert is_working_day(day) is works


def test_no_working_day_after_is_the_day_itself():
    assert after_working_days(date(2026, 3, 28), 0) == date(2026, 3, 28)


def test_the_day_is_londons():
    assert london_day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)
    assert london_day(datetime(2026, 1, 31, 23, 30, tzinfo=UTC)) == date(2026, 1, 31)


def test_a_moment_without_a_zone_is_utc():
    assert as_utc(datetime(2026, 6, 1, 12)) == datetime(2026, 6, 1, 12, tzinfo=UTC)  # noqa: DTZ001
