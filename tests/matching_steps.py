"""Counts the steps that a backtracking engine takes to match a pattern, as Python's does.

Times say little on a busy machine; steps are the same everywhere. The matcher reads the pattern as
Python's own parser does, and tries what Python's engine tries, in the same order.
"""

import re
from collections.abc import Iterator
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)
_LETTERS = (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN)
_SOME = [chr(number) for number in (*b"a1A -.,@0(", *range(32, 0x2100))]
_EVEN_MORE = 200_000  # steps after which counting has no more to tell


class TooManySteps(Exception):
    """The matcher gave up."""


class Matcher:
    """A pattern and how it is used: `search` also stands for sub, split, findall and finditer."""

    def __init__(self, pattern: str, flags: int = 0, method: str = "search") -> None:
        parsed = _parser.parse(pattern, flags)
        end = [(sre.AT, sre.AT_END_STRING)] if method == "fullmatch" else []
        self._nodes, self._flags = [*parsed, *end], parsed.state.flags
        self._anywhere = method == "search"
        self._known: dict[object, bool] = {}
        self._text, self.steps = "", 0

    def found(self, text: str) -> list[tuple[int, int]]:
        """Where each match begins and ends; `steps` then says what that took."""
        self._text, self.steps = text, 0
        found, at = [], 0
        while at <= len(text):
            end = next(self._ends(self._nodes, 0, at), None)
            if end is not None:
                found.append((at, end))
            if not self._anywhere:
                break
            at = max(at + 1, end or 0)
        return found

    def _ends(self, nodes: list[Any], number: int, at: int) -> Iterator[int]:
        """Where a match of the rest of the nodes may end, in the order in which it is tried."""
        self._step()
        if number == len(nodes):
            yield at
            return
        for end in self._one(*nodes[number], at):
            yield from self._ends(nodes, number + 1, end)

    def _step(self) -> None:
        self.steps += 1
        if self.steps > _EVEN_MORE:
            raise TooManySteps

    def _one(self, what: Any, about: Any, at: int) -> Iterator[int]:
        """Where a match of one part of the pattern may end."""
        if what in _LETTERS:
            if self._is(what, about, at):
                yield at + 1
        elif what in _REPEATS:
            yield from self._again(what, *about, at)
        elif what is sre.BRANCH:
            for choice in about[1]:
                yield from self._ends(list(choice), 0, at)
        elif what is sre.SUBPATTERN:
            yield from self._ends(list(about[3]), 0, at)
        elif self._holds(what, about, at):
            yield at

    def _holds(self, what: Any, about: Any, at: int) -> bool:
        """Whether a part that takes no letter is true here."""
        if what is sre.AT:
            return self._is_at(about, at)
        if what in (sre.ASSERT, sre.ASSERT_NOT):
            return self._sees(*about, at) is (what is sre.ASSERT)
        raise NotImplementedError(what)

    def _sees(self, direction: int, inner: Any, at: int) -> bool:
        start = at if direction > 0 else at - inner.getwidth()[0]
        return start >= 0 and any(True for _ in self._ends(list(inner), 0, start))

    def _again(self, what: Any, least: int, most: int, inner: Any, at: int) -> Iterator[int]:
        is_letter = len(inner) == 1 and inner[0][0] in _LETTERS
        repeated = self._letters if is_letter else self._repeated
        return repeated(least, most, list(inner), at, what is sre.MIN_REPEAT)

    def _letters(self, least: int, most: int, inner: Any, at: int, lazy: bool) -> Iterator[int]:
        """A repeated letter: as many as there are, then one fewer each time; or the reverse."""
        end = at
        while end - at < most and (not lazy or end - at < least) and self._is(*inner[0], end):
            end += 1
        if not lazy:
            for fewer in range(end, at + least - 1, -1):
                self._step()
                yield fewer
            return
        while end - at >= least:
            yield end
            if end - at == most or not self._is(*inner[0], end):
                return
            end += 1

    def _repeated(self, least: int, most: int, inner: Any, at: int, lazy: bool) -> Iterator[int]:
        if lazy and least <= 0:
            yield at
        if most > 0:
            for end in self._ends(inner, 0, at):
                if end > at or least > 0:
                    yield from self._repeated(least - 1, most - 1, inner, end, lazy)
        if not lazy and least <= 0:
            yield at

    def _is(self, what: Any, about: Any, at: int) -> bool:
        self._step()
        if at >= len(self._text):
            return False
        letter = self._text[at]
        if what is sre.ANY:
            return letter != "\n" or bool(self._flags & re.DOTALL)
        key = id(about) if what is sre.IN else (what is sre.NOT_LITERAL, about), letter
        if key not in self._known:
            self._known[key] = is_letter(what, about, letter, self._flags)
        return self._known[key]

    def _is_at(self, where: Any, at: int) -> bool:
        text, lines = self._text, self._flags & re.MULTILINE
        before = at > 0 and re.match(r"\w", text[at - 1]) is not None
        after = at < len(text) and re.match(r"\w", text[at]) is not None
        if where is sre.AT_BEGINNING:
            return at == 0 or bool(lines and text[at - 1] == "\n")
        if where is sre.AT_END:
            return text[at:] in ("", "\n") or bool(lines and text[at] == "\n")
        if where is sre.AT_BEGINNING_STRING:
            return at == 0
        if where is sre.AT_END_STRING:
            return at == len(text)
        return (before != after) is (where is sre.AT_BOUNDARY)


def examples(pattern: str, flags: int = 0) -> list[str]:
    """Texts that are like what a pattern matches: one for each choice it offers."""
    return _examples(list(_parser.parse(pattern, flags)))[:8]


def _examples(nodes: list[Any]) -> list[str]:
    parts = [_parts(*node) for node in nodes]
    usual = [part[0] for part in parts]
    found = ["".join(usual)]
    for number, choices in enumerate(parts):
        found += ["".join([*usual[:number], other, *usual[number + 1 :]]) for other in choices[1:]]
    return found


def _parts(what: Any, about: Any) -> list[str]:
    if what is sre.LITERAL:
        return [chr(about)]
    if what is sre.IN:
        return [next(c for c in _SOME if is_letter(what, about, c))]
    if what in (sre.ANY, sre.NOT_LITERAL):
        return ["a"]
    if what in _REPEATS:
        return [part * max(1, about[0]) for part in _examples(list(about[2]))]
    if what is sre.BRANCH:
        return [part for choice in about[1] for part in _examples(list(choice))]
    if what is sre.SUBPATTERN:
        return _examples(list(about[3]))
    return [""]


def is_letter(what: Any, about: Any, letter: str, flags: int = 0) -> bool:
    """Whether a part of a pattern that stands for one letter stands for this one."""
    spellings = {letter}
    if flags & re.IGNORECASE:
        spellings |= {other for other in (letter.lower(), letter.upper()) if len(other) == 1}
    if what is sre.LITERAL:
        return any(ord(each) == about for each in spellings)
    if what is sre.NOT_LITERAL:
        return all(ord(each) != about for each in spellings)
    inverse = about[0][0] is sre.NEGATE
    return inverse is not any(_is_in(*part, each, flags) for part in about for each in spellings)


def _is_in(what: Any, about: Any, letter: str, flags: int) -> bool:
    if what is sre.LITERAL:
        return ord(letter) == about
    if what is sre.RANGE:
        return about[0] <= ord(letter) <= about[1]
    if what is sre.CATEGORY:
        return re.match(_CATEGORIES[about], letter, flags & re.ASCII) is not None
    return False
