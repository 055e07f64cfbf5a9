"""Which measures share a count, worked out from the fields they name."""

from pipelines.measures import load
from schemas.disclosure import may_be_shared
from schemas.same_counts import (
    AtLeast,
    at_least,
    bounded,
    counted_elsewhere,
    sensitive_elsewhere,
    totals_over_measures,
    unchecked,
)

MEASURES = {measure.id: measure for measure in load()}


def some(*names, **changes):
    """Measures by name, the last of them with changes."""
    *others, last = (MEASURES[name] for name in names)
    return [*others, last.model_copy(update=changes)]


def test_denominators_that_other_measures_count_are_found():
    assert set(counted_elsewhere(MEASURES.values())) == {
        ("SS-O1", "SS-P10"),
        ("SS-O2", "SS-P11"),
        ("SS-P2", "SS-P1"),
        ("SS-P7", "SS-I1"),
        ("SS-P8", "SS-I1"),
    }


def test_how_many_answered_is_no_count_that_others_are_hidden_for():
    assert set(sensitive_elsewhere(MEASURES.values())) == {
        ("SS-P2", "SS-P1"),
        ("SS-P7", "SS-I1"),
        ("SS-P8", "SS-I1"),
    }


def test_of_two_measures_that_count_the_same_the_first_is_the_other():
    twice = some("SS-I2", "SS-I3", numerator=MEASURES["SS-I2"].numerator)
    assert counted_elsewhere(twice) == [("SS-I3", "SS-I2")]
    assert unchecked(twice) == set()


def test_every_measure_that_may_be_shared_can_be_checked_but_the_last_of_those_affected():
    shared = [m for m in MEASURES.values() if may_be_shared(m)]
    assert unchecked(shared) == {"SS-I9"}
    for other in ("SS-I5", "SS-I6", "SS-I9"):
        assert unchecked(m for m in shared if m.id != other) == set(), "two groups bound nothing"
    assert totals_over_measures(MEASURES.values())["SS-I1"] == ("SS-I2", "SS-I3", "SS-I4")


def test_of_those_affected_one_group_is_given_out_by_no_measure_at_all():
    counted = ("SS-I5", "SS-I6", "SS-I9", "SS-P7")
    by_own = {"id": "SS-X1", "numerator": ("inc_affected_patient",)}
    assert unchecked(some(*counted, **by_own)) == {"SS-I9", "SS-X1"}, "a share of what SS-I5 counts"
    by_own["numerator"] = ("inc_affected_visitor",)
    assert unchecked(some(*counted, **by_own)) == {"SS-I9", "SS-X1"}
    out_of = {"id": "SS-X1", "denominator": ("inc_affected_visitor",)}
    assert unchecked(some(*counted, **out_of)) == {"SS-I9", "SS-X1"}
    assert unchecked(some("SS-I5", "SS-I6", "SS-P7", **out_of)) == {"SS-X1"}


KINDS = ("SS-I2", "SS-I3", "SS-I4")


def test_incidents_that_affected_one_group_are_some_of_all_incidents():
    found = [bound for bound in at_least(MEASURES.values()) if not bound.rest_of]
    assert found == [AtLeast(name, ("SS-I1",)) for name in ("SS-I5", "SS-I6", "SS-I9")]


def test_two_measures_of_everybody_affected_bound_each_other():
    staff_or_visitors = {"numerator": ("inc_affected_staff", "inc_affected_visitor")}
    found = at_least(some("SS-I1", "SS-I5", "SS-I6", **staff_or_visitors))
    assert [bound for bound in found if bound.rest_of] == [
        AtLeast("SS-I5", ("SS-I6",), rest_of=("SS-I1",)),
        AtLeast("SS-I1", ("SS-I5", "SS-I6"), rest_of=("SS-I1",)),
    ]


def test_without_a_measure_of_all_incidents_they_are_some_of_its_kinds():
    assert at_least(some("SS-I5", *KINDS)) == [AtLeast("SS-I5", KINDS)]
    assert at_least(some("SS-I5", "SS-I2")) == [], "nothing counts the other kinds"


def test_a_measure_of_a_programmes_own_is_bound_by_the_fields_that_it_counts():
    own = {"id": "SS-X1", "numerator": ("support_offered_n",)}
    assert at_least(some("SS-I1", "SS-I2", **own)) == [AtLeast("SS-X1", ("SS-I1",))]
    below = {"id": "SS-X1", "denominator": ("inc_affected_patient",)}
    found = at_least(some("SS-I1", "SS-P7", **below))
    assert found == [
        AtLeast("SS-X1", ("SS-I1",)),
        AtLeast("SS-X1", ("SS-I1",), "denominator"),
    ]


def test_those_affected_say_how_many_the_group_that_is_not_given_out_is_at_least():
    found = [bound for bound in at_least(MEASURES.values()) if bound.rest_of]
    every = ("SS-I1",)
    assert found == [
        AtLeast("SS-I6", ("SS-I5", "SS-I9"), rest_of=every),
        AtLeast("SS-I5", ("SS-I6", "SS-I9"), rest_of=every),
        AtLeast("SS-I1", ("SS-I5", "SS-I6", "SS-I9"), rest_of=every),
    ]
    of_kinds = at_least(some(*KINDS, "SS-I5", "SS-I6", "SS-I9"))
    assert [bound.measure for bound in of_kinds if bound.rest_of == KINDS] == ["SS-I6", "SS-I5"]
    two = [m for name, m in MEASURES.items() if name != "SS-I9"]
    assert not [bound for bound in at_least(two) if bound.rest_of], "nobody knows the third"


def test_some_of_all_incidents_say_something_of_every_other_count_of_incidents():
    pairs = {("SS-I5", "SS-I2"), ("SS-I1", "SS-I6"), ("SS-I5", "SS-I6"), ("SS-P7", "SS-I5")}
    assert all(bounded(MEASURES[one], MEASURES[other]) for one, other in pairs)
    others = {("SS-I2", "SS-I3"), ("SS-I5", "SS-B1"), ("SS-O1", "SS-I1")}
    assert not any(bounded(MEASURES[one], MEASURES[other]) for one, other in others)


def test_what_counts_some_of_others_in_a_way_that_cannot_be_followed_is_not_given_out():
    added = {"id": "SS-X1", "numerator": ("inc_affected_staff", "rapid_tranq_n")}
    assert unchecked(some("SS-I1", "SS-I2", **added)) == {"SS-X1"}
    offered = {"id": "SS-X1", "numerator": ("support_offered_n",)}
    assert unchecked(some("SS-I1", "SS-P7", "SS-I2", **offered)) == {"SS-X1"}
    assert unchecked(some("SS-I1", "SS-I2", **offered)) == set()
    reviewed = {"id": "SS-X1", "denominator": ("charter_returned",)}
    assert unchecked(some("SS-P1", "SS-P2", **reviewed)) == {"SS-X1"}, "a part of those in place"


def test_what_overlaps_otherwise_cannot_be_checked():
    two = ("inc_harassment", "inc_assault")
    assert unchecked(some("SS-I2", "SS-I5", numerator=two)) == {"SS-I5"}
    assert unchecked(some("SS-I2", "SS-P7", denominator=two)) == {"SS-P7"}
    alone = [MEASURES["SS-P7"], MEASURES["SS-I2"]]
    assert unchecked(alone) == {"SS-P7"}, "its denominator holds a count that nothing else totals"
