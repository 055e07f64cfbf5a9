"""Checks that no part is more than its whole."""

from collections.abc import Iterator

from pipelines.checking.conditions import (
    COUNTED,
    All,
    Compared,
    Either,
    Given,
    Not,
    RowRule,
    Status,
    Sum,
)
from pipelines.checking.typed_return import TypedReturn, TypedRow
from schemas.parts import ALWAYS_PART_OF
from schemas.problems import Problem
from schemas.returns import INCIDENT_COUNTS, OPTIONAL, columns_of
from schemas.wording import shown

PARTS = {part: whole[0] for part, whole in ALWAYS_PART_OF.items() if len(whole) == 1}
PARTS_OF_INCIDENTS = [p for p, whole in ALWAYS_PART_OF.items() if whole == INCIDENT_COUNTS]


def _title(field: str) -> str:
    return f"“{columns_of('monthly')[field].title}”"


def _above(part: str, whole: str) -> RowRule:
    more = Compared(Sum((part,)), ">", Sum((whole,)))
    return RowRule(
        "E05",
        part,
        All((COUNTED, Given((part, whole)), more)),
        f"{_title(part)} is more than {_title(whole)}.",
    )


def _above_incidents(part: str) -> RowRule:
    known = Either((Given(INCIDENT_COUNTS), Status(("nil_incidents",))))
    more = Compared(Sum((part,)), ">", Sum(INCIDENT_COUNTS))
    return RowRule(
        "E05",
        part,
        All((COUNTED, Given((part,)), known, more)),
        f"{_title(part)} is more than the incidents of the month.",
    )


def _without(part: str, whole: str) -> RowRule:
    """The whole is blank; where it is needed anyway, another rule says so."""
    optional = columns_of("monthly")[whole].required == OPTIONAL
    rows = COUNTED if optional else Status(("nil_incidents",))
    return RowRule(
        "E03",
        whole,
        All((rows, Given((part,)), Not(Given((whole,))))),
        f"{_title(part)} is there, but {_title(whole)} is blank.",
    )


_ABOVE = {part: _above(part, whole) for part, whole in PARTS.items()}
_ABOVE_INCIDENTS = {part: _above_incidents(part) for part in PARTS_OF_INCIDENTS}
_WITHOUT = {part: _without(part, whole) for part, whole in PARTS.items()}


def part_above_whole(sent: TypedReturn) -> Iterator[Problem]:
    """E05: for example, more people feel safe than answered."""
    for entry in sent.rows("monthly"):
        for part, rule in _ABOVE.items():
            if rule.broken_by(entry, sent):
                whole = PARTS[part]
                yield _too_many(entry, rule, f"{entry.title(whole)}, {shown(entry[whole])}")
        for rule in _ABOVE_INCIDENTS.values():
            if rule.broken_by(entry, sent):
                total = shown(entry.count(*INCIDENT_COUNTS))
                yield _too_many(entry, rule, f"the incidents of the month, {total}")


def _too_many(entry: TypedRow, rule: RowRule, whole: str) -> Problem:
    part = rule.field
    return entry.error(
        rule.code,
        part,
        f"{entry.title(part)} is {shown(entry[part])}, which is more than {whole}. It counts some "
        "of them, so it can't be more.",
        "Correct whichever of the two numbers is wrong.",
    )


def part_without_whole(sent: TypedReturn) -> Iterator[Problem]:
    """E03: a part was given, but not its whole."""
    for entry in sent.rows("monthly"):
        for part, rule in _WITHOUT.items():
            whole = rule.field
            if rule.broken_by(entry, sent):
                yield entry.error(
                    rule.code,
                    whole,
                    f"{entry.title(part)} is {shown(entry[part])}, but {entry.title(whole)} is "
                    "blank, so no percentage can be worked out.",
                    f"Type {entry.title(whole)}, or leave both blank.",
                )


RULES = (part_above_whole, part_without_whole)
ROW_RULES = (*_ABOVE.values(), *_ABOVE_INCIDENTS.values(), *_WITHOUT.values())
