"""One parser for each kind of cell: text in, typed value out, or a sentence that says why not."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from pipelines.reading.number_formats import at_midnight, epoch, moment_of
from pipelines.reading.tables import clean
from pipelines.reading.text_sheets import Cell
from schemas.problems import Severity
from schemas.returns import OPTIONAL, Column
from schemas.wording import day_of, quoted


@dataclass(frozen=True)
class WrongCell:
    """What there is to say about one cell."""

    severity: Severity
    code: str
    message: str
    fix: str


@dataclass(frozen=True)
class Parsed:
    """The value of a cell, None where it is blank or unreadable, and what to say about it."""

    value: Any = None
    said: WrongCell | None = None

    @property
    def unreadable(self) -> bool:
        return self.said is not None and self.said.severity is Severity.ERROR


def refused(code: str, message: str, fix: str) -> Parsed:
    """A cell that can't be read, and what to say about it."""
    return Parsed(said=WrongCell(Severity.ERROR, code, message, fix))


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def serial(text: str, cell: Cell) -> datetime | None:
    """A date that a spreadsheet shows as the number of days it counts it by."""
    if cell.kind in ("number", "text") and re.fullmatch(r"[234567]\d{4}(\.\d+)?", text):
        return moment_of(float(text), epoch())
    return None


_TIME_OF_DAY = re.compile(
    r"[ T]+(?P<hour>\d{1,2})(:(?P<minute>\d{2})(:(?P<second>\d{2})([.,]\d+)?)?)?"
    r"( ?(?P<half>[ap])\.?m\.?)?( ?(Z|UTC|GMT|BST|[+-]\d{2}:?(\d{2})?))?$",
    re.I,
)


def _read_moment(text: str) -> datetime | None:
    """A day as people and programs write it, with the time of day if there is one.

    The time is as written, whatever its zone; within a minute of midnight it is midnight.
    """
    match = _TIME_OF_DAY.search(text)
    if match is None or not (match["minute"] or match["half"]):
        return _at_midnight(_read_day(text))
    day = _read_day(text[: match.start()])
    since = _since_midnight(match)
    if day is None or since is None:
        return None
    return at_midnight(datetime.combine(day, time.min) + since)


def _since_midnight(match: re.Match[str]) -> timedelta | None:
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    since = timedelta(hours=hour, minutes=minute, seconds=second)
    return since if minute < 60 and second < 60 and since <= timedelta(days=1) else None


def _at_midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min) if day else None


def _read_day(text: str) -> date | None:
    """A day as people write it, day before month."""
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        return _made(match[1], match[2], match[3])
    if match := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", text):
        return _made(match[3], match[2], match[1])
    if match := re.fullmatch(
        r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?[- ]?([a-z]{3,9})[-, ]*(\d{4}|\d{2})", text, re.I
    ):
        return _made(match[3], _month_number(match[2]), match[1])
    return None


def _read_month(text: str) -> date | None:
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


def read_as(cell: Cell) -> str:
    """How a date was read whose day and month could be taken for each other; empty otherwise.

    Computers set to the United States write the month first.
    """
    text = clean(cell.text).removeprefix("'").strip()
    text = text.partition(" ")[0] if _TIME_OF_DAY.search(text) else text
    match = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", text)
    day = _read_day(text) if match else None
    if match is None or day is None or int(match[1]) > 12 or int(match[1]) == int(match[2]):
        return ""
    return f"{quoted(cell.text)} was read as {day_of(day)}, with the day before the month. "


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


LARGEST_COUNT = 999_999
_LETTERS_LIKE_DIGITS = str.maketrans("OoQlI", "00011")


