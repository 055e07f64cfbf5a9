from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.periods import Month, months

MONTHS = st.builds(Month, st.integers(2000, 2099), st.integers(1, 12))


def test_a_month_is_read_as_people_write_it_in_returns():
    assert Month.parse(" 2026-03 ") == Month(2026, 3)
    assert Month.parse("2026-03").label == "March 2026"


@pytest.mark.parametrize("text", ["March 2026", "2026-3", "03/2026", "2026-13", "2026-00", ""])
def test_what_is_not_a_month_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"(write it like 2026-03|use 1 to 12)\.$"):
        Month.parse(text)


def test_days_know_leap_years():
    assert (Month(2024, 2).days, Month(2025, 2).days) == (29, 28)
    assert Month(2024, 2).last_day == date(2024, 2, 29)


@given(MONTHS, st.integers(-500, 500))
def test_adding_months_and_counting_them_are_inverse(month, step):
    assert (month + step) - month == step


@given(MONTHS)
def test_a_month_survives_being_written_down(month):
    assert Month.parse(str(month)) == month
    assert Month.of(month.first_day) == Month.of(month.last_day) == month


@given(MONTHS, st.integers(-3, 40))
def test_months_lists_each_month_once_in_order(first, count):
    listed = list(months(first, first + (count - 1)))
    assert len(listed) == max(count, 0)
    assert listed == sorted(set(listed))
