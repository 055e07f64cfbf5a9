"""Small pieces of plain English for every sentence: dates, lists, counts and names."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from math import floor
from typing import Any

from schemas.london_time import in_london

_LONGEST_QUOTE = 60


def month_of(day: date) -> str:
    """A month in words: March 2026."""
    return f"{day:%B %Y}"


def day_of(when: date) -> str:
    """A day in words: 14 March 2026."""
    return f"{when.day} {when:%B %Y}"


def moment(when: datetime) -> str:
    """A time in London, as on a receipt: 17:00 on 14 March 2026.

    In the hour that comes twice, when clocks go back, it says which: 01:30 GMT on 25 October 2026.
    A moment without a time zone counts as UTC.
    """
    there = in_london(when)
    twice = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
    return f"{there:{'%H:%M %Z' if twice else '%H:%M'}} on {day_of(there)}"


def period(first: date, last: date) -> str:
    """A span of months: April 2025 to March 2026, or a single month."""
    return month_of(first) if first == last else f"{month_of(first)} to {month_of(last)}"


def listed(items: Iterable[str], last: str = "and", nothing: str = "none") -> str:
    """A list in a sentence: A, B and C; `nothing` if it is empty."""
    words = list(items)
    if not words:
        return nothing
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number of things: 1 ward, 1,204 wards."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def of_them(part: int, whole: int, one: str, many: str | None = None) -> str:
    """Some of a number of things: 9 of 12 wards."""
    return f"{part:,} of {counted(whole, one, many)}"


def about_of(part: float, whole: float) -> str:
    """A worked-out part of whole things, itself in whole ones: 18 of 450, under 1 of 20."""
    rest = whole - part
    if 0 < rest < 0.5:
        return f"over {whole - 1:,.0f} of {whole:,.0f}"
    return f"{about_whole(part)} of {whole:,.0f}"


def about_whole(number: float) -> str:
    """A worked-out number of things, which come whole: 18, 1,204, under 1."""
    return "under 1" if 0 < number < 0.5 else f"{floor(number + 0.5):,}"


def significant(number: float, digits: int = 12) -> str:
    """A number by its first digits: 0.0394, 12,300; with an exponent only where nobody counts."""
    short = f"{number:.{digits}g}"
    return f"{Decimal(short):,f}" if number == 0 or 1e-6 <= abs(number) < 1e15 else short


def starting(text: str) -> str:
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def quoted(value: object) -> str:
    """A value as entered, in quotation marks, shortened if it is long."""
    text = " ".join(str(value).split())
    return f"“{text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + '…'}”"


def some(items: Sequence[str], most: int = 8, last: str = "and") -> str:
    """The first few of many things in a sentence, and how many more there are."""
    if len(items) <= most:
        return listed(items, last)
    return f"{', '.join(items[:most])} and {len(items) - most} more"


def nearest(entered: str, allowed: Iterable[str]) -> str | None:
    """The allowed word most like what was entered, if any is close enough."""
    by_look = {plain(word): word for word in allowed}
    found = get_close_matches(plain(entered), by_look, n=1, cutoff=0.6)
    return by_look[found[0]] if found else None


def shown(value: Any) -> str:
    """A typed value in words, for a sentence."""
    if isinstance(value, date):
        return day_of(value)
    return f"{value:,}" if isinstance(value, int) else value


def plain(text: str) -> str:
    """A text by its letters and digits alone, whatever their case."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def ward_named(row: Mapping[str, object]) -> str:
    """A ward with its code: Alder Ward (Z01-ALDER1)."""
    return f"{row['ward_name']} ({row['trust_code']}-{row['ward_code']})"


def trust_named(row: Mapping[str, object]) -> str:
    """A trust with its code: Alderbrook Partnership (Z01)."""
    return f"{row['trust_name']} ({row['trust_code']})"


def about_as_long(seconds: float) -> str:
    """A time that something took: 1 second, 40 seconds, 3 minutes."""
    if seconds < 90:
        return counted(max(round(seconds), 1), "second")
    return counted(round(seconds / 60), "minute")
