"""Days and months in the many ways that people and spreadsheets write them."""

import re
from datetime import date, timedelta

from pipelines.reading.readers.formats import epoch
from pipelines.reading.workbook import Cell

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def serial(text: str, cell: Cell) -> date | None:
    """A date that a spreadsheet shows as the number of days it counts it by."""
    if cell.kind in ("number", "text") and re.fullmatch(r"[234567]\d{4}", text):
        return (epoch() + timedelta(days=int(text))).date()
    return None


def day_of(text: str) -> date | None:
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


def month_of(text: str) -> date | None:
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
