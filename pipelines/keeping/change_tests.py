"""The log of tests of change of each ward: every version of every entry is a decision.

An entry begins with the decision that first recorded it, whose id is the entry's. Each later
version names the one it replaces. The newest that nobody has undone is in use; undoing the first
removes the whole entry. Nothing is ever deleted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from pathlib import Path

from pipelines.keeping import decide, decision_subjects
from pipelines.keeping.decide import fitted, keep
from pipelines.keeping.decision_subjects import DecisionError, UnitCodes
from pipelines.keeping.decisions import Decided, in_force, subject
from pipelines.keeping.home import Home
from schemas import wording
from schemas.change_tests import LONGEST_YEARS, ChangeTest
from schemas.london_time import london_day
from schemas.receipts import Decision
from schemas.tables.kinds import FOUNDATIONS
from schemas.vocabularies import LONGEST_IDEA, LONGEST_TEXT, OUTCOMES

_CHANGED_SINCE = (
    "Somebody has changed this test of change since you opened it, so nothing was saved. Look at "
    "the newest version, then make your change again."
)


@dataclass(frozen=True)
class Entry:
    """One test of change in the log: its versions that nobody has undone, oldest first."""

    test_id: str
    versions: tuple[Decision, ...]

    @property
    def newest(self) -> Decision:
        """The version in use."""
        return self.versions[-1]


def log(decisions: Iterable[Decision]) -> list[Entry]:
    """Every entry in use, in the order in which they were first recorded.

    Versions are in order even if a clock was set back: each names the one it replaces.
    """
    every = list(decisions)
    by_id = {each.id: each for each in every if each.kind == "change_test"}
    kept = [each for each in in_force(every) if each.id in by_id]
    in_use = {each.id for each in kept}
    versions: dict[str, list[tuple[int, str]]] = {}
    for each in kept:
        first, steps = _first(each, by_id)
        if first in in_use or first not in by_id:  # a first version may be damaged
            versions.setdefault(first, []).append((steps, each.id))
    return [
        Entry(first, tuple(by_id[name] for _, name in sorted(found)))
        for first, found in sorted(versions.items())
    ]


def record(home: Home, ward: UnitCodes, test: ChangeTest, decided: Decided) -> Decision:
    """Put a test of change into the log of a ward; raises DecisionError with every problem."""
    fit = checked(home, ward, test, decided.at)
    known = [e.newest for e in log(home.archive.decisions()) if _ward(e.newest) == ward]
    if any(_same(each.tried, fit) for each in known):
        raise DecisionError(
            f"“{fit.idea}” from {wording.day_of(fit.start)} is already in this ward’s log: change "
            "that entry instead."
        )
    return _keep(home, ward, fit, decided)


def revise(home: Home, version: str, test: ChangeTest, decided: Decided) -> Decision:
    """Save a new version of an entry in place of its newest; raises DecisionError."""
    entries = log(home.archive.decisions())
    newest = next((e.newest for e in entries if version in {v.id for v in e.versions}), None)
    if newest is None:
        raise DecisionError(f"There is no test of change {version} in the log.")
    if newest.id != version:
        raise DecisionError(_CHANGED_SINCE)
    fit = checked(home, _ward(newest), test, decided.at)
    if fit == newest.tried:
        raise DecisionError("Nothing differs from the version before: there is nothing to save.")
    return _keep(home, _ward(newest), fit, decided, replaces=version)


def undo(home: Home, saved: Decision, decided: Decided) -> Decision:
    """Undo a version that has just been saved, or an undo of one; refused if it changed since."""
    decisions = home.archive.decisions()
    versions = {each.id: each for each in decisions if each.kind == "change_test"}
    test_id, _ = _first(subject(decisions, saved.id), versions)
    known = {each.id for each in decisions}
    # By the chain and not by the clock, which may have been set back.
    newest_first = (Path(link.entry).stem for link in reversed(home.archive.links()))
    for since in takewhile(lambda name: name != saved.id, newest_first):
        if since in known and _first(subject(decisions, since), versions)[0] == test_id:
            raise DecisionError(_CHANGED_SINCE)
    return decide.undo(home, saved.id, decided)


def checked(home: Home, ward: UnitCodes, test: ChangeTest, at: datetime) -> ChangeTest:
    """The test as it may be kept, without spaces around its texts; raises DecisionError.

    Every problem is reported at once, in a sentence each.
    """
    decision_subjects.unit(home.archive.newest_register(), ward)
    if ward.ward_code is None:
        raise DecisionError("Choose the ward that tries it.")
    texts, problems = {}, []
    for field, (what, longest) in _TEXTS.items():
        try:
            texts[field] = fitted(home, getattr(test, field) or "", what, at, longest) or None
        except DecisionError as unfit:
            problems.append(str(unfit))
            texts[field] = getattr(test, field)
    stripped = test.model_copy(update={**texts, "outcome": test.outcome or None})
    problems += _missing(stripped)
    problems += _not_known(home, stripped)
    problems += _dates(home, stripped, london_day(at))
    if problems:
        raise DecisionError(" ".join(problems))
    return stripped


_TEXTS = {
    "idea": ("The idea", LONGEST_IDEA),
    "prediction": ("What you predict", LONGEST_TEXT),
    "happened": ("What happened", LONGEST_TEXT),
}


def _missing(test: ChangeTest) -> Iterator[str]:
    if not test.idea:
        yield "Give the idea a short name: charts show it."
    if not test.prediction:
        yield "Say what you predict will happen."
    if test.outcome and not test.happened:
        yield "Say what happened: an outcome needs it."


def _not_known(home: Home, test: ChangeTest) -> Iterator[str]:
    if test.foundation not in FOUNDATIONS:
        yield (
            f"“{test.foundation}” is not one of the four foundations: choose one of "
            f"{', '.join(FOUNDATIONS)}."
        )
    if test.outcome and test.outcome not in OUTCOMES:
        yield f"“{test.outcome}” is not an outcome: choose one of {', '.join(OUTCOMES)}."
    if test.measure is not None:
        known = {measure.id: measure for measure in home.archive.newest_measures()}
        if test.measure not in known:
            yield f"There is no measure {test.measure}: write its code, such as SS-O1."
        elif known[test.measure].restricted:
            yield f"Measure {test.measure} is seen by few people only: choose another one, or none."


def _dates(home: Home, test: ChangeTest, today: date) -> Iterator[str]:
    start, end, first = test.start, test.end, home.programme.first
    if start > today:
        yield f"It starts on {wording.day_of(start)}, in the future: record it once it has started."
    if start < first.first_day:
        yield (
            f"It starts on {wording.day_of(start)}, before {first.label}, when the programme "
            "began: no chart shows that."
        )
    if end < start:
        yield (
            f"It ends on {wording.day_of(end)}, before it starts on {wording.day_of(start)}: "
            "correct one of the two dates."
        )
    if (end.year - LONGEST_YEARS, end.month, end.day) > (start.year, start.month, start.day):
        yield (
            f"It ends on {wording.day_of(end)}, more than {LONGEST_YEARS} years after its start: a "
            "test of change is short. Check the year."
        )
    if test.outcome and end > today:
        yield (
            f"It has an outcome but ends on {wording.day_of(end)}, in the future: put the day on "
            "which it ended."
        )


def _first(version: Decision, by_id: dict[str, Decision]) -> tuple[str, int]:
    """The id of the first version, and how many steps this one is away from it."""
    steps, first = 0, version.id
    while first in by_id and (before := by_id[first].replaces):
        first, steps = before, steps + 1
    return first, steps


def _ward(version: Decision) -> UnitCodes:
    return UnitCodes(version.trust_code, version.ward_code)


def _same(one: ChangeTest | None, other: ChangeTest) -> bool:
    return one is not None and (one.idea.casefold(), one.start) == (
        other.idea.casefold(),
        other.start,
    )


def _keep(
    home: Home,
    ward: UnitCodes,
    test: ChangeTest,
    decided: Decided,
    replaces: str | None = None,
) -> Decision:
    return keep(
        home,
        "change_test",
        decided,
        trust_code=ward.trust_code,
        ward_code=ward.ward_code,
        month=test.start.isoformat(),
        label=test.idea,
        measure=test.measure,
        tried=test,
        replaces=replaces,
    )
