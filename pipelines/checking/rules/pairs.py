"""Checks that the table of who was affected, by whom, agrees with the counts beside it.

A cell counts incidents, and an incident may affect several kinds of people or have several alleged
to be responsible. So the cells of a kind are at least its incidents, none is more than these, and
only if no incident can be in two of them are they exactly as many.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.checking.conditions import (
    All,
    Compared,
    Condition,
    Either,
    Given,
    Largest,
    RowRule,
    SomeGiven,
    Status,
    Sum,
)
from pipelines.checking.typed_return import TypedReturn, TypedRow
from schemas.problems import Problem
from schemas.returns import INCIDENT_COUNTS
from schemas.sheets.pairs import AFFECTED, ALLEGED, PAIRS, cell
from schemas.wording import listed, shown, starting

_AFFECTED = tuple(f"inc_affected_{who}" for who in AFFECTED)
_ALLEGED = tuple(f"inc_alleged_{who}" for who in ALLEGED)


@dataclass(frozen=True)
class _Margin:
    """What some cells must agree with, as conditions."""

    whole: tuple[str, ...]
    cells: tuple[str, ...]

    @property
    def above(self) -> Condition:
        """One of the cells is more than the whole."""
        return self._where(Compared(Largest(self.cells), ">", Sum(self.whole)))

    @property
    def fewer(self) -> Condition:
        return self._where(Compared(Sum(self.cells), "<", Sum(self.whole)))

    @property
    def more(self) -> Condition:
        """The cells together are more, but none of them alone."""
        none_above = Compared(Sum(self.whole), ">=", Largest(self.cells))
        return self._where(none_above, Compared(Sum(self.cells), ">", Sum(self.whole)))

    def _where(self, *conditions: Condition) -> Condition:
        return All((Given(self.whole), *conditions))


_OF_AFFECTED = [
    _Margin((f"inc_affected_{who}",), tuple(cell(who, alleged) for alleged in ALLEGED))
    for who in AFFECTED
]
_OF_ALLEGED = [
    _Margin((f"inc_alleged_{who}",), tuple(cell(affected, who) for affected in AFFECTED))
    for who in ALLEGED
]
_OF_ALL = _Margin(INCIDENT_COUNTS, PAIRS)
_MARGINS = (*_OF_AFFECTED, *_OF_ALLEGED, _OF_ALL)


def _once(margins: tuple[str, ...]) -> Condition:
    """No incident is counted in two of these: they add up to the incidents."""
    adds_up = Compared(Sum(margins), "=", Sum(INCIDENT_COUNTS))
    return All((Given((*margins, *INCIDENT_COUNTS)), adds_up))


_TWICE = (  # what can't have more in its cells, where no incident can be in two of them
    (_OF_AFFECTED, _once(_ALLEGED), "who is alleged to be responsible"),
    (_OF_ALLEGED, _once(_AFFECTED), "who was affected"),
)
_DATA = Status(("data",))
_ABOVE = RowRule(
    "E05",
    PAIRS[0],
    All((_DATA, Either(tuple(margin.above for margin in _MARGINS)))),
    "A figure of who was affected, by whom, is more than the count that it is part of.",
)
_UNEQUAL = RowRule(
    "E19",
    PAIRS[0],
    All(
        (
            _DATA,
            SomeGiven(PAIRS),
            Either(
                (
                    *(margin.fewer for margin in _MARGINS),
                    *(
                        All((once, Either(tuple(margin.more for margin in margins))))
                        for margins, once, _ in _TWICE
                    ),
                )
            ),
        )
    ),
    "The figures of who was affected, by whom, don't add up to the counts beside them.",
)


def figure_above_margin(sent: TypedReturn) -> Iterator[Problem]:
    """E05: a pair has more incidents than its kind of people affected, or alleged, has in all."""
    for entry in sent.rows("monthly"):
        if not _ABOVE.broken_by(entry, sent):
            continue
        for margin in _but_all([m for m in _MARGINS if m.above.holds(entry, sent)]):
            most = max(margin.cells, key=lambda field: entry[field] or 0)
            yield entry.error(
                _ABOVE.code,
                _ABOVE.field,
                f"{entry.title(most)} is {shown(entry[most])}, which is more than "
                f"{_named(entry, margin)}. It counts some of them, so it can't be more.",
                "Correct whichever of the two numbers is wrong. Count incidents, not people.",
            )


def figures_do_not_add_up(sent: TypedReturn) -> Iterator[Problem]:
    """E19: the pairs of a kind of people disagree with the count of its incidents."""
    for entry in sent.rows("monthly"):
        unclear = entry.unreadable.intersection((*PAIRS, *_AFFECTED, *_ALLEGED, *INCIDENT_COUNTS))
        if unclear or not _UNEQUAL.broken_by(entry, sent):
            continue
        for margin in _but_all([m for m in _MARGINS if m.fewer.holds(entry, sent)]):
            yield _error(
                entry,
                f"{_added(entry, margin)}, fewer than {_named(entry, margin)}.",
                "Count each of these incidents at least once: where nobody is named as alleged to "
                "be responsible, under “not known by whom”. Or leave all twelve columns of who was "
                "affected, by whom, blank.",
            )
        for margins, once, about in _TWICE:
            for margin in margins if once.holds(entry, sent) else ():
                if margin.more.holds(entry, sent):
                    yield _error(
                        entry,
                        f"{_added(entry, margin)}, more than {_named(entry, margin)}. The columns "
                        f"on {about} add up to the incidents of the month, so none is counted "
                        "twice.",
                        "Correct whichever number is wrong. Count incidents, not people: one that "
                        "affects three patients is 1.",
                    )


def _but_all(margins: list[_Margin]) -> list[_Margin]:
    """The margins without that of all incidents, which says nothing new beside another."""
    return [margin for margin in margins if margin != _OF_ALL or len(margins) == 1]


def _error(entry: TypedRow, message: str, fix: str) -> Problem:
    return entry.error(_UNEQUAL.code, _UNEQUAL.field, message, fix)


def _added(entry: TypedRow, margin: _Margin) -> str:
    """What the cells of a margin add up to, with their names."""
    cells = "the twelve columns of who was affected, by whom,"
    if margin != _OF_ALL:
        cells = listed(entry.title(field) for field in margin.cells)
    return f"{starting(cells)} add up to {shown(entry.count(*margin.cells))}"


def _named(entry: TypedRow, margin: _Margin) -> str:
    name = "the incidents of the month" if margin == _OF_ALL else entry.title(margin.whole[0])
    return f"{name}, {shown(entry.count(*margin.whole))}"


RULES = (figure_above_margin, figures_do_not_add_up)
ROW_RULES = (_ABOVE, _UNEQUAL)
