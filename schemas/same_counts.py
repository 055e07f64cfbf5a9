"""Which measures count the same fields, so that one figure says something of another.

This is worked out from the fields that each measure names, and is the only place that knows of it.
Three ways of standing together can be checked: a measure is the sum of others (all incidents and
their kinds); its denominator is what another counts (people offered support, out of all incidents);
or it counts what another counts, out of something else. Whatever overlaps in another way is not
given out (`unchecked`). Nor is the last group of those affected, beside the others, by any measure:
each incident affects somebody, so the three together are at least all incidents, and whoever reads
all incidents and one of them would know the least that the other two can be.
"""

from collections.abc import Iterable

from schemas.measures import Measure

Totals = dict[str, tuple[str, ...]]
_KINDS = {"inc_harassment", "inc_assault", "inc_other"}
_AFFECTED = {"inc_affected_patient", "inc_affected_staff", "inc_affected_visitor"}


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


def at_most(measures: Iterable[Measure]) -> list[tuple[str, str]]:
    """Pairs of a measure and another whose count is at least as large.

    The incidents that affected one group are some of all incidents.
    """
    measures = [measure for measure in measures if measure.unit != "percent"]
    every = [measure.id for measure in measures if set(measure.numerator) == _KINDS]
    return [
        (measure.id, other)
        for measure in measures
        for other in every[:1]
        if len(measure.numerator) == 1 and _AFFECTED.issuperset(measure.numerator)
    ]


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
    return found | _last_affected(measures)


def affected(measure: Measure) -> set[str]:
    """The fields of a measure that count incidents by who was affected."""
    return _AFFECTED.intersection((*measure.numerator, *measure.denominator))


def _last_affected(measures: list[Measure]) -> set[str]:
    """The measures that use the group which makes those affected complete, if every group is used.

    The group is that of the first measure with which they are: another measure of it, or one with
    it below the line, would give the same away.
    """
    used: set[str] = set()
    for measure in measures:
        last = affected(measure) - used
        used |= last
        if used == _AFFECTED:
            return {m.id for m in measures if affected(m) & last}
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