def _count(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
    """A count of people, incidents or days."""
    if cell.kind == "date":
        return _not_a_count(
            text,
            column,
            "Excel may have turned what you typed into a date. "
            "Set the cell's format to Number and type the number again.",
        )
    if re.fullmatch(r"\+?\d+(\.0+)?", text):
        return _within_reason(text.partition(".")[0], text, column)
    if re.fullmatch(r"\d{1,3}([, ]\d{3})+(\.0+)?", text):
        return _thousands(text, column)
    return _not_a_count(text, column, _hint(text, column))


def _within_reason(digits: str, text: str, column: Column) -> Parsed:
    digits = digits.lstrip("+0") or "0"
    if len(digits) > len(str(LARGEST_COUNT)):
        return refused(
            "E04",
            f"{quoted(text)} is far too large for “{column.title}”.",
            f"The largest number taken is {LARGEST_COUNT:,}. Check the cell for extra digits.",
        )
    return Parsed(int(digits))


def _thousands(text: str, column: Column) -> Parsed:
    read = _within_reason(re.sub(r"[, ]|\.0+$", "", text), text, column)
    if read.unreadable:
        return read
    return Parsed(
        read.value,
        WrongCell(
            Severity.NOTE,
            "N03",
            f"{quoted(text)} was read as {read.value}.",
            "Nothing to do if that is right. Numbers are safest typed without commas or spaces.",
        ),
    )


def _not_a_count(text: str, column: Column, hint: str) -> Parsed:
    return refused(
        "E04",
        f"{quoted(text)} is not a whole number. “{column.title}” takes a whole number, 0 or more.",
        hint,
    )


def _hint(text: str, column: Column) -> str:
    likely = text.translate(_LETTERS_LIKE_DIGITS)
    if likely.isdecimal():
        return (
            f"Did you mean {likely}? The cell holds a letter that looks like a digit (O for 0, l "
            "for 1). Type it again with digits."
        )
    if _MARK.fullmatch(text):
        return f"{_EXACT} {_LEAVE_BLANK if column.required == OPTIONAL else _NO_FIGURES}"
    if re.search(_NOTHING, text, re.I):
        return _NOT_COUNTED if column.required == OPTIONAL else _NOTHING_COLLECTED
    return next((hint for form, hint in _HINTS if re.search(form, text)), _OTHERWISE)


_NOTHING = r"^(n/?a|none?|nil|tbc|unknown|not)\b|^\?+$"
_LEAVE_BLANK = "Leave the cell blank if it was not counted."
_NO_FIGURES = (
    "If nothing at all was collected on this ward, choose not_collected under “Row status” and "
    "leave its figures blank."
)
_NOT_COUNTED = f"Type 0 if there were none. {_LEAVE_BLANK}"
_NOTHING_COLLECTED = f"Type the number, and 0 if there were none. {_NO_FIGURES}"
_HINTS = (
    ("%", "Type how many people or incidents, not a percentage: 10 of 12 patients is 10, not 83%."),
    (r"^-\s?\d+(\.\d+)?$", "A count can't be below 0. Take the minus sign away, or correct it."),
    (
        r"^0?\.\d+$",
        "Type how many people or incidents, not a proportion: 10 of 12 patients is 10, not 0.83.",
    ),
    (r"^\d+[.,]\d+$", "Type a whole number, without a decimal point or decimal comma."),
    (
        r"\d",
        "Type only the number, without words or signs. Words can go into “Explanation”.",
    ),
)
_OTHERWISE = "Type the number in digits. Type 0 if there were none."

# Marks that published tables put in place of a number, such as those of the Government Analysis
# Function: [c] confidential, [low], [x] not available, [z] not applicable, [u] unreliable.
_MARK = re.compile(
    r"[*＊†‡#~:.…⋯–—-]+|\[?(c|x|z|u|low|s|supp|suppressed)\]?|\[[a-z]{1,4}\]|[<>≤≥~＜].*"
    r"|\*+ ?<.*|[1-9] ?(-|–|—|to) ?\d",
    re.I,
)
_EXACT = (
    "Type the exact number. The system itself hides small numbers from others. Type 0 if there "
    "were none."
)

WRITE_MONTH = "Write it as 2026-03, or as Mar 2026."
_EARLIEST, _LATEST = date(1948, 7, 5), date(2099, 12, 31)


def parse(cell: Cell, column: Column, spellings: Mapping[str, str]) -> Parsed:
    """Read a cell as its column's kind; `spellings` gives codes in the register's own spelling."""
    text = clean(cell.text).removeprefix("'").strip()
    if cell.kind == "merged":
        return _merged(cell, column)
    if not text:
        return Parsed()
    if cell.kind == "formula":
        return _no_result(text, column)
    if cell.kind == "error" or re.fullmatch(r"#(REF|N/A|VALUE|DIV/0|NAME|NULL|NUM)[!?]?", text):
        return _formula_error(text, column)
    return _PARSERS[column.kind](text, cell, column, spellings)


def _formula_error(text: str, column: Column) -> Parsed:
    return refused(
        "F08",
        f"The formula in this cell ends in an error ({text}), so there is no value for "
        f"“{column.title}”.",
        "Mend the formula, or type the value itself in its place.",
    )


def _no_result(text: str, column: Column) -> Parsed:
    shown = f" ({quoted(text)})" if len(text) > 1 else ""
    return refused(
        "F08",
        f"This cell holds a formula{shown}, but the file does not hold its result, so there is no "
        f"value for “{column.title}”. A program other than a spreadsheet may have written it.",
        "Open the file in Excel, save it and send it again; or type the value in place of the "
        "formula.",
    )


def _merged(cell: Cell, column: Column) -> Parsed:
    return refused(
        "E03",
        f"{cell.merged_in} are merged. Only the first of these cells holds a value, so there is "
        f"none here for “{column.title}”.",
        f"Unmerge {cell.merged_in} (in Excel: Home, Merge & Centre) and fill in every cell.",
    )


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
        f"“{column.title}” is {day_of(found.date())} at {clock}. It takes a {what}, without a "
        f"time. {why}",
        f"Type the {what} that is meant, without a time, for example {example}.",
    )


