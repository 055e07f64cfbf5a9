"""Which measures count the same fields, so that one figure says something of another.

This is worked out from the fields that each measure names, and is the only place that knows of it.
Three ways of standing together can be checked: a measure is the sum of others (all incidents and
their kinds); its denominator is what another counts (people offered support, out of all incidents);
or it counts what another counts, out of something else. Whatever overlaps in another way is not
given out (`unchecked`). Nor is the last group of those affected, beside the others, by any measure.
Which fields count some of others, so that a figure says how many others are at least (`at_least`),
is in `schemas.parts`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from schemas.measures import Measure
from schemas.parts import AFFECTED, PART_OF, wholes_of
from schemas.returns import INCIDENT_COUNTS

Totals = dict[str, tuple[str, ...]]
Some = tuple[str, ...]  # measures whose counts are taken together
Role = Literal["numerator", "denominator"]


@dataclass(frozen=True)
class AtLeast:
    """What a shown figure of `measure` says of the counts `of` other measures together.

    They are at least its `role`; or, with `rest_of`, at least what is left of the count of those
    measures without its numerator.
    """

    measure: str
    of: Some
    role: Role = "numerator"
    rest_of: Some = ()


def totals_over_measures(measures: Iterable[Measure]) -> Totals:
    """Measures that are the sum of other measures, with those measures."""
    measures = list(measures)
    single = {(m.numerator[0], m.denominator): m.id for m in measures if len(m.numerator) == 1}
    found: Totals = {}
    for total in measures:
        parts = tuple(single.get((field, total.denominator), "") for field in total.numerator)
        if len(parts) > 1 and all(parts):
            found[total.id] = parts
    return found


def counted_elsewhere(measures: Iterable[Measure]) -> list[tuple[str, str]]:
    """Pairs of a measure and another whose count it uses.

    The count is the measure's denominator and the other's numerator, or the numerator of both; then
    the other is the one listed first.
    """
    return [(one, other) for one, _, other in _pairs(list(measures))]


def sensitive_elsewhere(measures: Iterable[Measure]) -> list[tuple[str, str]]:
    """Those pairs of `counted_elsewhere` whose count says something about people."""
    measures = list(measures)
    sensitive = {measure.id for measure in measures if measure.sensitive}
    return [(one, other) for one, other in counted_elsewhere(measures) if other in sensitive]


def at_least(measures: Iterable[Measure]) -> list[AtLeast]:
    """What figures say of other counts because the fields that they count are some of others.

    The incidents that affected one group, for instance, are some of all incidents, be these a
    measure or only their kinds. The groups together are at least all incidents, so what is shown of
    the others says how many the last, which is not given out, is at least. Of figures that say so
    together, the first that is shown is the one to hide.
    """
    measures = list(measures)
    found = [
        AtLeast(measure.id, of, role)
        for measure in measures
        for role, whole in _wholes(measure)
        if (of := _together(whole, measures)) and measure.id not in of
    ]
    every, groups = _together(INCIDENT_COUNTS, measures), _together(AFFECTED, measures)
    if every and len(groups) > 1:
        found += [
            AtLeast(one, tuple(g for g in groups if g != one), rest_of=every)
            for one in reversed(groups[:-1])
        ]
        found += [AtLeast(one, groups, rest_of=every) for one in every if len(every) == 1]
    return found


def some_of_wholes(bounds: Iterable[AtLeast], without: Collection[str]) -> list[tuple[Some, Some]]:
    """Counts, each with a measure that counts some of it.

    Left out are percentages (in `without`): they count who did not answer yes, which is no part.
    """
    return [
        (bound.of, (bound.measure,))
        for bound in bounds
        if bound.role == "numerator" and not bound.rest_of and bound.measure not in without
    ]


def affected_together(bounds: Iterable[AtLeast]) -> list[tuple[Some, Some]]:
    """All groups of those affected, with the measures that count the incidents.

    Each incident affects somebody, so the groups together are the incidents and those affected
    beside somebody else: the incidents are some of them.
    """
    found = {
        tuple(sorted((bound.measure, *bound.of))): bound.rest_of
        for bound in bounds
        if bound.rest_of and bound.measure not in bound.rest_of
    }
    return list(found.items())


def _wholes(measure: Measure) -> list[tuple[Role, tuple[str, ...]]]:
    """What a single field above or below the line counts some of, but for all that is below."""
    found: list[tuple[Role, tuple[str, ...]]] = []
    roles: tuple[Role, ...] = ("numerator", "denominator")
    for role in roles:
        names = getattr(measure, role)
        wholes = wholes_of(names[0]) if len(names) == 1 else []
        found += [(role, whole) for whole in wholes if set(whole) != set(measure.denominator)]
    return found


def _together(fields: tuple[str, ...], measures: list[Measure]) -> tuple[str, ...]:
    """The fewest measures that count these fields, and nothing else; none if there are none.

    A percentage counts who did not answer yes (`schemas.small_numbers`).
    """
    counts = [measure for measure in measures if measure.unit != "percent"]
    inside = [measure for measure in counts if set(measure.numerator) <= set(fields)]
    for number in range(1, len(fields) + 1):
        for some in combinations(inside, number):
            if sorted(name for m in some for name in m.numerator) == sorted(fields):
                return tuple(m.id for m in some)
    return ()


def unchecked(measures: Iterable[Measure]) -> set[str]:
    """Measures that share a field with another in a way that cannot be checked."""
    measures = list(measures)
    totals = totals_over_measures(measures)
    summed = {name for total, parts in totals.items() for name in (total, *parts)}
    pairs = _pairs(measures)
    checked = {(one, role) for one, role, _ in pairs}
    found: set[str] = set()
    for position, measure in enumerate(measures):
        for number, other in enumerate(measures):
            if number == position:
                continue
            counted = set(other.numerator)
            both = {measure.id, other.id} <= summed or (other.id, "numerator") in checked
            twice = bool(counted & set(measure.numerator)) and number < position and not both
            under = bool(counted & set(measure.denominator))
            if (twice and (measure.id, "numerator") not in checked) or (
                under and (measure.id, "denominator") not in checked
            ):
                found.add(measure.id)
    found |= {
        measure.id
        for number, measure in enumerate(measures)
        if _counts_some_of_others(measure, measures, before=measures[:number])
    }
    return found | _last_affected(measures)


def _counts_some_of_others(
    measure: Measure, measures: list[Measure], before: list[Measure]
) -> bool:
    """Whether a measure counts some of what others count in a way that `at_least` can't follow.

    These are sums of parts; parts of what a percentage counts; and what a percentage counts, out of
    something else: a small number of those offered support, beside many incidents, would say that
    some were not.
    """
    wholes = [set(whole) for _, whole in _wholes(measure)]
    added = len(measure.numerator) > 1 and any(wholes_of(name) for name in measure.numerator)
    percent = {m.id: m for m in measures if m.unit == "percent" and m.sensitive}
    again = any(
        set(other.numerator) == set(measure.numerator) and other.denominator != measure.denominator
        for other in before
        if measure.id in percent or other.id in percent
    )
    return added or again or any(set(m.numerator) in wholes for m in percent.values())


def bounded(one: Measure, other: Measure) -> bool:
    """Whether a count of incidents in one says how many in the other there are at least, or most.

    Some of all incidents say it of their kinds, and of what else counts some of them.
    """
    counted = [{*measure.numerator, *measure.denominator} for measure in (one, other)]
    some = {name for name, whole in PART_OF.items() if whole == INCIDENT_COUNTS}
    of_incidents = all(fields & {*some, *INCIDENT_COUNTS} for fields in counted)
    return of_incidents and any(fields & some for fields in counted)


def _affected(measure: Measure) -> set[str]:
    """The fields of a measure that count incidents by who was affected."""
    return set(AFFECTED).intersection((*measure.numerator, *measure.denominator))


def _last_affected(measures: list[Measure]) -> set[str]:
    """The measures that use the group which makes those affected complete, if every group is used.

    The group is that of the first measure with which they are: another measure of it, or one with
    it below the line, would give the same away.
    """
    used: set[str] = set()
    for measure in measures:
        last = _affected(measure) - used
        used |= last
        if used == set(AFFECTED):
            return {m.id for m in measures if _affected(m) & last}
    return set()


def _pairs(measures: list[Measure]) -> list[tuple[str, str, str]]:
    counting: dict[frozenset[str], str] = {}
    for measure in measures:
        counting.setdefault(frozenset(measure.numerator), measure.id)
    found = []
    for measure in measures:
        for role in ("numerator", "denominator"):
            other = counting.get(frozenset(getattr(measure, role)), measure.id)
            if other != measure.id:
                found.append((measure.id, role, other))
    return found
