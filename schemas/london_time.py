"""Times and days in London, which the programme goes by."""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")


@lru_cache(maxsize=2**16)  # every entry of the archive is asked for its day at every save
def london_day(moment: datetime) -> date:
    """The day in London at a moment; one without a time zone counts as UTC."""
    return in_london(moment).date()


def in_london(moment: datetime) -> datetime:
    """A moment in London time; one without a time zone counts as UTC."""
    return as_utc(moment).astimezone(_LONDON)


def as_utc(moment: datetime) -> datetime:
    """A moment in UTC; one without a time zone counts as UTC already."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
