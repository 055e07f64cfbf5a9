"""Cells that hold a day or a month; a time of day other than midnight is refused."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from pipelines.checking.parsed import Parsed, refused
from pipelines.reading.compared import clean, is_total
from pipelines.reading.dates import read_day, read_month
from pipelines.reading.number_formats import at_midnight, epoch, moment_of
from pipelines.reading.text_sheets import Cell
from schemas.returns import Column
from schemas.wording import day_of, quoted

WRITE_MONTH = "Write it like 2026-03 or Mar 2026."
DELETE_TOTAL = "Delete the row: totals are worked out from the rows of the wards."
_EARLIEST, _LATEST = date(1948, 7, 5), date(2099, 12, 31)


def serial(text: str, cell: Cell) -> datetime | None:
    """A date that a spreadsheet shows as the number of days it counts it by."""
    if cell.kind in ("number", "text") and re.fullmatch(r"[234567]\d{4}(\.\d+)?", text):
        return moment_of(float(text), epoch())
    return None


_TIME_OF_DAY = re.compile(
    r"(?<![ T])[ T]+(?P<hour>\d{1,2})(:(?P<minute>\d{2})(:(?P<second>\d{2})([.,]\d+)?)?)?"
    r"( ?(?P<half>[ap])\.?m\.?)?( ?(Z|UTC|GMT|BST|[+-]\d{2}:?(\d{2})?))?$",
    re.I,
)


def _read_moment(text: str) -> datetime | None:
    """A day as people and programs write it, with the time of day if there is one.

    The time is as written, whatever its zone; within a minute of midnight it is midnight.
    """
    match = _TIME_OF_DAY.search(text)
    if match is None or not (match["minute"] or match["half"]):
        return _at_midnight(read_day(text))
    written = read_day(text[: match.start()])
    since = _since_midnight(match)
    if written is None or since is None:
        return None
    return at_midnight(datetime.combine(written, time.min) + since)


def _since_midnight(match: re.Match[str]) -> timedelta | None:
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    since = timedelta(hours=hour, minutes=minute, seconds=second)
    return since if minute < 60 and second < 60 and since <= timedelta(days=1) else None


def _at_midnight(when: date | None) -> datetime | None:
    return datetime.combine(when, time.min) if when else None


def read_as(cell: Cell) -> str:
    """How a date was read whose day and month could be taken for each other; empty otherwise.

    Computers set to the United States write the month first.
    """
    text = clean(cell.text).removeprefix("'").strip()
    text = text.partition(" ")[0] if _TIME_OF_DAY.search(text) else text
    match = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", text)
    read = read_day(text) if match else None
    if match is None or read is None or int(match[1]) > 12 or int(match[1]) == int(match[2]):
        return ""
    return f"{quoted(cell.text)} was read as {day_of(read)}, with the day before the month. "


def _time_of_day(found: datetime, column: Column) -> Parsed:
    """E10: a day may be the wrong one if its time is not midnight."""
    clock = f"{found:%H:%M:%S}" if found.second else f"{found:%H:%M}"
    following = day_of((found + timedelta(days=1)).date())
    why = (
        "Some programs write midnight in London as 23:00 of the day before, so this may mean "
        f"{following}."
        if found.hour == 23
        else "It may be the wrong day: some programs move the time between time zones."
    )
    what, example = (
        ("month", f"{(found + timedelta(hours=1)):%Y-%m}")
        if column.kind == "month"
        else ("day", f"{(found + timedelta(hours=1)):%Y-%m-%d}")
    )
    return refused(
        "E10",
        f"“{column.title}” is {day_of(found.date())} at {clock}. It must be a {what}, without a "
        f"time. {why}",
        f"Type the {what} that is meant, without a time, for example {example}.",
    )


def day(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
    """A day of the calendar, without a time."""
    found = serial(text, cell) or _read_moment(text)
    if found is not None and found.time() != time.min:
        return _time_of_day(found, column)
    value = found.date() if found else None
    if value is None:
        return refused(
            "E10",
            f"{quoted(text)} is not a date. “{column.title}” must be a date.",
            "Write it like 12/03/2026 (day, month, year) or 2026-03-12.",
        )
    if not _EARLIEST <= value <= _LATEST:
        return refused(
            "E10",
            f"{quoted(text)} is the date {day_of(value)}, which can't be right for "
            f"“{column.title}”.",
            "Check the year; write it with four digits, as in 12/03/2026.",
        )
    return Parsed(value)


def month(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
    """A calendar month, as its first day."""
    found = serial(text, cell) or _at_midnight(read_month(text)) or _read_moment(text)
    if found is not None and found.time() != time.min:
        return _time_of_day(found, column)
    value = found.date() if found else None
    if value is None or not _EARLIEST <= value <= _LATEST:
        return refused(
            "E10",
            f"{quoted(text)} is not a month. “{column.title}” must be a calendar month.",
            DELETE_TOTAL if is_total(text) else WRITE_MONTH,
        )
    return Parsed(value.replace(day=1))
