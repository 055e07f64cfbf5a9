"""When a month's return is due, when it closes and when its figures are final.

Days are those of England: London's clock, and working days without the bank holidays.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from schemas.periods import Month
from schemas.programme import Deadlines

_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Dates:
    """The three last days of one month's return: on time, accepted at all, changeable."""

    due: date
    closed: date
    locked: date


def dates_for(month: Month, deadlines: Deadlines) -> Dates:
    """The three dates of a month, counted in working days after its last day."""
    return Dates(
        due=after_working_days(month.last_day, deadlines.due_working_days),
        closed=after_working_days(month.last_day, deadlines.closed_working_days),
        locked=after_working_days(month.last_day, deadlines.locked_working_days),
    )


@cache
def after_working_days(day: date, count: int) -> date:
    """The day that lies `count` working days of England after `day`."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    """True from Monday to Friday, except on a bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays()


def london_day(moment: datetime) -> date:
    """The day it is in London at a moment; a moment without a zone is taken as UTC."""
    return in_london(moment).date()


def in_london(moment: datetime) -> datetime:
    """A moment by London's clock; one without a zone is taken as UTC."""
    return as_utc(moment).astimezone(_LONDON)


def as_utc(moment: datetime) -> datetime:
    """The moment in UTC; one without a zone is taken as UTC already."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@cache
def _bank_holidays() -> Any:
    from holidays import country_holidays  # slow to import, and most commands need no calendar

    return country_holidays("GB", subdiv="ENG")
