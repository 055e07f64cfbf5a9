"""Small pieces of plain English: dates, lists, plurals and counts."""

from collections.abc import Iterable
from datetime import date, datetime

from schemas.deadlines import in_london


def month(day: date) -> str:
    """A month as people read it: March 2026."""
    return f"{day:%B %Y}"


def day(when: date) -> str:
    """A day as people read it: 14 March 2026."""
    return f"{when.day} {when:%B %Y}"


def moment(when: datetime) -> str:
    """A time by London's clock, as a receipt says it: 17:00 on 14 March 2026.

    A moment without a zone is taken as UTC.
    """
    there = in_london(when)
    return f"{there:%H:%M} on {day(there)}"


def period(first: date, last: date) -> str:
    """A span of months: April 2025 to March 2026, or one month by itself."""
    return month(first) if first == last else f"{month(first)} to {month(last)}"


def listed(items: Iterable[str], last: str = "and", nothing: str = "none") -> str:
    """A list in a sentence: A, B and C; `nothing` where it is empty."""
    words = list(items)
    if not words:
        return nothing
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number of things: 1 ward, 1,204 wards."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def of_them(part: int, whole: int, one: str, many: str | None = None) -> str:
    """A part of things: 9 of 12 wards."""
    return f"{part:,} of {counted(whole, one, many)}"


def starting(text: str) -> str:
    """A sentence's first letter as a capital, the rest untouched."""
    return text[:1].upper() + text[1:]
