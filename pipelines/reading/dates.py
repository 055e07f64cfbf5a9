"""Days, months and times of day as people and programs write them in a cell."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")
_DAY = timedelta(days=1)
_CLOSE = timedelta(minutes=1)  # some programs write a date a few seconds before midnight
_TIME = re.compile(
    r"(?:[ T]|, )(?P<time>(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?)"
    r" ?(?P<zone>Z|UTC|GMT|BST|[+-]\d{2}(?::?\d{2})?)?(?:\[[\w/]+\])?$",
    re.I,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read_date(text: str) -> tuple[date | None, str]:
    """The day of a cell, a month being its first day, and its time of day if that isn't midnight.

    Within a minute of midnight, as written or in London, it is that day: programs write a London
    midnight in summer as 23:00 UTC on the day before. The day is None if it can't be read.
    """
    match = _TIME.search(text)
    if match is None:
        return read_month(text) or read_day(text), ""
    day, since_midnight = read_day(text[: match.start()]), _since_midnight(match)
    if day is None or since_midnight is None or not 1900 <= day.year <= 2100:
        return None, ""
    return _midnight(day, since_midnight, match["zone"]) or (day, match["time"])


def _since_midnight(match: re.Match[str]) -> timedelta | None:
    hours, minutes, seconds = int(match["h"]), int(match["m"]), int(match["s"] or 0)
    if match["half"]:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if match["half"].lower() == "p" else 0)
    passed = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return passed if minutes < 60 and seconds < 60 and passed <= _DAY else None


def _midnight(day: date, passed: timedelta, zone: str | None) -> tuple[date, str] | None:
    """The day whose midnight this is, as written or in London; None for any other time."""
    times = [(day, passed)]
    if zone:
        moment = datetime(day.year, day.month, day.day, tzinfo=_offset(zone)) + passed
        local = moment.astimezone(_LONDON)
        start = datetime(local.year, local.month, local.day, tzinfo=_LONDON)
        times.append((local.date(), local.replace(tzinfo=None) - start.replace(tzinfo=None)))
    for here, since in times:
        if since <= _CLOSE:
            return here, ""
        if since >= _DAY - _CLOSE:
            return here + _DAY, ""
    return None


def _offset(zone: str) -> timezone:
    if zone[0] not in "+-":
        return timezone(timedelta(hours=1)) if zone.upper() == "BST" else UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if zone[0] == "-" else offset)


def read_day(text: str) -> date | None:
    """A day as people write it, day before month."""
    text = re.sub(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$", "", text)
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        return _made(match[1], match[2], match[3])
    if match := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", text):
        return _made(match[3], match[2], match[1])
    if match := re.fullmatch(
        r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?[- ]?([a-z]{3,9})[-, ]*(\d{4}|\d{2})", text, re.I
    ):
        return _made(match[3], _month_number(match[2]), match[1])
    return None


def read_month(text: str) -> date | None:
    """A month as people write it: its first day."""
    if match := re.fullmatch(r"(\d{4})[-/. ]?(\d{1,2})", text):
        return _made(match[1], match[2], "1")
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{4})", text):
        return _made(match[2], match[1], "1")
    if match := re.fullmatch(r"([a-z]{3,9})\.?[-', /]*(\d{4}|\d{2})", text, re.I):
        return _made(match[2], _month_number(match[1]), "1")
    if match := re.fullmatch(r"(\d{4})[-, /]*([a-z]{3,9})", text, re.I):
        return _made(match[1], _month_number(match[2]), "1")
    return None


def _month_number(word: str) -> int:
    short = word[:3].lower()
    whole = date(2000, _MONTHS.index(short) + 1, 1) if short in _MONTHS else None
    fits = whole is not None and f"{whole:%B}".lower().startswith(word.lower())
    return whole.month if whole is not None and fits else 0


def _made(year: str, month: str | int, number: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(number))
    except ValueError:
        return None
