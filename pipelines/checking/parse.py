"""Parses each kind of cell: text in, a typed value out, or a sentence that says why not."""

import re
from collections.abc import Callable, Mapping
from functools import cache

from pipelines.checking.parse_dates import day, month
from pipelines.checking.parsed import Parsed, WrongCell, refused
from pipelines.reading.compared import clean
from pipelines.reading.text_sheets import Cell
from schemas.problems import Severity
from schemas.returns import OPTIONAL, Column
from schemas.wording import plain, quoted

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
            f"The largest number accepted is {LARGEST_COUNT:,}. Check the cell for extra digits.",
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
        f"{quoted(text)} is not a whole number. “{column.title}” must be a whole number, 0 or "
        "more.",
        hint,
    )


def _hint(text: str, column: Column) -> str:
    likely = text.translate(_LETTERS_LIKE_DIGITS)
    if likely.isdecimal():
        return (
            f"Did you mean {likely}? The cell contains a letter that looks like a digit (O for 0, "
            "l for 1). Type it again with digits."
        )
    if _MARK.fullmatch(text):
        return f"{_EXACT} {_LEAVE_BLANK if column.required == OPTIONAL else _NO_FIGURES}"
    if re.search(_NOTHING, text, re.I):
        return _NOT_COUNTED if column.required == OPTIONAL else _NOTHING_COLLECTED
    return next((hint for form, hint in _HINTS if form.search(text)), _OTHERWISE)


_NOTHING = r"^(n/?a|none?|nil|tbc|unknown|not)\b|^\?+$"
_LEAVE_BLANK = "Leave the cell blank if it was not counted."
_NO_FIGURES = (
    "If nothing at all was collected on this ward, choose “Nothing was collected” under “Row "
    "status” and leave its figures blank."
)
_NOT_COUNTED = f"Type 0 if there were none. {_LEAVE_BLANK}"
_NOTHING_COLLECTED = f"Type the number, and 0 if there were none. {_NO_FIGURES}"
_HINTS = (
    (
        re.compile("%"),
        "Type how many people or incidents, not a percentage: 10 of 12 patients is 10, not 83%.",
    ),
    (
        re.compile(r"^-\s?\d+(\.\d+)?$"),
        "A count can't be below 0. Remove the minus sign, or correct it.",
    ),
    (
        re.compile(r"^0?\.\d+$"),
        "Type how many people or incidents, not a proportion: 10 of 12 patients is 10, not 0.83.",
    ),
    (re.compile(r"^\d+[.,]\d+$"), "Type a whole number, without a decimal point or decimal comma."),
    (
        re.compile(r"\d"),
        "Type only the number, without words or signs. You can add words under “Explanation”.",
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
    "Type the exact number. The system hides small numbers from others automatically. Type 0 if "
    "there were none."
)


def parse(cell: Cell, column: Column, spellings: Mapping[str, str]) -> Parsed:
    """Read a cell as its column's kind; `spellings` maps codes to the register's own spelling."""
    text = clean(cell.text).removeprefix("'").strip()
    if cell.kind == "merged":
        return _merged(cell, column)
    if not text:
        return Parsed()
    if cell.kind == "formula":
        return _no_result(text, column)
    if len(text) > column.longest:  # before any pattern, and before a rule looks for names
        return _too_long(text, column)
    if cell.kind == "error" or re.fullmatch(r"#(REF|N/A|VALUE|DIV/0|NAME|NULL|NUM)[!?]?", text):
        return _formula_error(text, column)
    return _PARSERS[column.kind](text, cell, column, spellings)


def _too_long(text: str, column: Column) -> Parsed:
    return refused(
        "E16",
        f"“{column.title}” has {len(text)} characters. It can have at most {column.longest}.",
        "Shorten the text. Do not describe incidents or people."
        if column.kind == "text"
        else f"Fill it in, for example {column.example}."
        if column.example
        else "Correct it, or leave the cell blank.",
        repeated=False,
    )


def _formula_error(text: str, column: Column) -> Parsed:
    return refused(
        "F08",
        f"The formula in this cell gives an error ({text}), so there is no value for "
        f"“{column.title}”.",
        "Correct the formula, or replace it with the value.",
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


def _choice(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
    word = re.sub(r"[\s-]+", "_", text.casefold())
    if "yes" in column.allowed:
        word = {"y": "yes", "true": "yes", "n": "no", "false": "no"}.get(word, word)
    if word not in column.allowed and word.lstrip("0") in column.allowed:
        word = word.lstrip("0")
    return Parsed(word if word in column.allowed else codes_of(column).get(plain(text), word))


@cache
def codes_of(column: Column) -> dict[str, str]:
    """The code of each of a choice's words, by their letters and digits alone."""
    return {plain(words): code for code, words in zip(column.allowed, column.words, strict=True)}


def _code(text: str, cell: Cell, column: Column, spellings: Mapping[str, str]) -> Parsed:
    return Parsed(spellings.get(text.upper(), text.upper()))


def _text(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
    return Parsed(text)


_PARSERS: dict[str, Callable[[str, Cell, Column, Mapping[str, str]], Parsed]] = {
    "count": _count,
    "date": day,
    "month": month,
    "choice": _choice,
    "code": _code,
    "text": _text,
}
