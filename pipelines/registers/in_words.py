"""The words that sets of standards, statements and items go by in a return, in place of codes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.reading.compared import clean
from pipelines.registers.register import Register, kept
from schemas.periods import Month
from schemas.sheets.confidence import QUESTION
from schemas.sheets.fields import LONGEST_WORDING

Spellings = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class InWords:
    """The words of each code in one month; a code stands for itself where words would be unclear.

    `statements` are by set and code.
    """

    sets: Mapping[str, str]
    statements: Mapping[tuple[str, str], str]
    items: Mapping[str, str]


@kept
def in_words(register: Register, month: Month) -> InWords:
    """The words that a workbook for a month shows."""
    titles = dict(register.standards.select("set_id", "set_title").iter_rows())
    items = register.items_of(QUESTION, month).select("question_id", "text").iter_rows()
    statements: dict[tuple[str, str], str] = {}
    for set_id, pairs in _by_set(register.statements(month)).items():
        own = {code: words for words, code in pairs}
        statements |= {(set_id, code): words for code, words in _clear(own).items()}
    return InWords(_clear(titles), statements, dict(items))


def _clear(words: Mapping[str, str]) -> dict[str, str]:
    """The words of each code, or the code where two have the same words or they are too long."""
    often = Counter(clean(text).casefold() for text in words.values())
    return {
        code: text
        if often[clean(text).casefold()] == 1 and len(clean(text)) <= LONGEST_WORDING
        else code
        for code, text in words.items()
    }


@kept
def spellings(register: Register, month: Month) -> dict[str, dict[str, str]]:
    """The code of each code or wording in capitals, by column; statements also by set.

    Words of another time are known too: somebody may fill in a workbook that was made then. Words
    of the month come first.
    """
    loaded, questions = register.standards, register.questions
    items = questions.filter(pl.col("item_of") == QUESTION).select("text", "question_id")
    now = register.items_of(QUESTION, month).select("text", "question_id")
    titles = loaded.select("set_title", "set_id").unique(maintain_order=True)
    found = {
        "question_id": _capitals((*items.rows(), *now.rows())),
        "set_id": _capitals(titles.iter_rows()),
        "statement_id": _codes(loaded["statement_id"]),
    }
    for set_id, pairs in _by_set(loaded, register.statements(month)).items():
        found[of_set(set_id)] = _capitals(pairs)
    return found


def _by_set(*standards: pl.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """The words and the code of each statement, by set."""
    pairs: dict[str, list[tuple[str, str]]] = {}
    for frame in standards:
        rows = frame.select("set_id", "short_text", "statement_id").iter_rows()
        for set_id, words, code in rows:
            pairs.setdefault(set_id, []).append((words, code))
    return pairs


def of_set(set_id: str) -> str:
    """The name under which `spellings` has the statements of one set."""
    return f"statement_id of {set_id}"


def _codes(codes: Iterable[str]) -> dict[str, str]:
    return {code.upper(): code for code in codes}


def _capitals(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The code of each wording, and of each code; a code is never taken for other words."""
    known = list(pairs)
    return {clean(words).upper(): code for words, code in known} | _codes(c for _, c in known)