def _date(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
    found = serial(text, cell) or _read_moment(text)
    if found is not None and found.time() != time.min:
        return _time_of_day(found, column)
    value = found.date() if found else None
    if value is None:
        return refused(
            "E10",
            f"{quoted(text)} is not a date. “{column.title}” takes a day of the calendar.",
            "Write it as 12/03/2026 (day, month, year) or 2026-03-12.",
        )
    if not _EARLIEST <= value <= _LATEST:
        return refused(
            "E10",
            f"{quoted(text)} is the date {day_of(value)}, which can't be right for "
            f"“{column.title}”.",
            "Check the year; write it with four digits, as 12/03/2026.",
        )
    return Parsed(value)


def _month(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
    found = serial(text, cell) or _at_midnight(_read_month(text)) or _read_moment(text)
    if found is not None and found.time() != time.min:
        return _time_of_day(found, column)
    value = found.date() if found else None
    if value is None or not _EARLIEST <= value <= _LATEST:
        return refused(
            "E10",
            f"{quoted(text)} is not a month. “{column.title}” takes a calendar month.",
            WRITE_MONTH,
        )
    return Parsed(value.replace(day=1))


def _choice(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
    word = re.sub(r"[\s-]+", "_", text.casefold())
    if "yes" in column.allowed:
        word = {"y": "yes", "true": "yes", "n": "no", "false": "no"}.get(word, word)
    if word not in column.allowed and word.lstrip("0") in column.allowed:
        word = word.lstrip("0")
    return Parsed(word)


def _code(text: str, cell: Cell, column: Column, spellings: Mapping[str, str]) -> Parsed:
    return Parsed(spellings.get(text.upper(), text.upper()))


def _text(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
    return Parsed(text)


_PARSERS: dict[str, Callable[[str, Cell, Column, Mapping[str, str]], Parsed]] = {
    "count": _count,
    "date": _date,
    "month": _month,
    "choice": _choice,
    "code": _code,
    "text": _text,
}
