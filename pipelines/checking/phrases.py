"""Turns of phrase that every message to a sender shares."""

from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

_LONGEST_QUOTE = 60


def quoted(value: object) -> str:
    """A value as it was entered, in quotation marks, cut off when it is long."""
    text = " ".join(str(value).split())
    return f"“{text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + '…'}”"


def listed(items: Iterable[str], last: str = "and") -> str:
    """As a sentence lists things: a, b and c."""
    words = list(items)
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def some(items: Sequence[str], most: int = 8, last: str = "and") -> str:
    """The first few of many things, and how many more there are."""
    if len(items) <= most:
        return listed(items, last)
    return f"{', '.join(items[:most])} and {len(items) - most} more"


def nearest(entered: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that looks most like what was entered, if any does."""
    by_look = {_plain(word): word for word in allowed}
    found = get_close_matches(_plain(entered), by_look, n=1, cutoff=0.6)
    return by_look[found[0]] if found else None


def number_of(count: int, thing: str, things: str | None = None) -> str:
    """1 row, 12 rows, 1,204 rows."""
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def day(value: date) -> str:
    """12 March 2026."""
    return f"{value.day} {value:%B %Y}"


def shown(value: Any) -> str:
    """A typed value as a person writes it."""
    return (
        day(value) if isinstance(value, date) else f"{value:,}" if isinstance(value, int) else value
    )


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
