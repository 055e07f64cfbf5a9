"""Works out which styles of a workbook show a number as a date or a percentage."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isfinite
from xml.etree.ElementTree import Element

from pipelines.reading.text_sheets import CellKind

_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_BUILT_IN_PERCENT = {9, 10}
_QUOTED = re.compile(r'"[^"]*"|\[[^][]*\]|\\.|_.|\*.')
_LONGEST_CODE = 255  # Excel's limit
_LAST_SERIAL = 2_958_465  # 31 December 9999


@dataclass(frozen=True)
class Formats:
    """Style numbers that mean a date or a percentage, and the day the workbook counts from."""

    dates: frozenset[int]
    percents: frozenset[int]
    epoch: datetime


def formats_of(styles: Element, is_1904: bool) -> Formats:
    """Read the styles part of a workbook."""
    meant: dict[int, CellKind | None] = {}  # by the number of a format
    dates, percents = set(), set()
    for element in styles.iter():
        name = element.tag.rpartition("}")[2]
        if name == "numFmt":
            meant[int(element.get("numFmtId", -1))] = _meant(element.get("formatCode", ""))
        elif name == "cellXfs":
            for style, form in enumerate(element):
                number = int(form.get("numFmtId", 0))
                kind = meant.get(number)
                if number in _BUILT_IN_PERCENT or kind == "percent":
                    percents.add(style)
                elif number in _BUILT_IN_DATES or kind == "date":
                    dates.add(style)
    return Formats(frozenset(dates), frozenset(percents), epoch(is_1904))


def _meant(code: str) -> CellKind | None:
    """What a format shows a number as, if that is no number."""
    plain = _QUOTED.sub("", code[:_LONGEST_CODE]).lower()
    if "%" in plain:
        return "percent"
    return "date" if plain != "general" and re.search(r"[dmyhs]", plain) else None


def epoch(is_1904: bool = False) -> datetime:
    """Day zero; Excel believes there was a 29 February 1900, so later serials are one too high."""
    return datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 (no zone)


def show_number(number: float, style: int, formats: Formats) -> tuple[str, CellKind]:
    """A number as text, with the kind of cell its format makes it."""
    if style in formats.percents and isfinite(number):
        return f"{plain(number * 100)}%", "percent"
    if style in formats.dates and 0 < number < _LAST_SERIAL:
        moment = moment_of(number, formats.epoch)
        whole = moment.time() == moment.time().min
        return (f"{moment:%Y-%m-%d}" if whole else f"{moment:%Y-%m-%d %H:%M:%S}"), "date"
    return plain(number), "number"


def moment_of(serial: float, day_zero: datetime) -> datetime:
    """A serial number as a day and a time to the second; midnight if within a minute of it.

    Programs that go through fractions of a day, or through a zone whose offset had seconds a
    hundred years ago, write midnight up to a minute early or late.
    """
    moment = day_zero + timedelta(days=int(serial), seconds=round(serial % 1 * 86_400))
    return at_midnight(moment)


def at_midnight(moment: datetime) -> datetime:
    """Midnight, if a moment is within a minute of it; otherwise the moment itself."""
    day = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 (no zone)
    if moment - day < timedelta(minutes=1):
        return day
    # The last day of all has no midnight after it.
    if moment - day > timedelta(days=1, minutes=-1) and moment.date() < date.max:
        return day + timedelta(days=1)
    return moment


def plain(number: float) -> str:
    """A number without floating-point noise: 12, 3.5, 0.85, and 0 for -0."""
    if not isfinite(number):
        return str(number)
    number = number or 0.0  # some programs write -0, which Excel shows as 0
    text = f"{number:.12g}"
    return f"{float(text):.0f}" if float(text).is_integer() and abs(number) < 1e15 else text
