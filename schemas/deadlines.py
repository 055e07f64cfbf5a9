"""Works out when a month's return is due, when it closes and when its figures are final.

Working days are those in England, excluding bank holidays.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from schemas.periods import Month
from schemas.programme import Deadlines


@dataclass(frozen=True)
class Dates:
    """The last days on which a month's return is on time, is accepted, and can be changed."""

    due: date
    closed: date
    locked: date


def dates_for(month: Month, deadlines: Deadlines) -> Dates:
    """The three dates for a month, counted in working days after its last day."""
    return _dates(
        month.last_day,
        deadlines.due_working_days,
        deadlines.closed_working_days,
        deadlines.locked_working_days,
    )


@cache
def _dates(last: date, due: int, closed: int, locked: int) -> Dates:
    return Dates(*(after_working_days(last, count) for count in (due, closed, locked)))


@cache
def after_working_days(day: date, count: int) -> date:
    """The day that is `count` working days in England after `day`."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    """True from Monday to Friday, except on a bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays()


@cache
def _bank_holidays() -> Any:
    from holidays import country_holidays  # slow to import, and most commands need no calendar

    return country_holidays("GB", subdiv="ENG")
