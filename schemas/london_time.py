"""Times and days by London's clock, which is the programme's."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")


def london_day(moment: datetime) -> date:
    """The day it is in London at a moment; a moment without a zone is taken as UTC."""
    return in_london(moment).date()


def in_london(moment: datetime) -> datetime:
    """A moment by London's clock; one without a zone is taken as UTC."""
    return as_utc(moment).astimezone(_LONDON)


def as_utc(moment: datetime) -> datetime:
    """The moment in UTC; one without a zone is taken as UTC already."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
