"""W17: text that seems to name or identify a person is not kept, but the rest of its row is."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from pipelines.checking.typed_return import TypedReturn, TypedRow
from schemas.problems import Problem, Severity

_NAMES_FILE = Path(__file__).parents[3] / "data" / "reference" / "first_names.txt"
_FREE_TEXT = {"cover": ("notes", "contact_email"), "monthly": ("explain",), "events": ("label",)}
_YEARS_OF_A_BIRTH_DATE = 10  # a date this old in a note about one month is probably a birth date
_EMAIL = re.compile(r"(?<=[^\s@<>])@[^\s@<>]+\.[a-z]{2,}", re.I)
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_BIRTH = re.compile(r"\b(d\.?o\.?b\b|date of birth|born (on|in)?\s*\d)", re.I)
_YEAR_OF_A_DATE = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?[-/. ](?:\d{1,2}|[a-z]{3,9})[-/., ]+((?:19|20)\d\d)\b"
    r"|\b((?:19|20)\d\d)-\d{1,2}-\d{1,2}\b",
    re.I,
)
_TITLED = re.compile(r"\b(Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\b\.? ?[A-Z][a-z'’]+")
_INITIALLED = re.compile(r"\b[A-Z]\. ?(?:[A-Z]\. ?)?[A-Z][a-z'’]{2,}\b")
_CAPITALISED = re.compile(r"[A-Z][\w'’-]+")
_PLACES = {
    "Ward",
    "Unit",
    "House",
    "Suite",
    "Court",
    "Clinic",
    "Centre",
    "Hospital",
    "Lodge",
    "Wing",
    "Day",
    "Road",
    "Street",
}


def without_personal_text(sent: TypedReturn) -> tuple[TypedReturn, list[Problem]]:
    """The return without such text, and a query at each of its cells that never quotes it."""
    problems: list[Problem] = []
    entries = dict(sent.entries)
    for sheet, fields in _FREE_TEXT.items():
        entries[sheet] = tuple(
            _without(entry, fields, sent, problems) for entry in sent.rows(sheet)
        )
    return replace(sent, entries=entries), problems


def _without(
    entry: TypedRow, fields: tuple[str, ...], sent: TypedReturn, problems: list[Problem]
) -> TypedRow:
    found = {field: what for field in fields if (what := _found(entry, field, sent))}
    for field, what in found.items():
        problem = entry.problem(
            Severity.QUERY,
            "W17",
            field,
            f"{entry.title(field)} looks as if it holds {what}, so this text will not be kept. "
            "The rest of the row is not affected.",
            "Please remove it and send the file again. If you send it as it is, the text is left "
            "out.",
        )
        problems.append(replace(problem, value=None))
    if not found:
        return entry
    values = {**entry.values, **dict.fromkeys(found)}
    return replace(entry, values=values, blocked=entry.blocked | set(found))


def _found(entry: TypedRow, field: str, sent: TypedReturn) -> str | None:
    text = entry[field]
    if not text:
        return None
    if field == "contact_email":
        return "a person's own address rather than a team's" if _own_address(text) else None
    places = frozenset(word for name in sent.ward_names.values() for word in name.split())
    return personal(text, sent.context.today, places)


def personal(text: str, today: date, places: frozenset[str] = frozenset()) -> str | None:
    """What a text seems to hold that identifies a person, or None.

    `places` are words that don't count as names here, such as parts of ward names.
    """
    if _EMAIL.search(text):
        return "an e-mail address"
    if any(nhs_number(match) for match in _TEN_DIGITS.findall(text)):
        return "an NHS number"
    if phone_number(text):
        return "a telephone number"
    years = [int(a or b) for a, b in _YEAR_OF_A_DATE.findall(text)]
    if _BIRTH.search(text) or any(y <= today.year - _YEARS_OF_A_BIRTH_DATE for y in years):
        return "a date of birth"
    if _TITLED.search(text) or _INITIALLED.search(text) or any(_names(text, places)):
        return "a person's name"
    return None


def nhs_number(text: str) -> bool:
    """True for ten digits of which the last is the modulo 11 check digit of the others."""
    digits = [int(digit) for digit in text if digit.isdigit()]
    weighted = sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False))
    return len(digits) == 10 and (11 - weighted % 11) % 11 == digits[9]


def _names(text: str, places: frozenset[str]) -> Iterator[str]:
    alone, with_another = first_names()
    words = re.findall(r"[\w'’-]+", text)
    for word, following in zip(words, [*words[1:], ""], strict=False):
        name = re.sub(r"['’]s$", "", word)
        if name in places or following in _PLACES:
            continue
        surname = _CAPITALISED.fullmatch(following) and following not in places
        if name in alone or (name in with_another and surname):
            yield name


def _own_address(address: str) -> bool:
    alone, with_another = first_names()
    first, *rest = re.split(r"[._-]", address.partition("@")[0])
    return bool(rest) and first.title() in alone | with_another


@cache
def first_names() -> tuple[frozenset[str], frozenset[str]]:
    """First names that count on their own, and those that count only before a surname."""
    _, alone, with_another = re.split(r"^\[.*\]$", _NAMES_FILE.read_text("utf-8"), flags=re.M)
    return frozenset(alone.split()), frozenset(with_another.split())


_GAP = r"[\s.()\u2010-\u2013-]{0,3}"
_ALONE = r"(?<![\w/])(?<!\d[.,-])(?<![A-Za-z]-)", r"(?!\w|[-.,]\d)"  # not part of a date or code
_TIMES = r"(?!\(?\d{4}\s?[\u2010-\u2013-]\s?\d{4}\b)"  # 0700-1930 is a shift
_SHAPES = (
    rf"\(?(?:\+|00)44\)?{_GAP}(?:\(?0\)?{_GAP})?[1-35789](?:{_GAP}\d){{8,9}}",
    rf"{_TIMES}\(?0[1-35789]\d(?:{_GAP}\d){{8}}",
    r"\(?01\d{3}\)?[\s-]{1,2}\d{5}",
    r"\(?0[58]00\)?[\s-]?\d{3}[\s-]?\d{3}",
)
_NUMBER = re.compile(f"{_ALONE[0]}(?:{'|'.join(_SHAPES)}){_ALONE[1]}")


def phone_number(text: str) -> bool:
    """True if a text seems to hold a telephone number."""
    return _NUMBER.search(text) is not None
