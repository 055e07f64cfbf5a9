"""A sign-in is seen once, and its end is remembered for as long as it could be used."""

from datetime import UTC, datetime, timedelta

from dashboard.identity import LONGEST, SignIns

NOW = datetime(2026, 4, 20, 9, 30, tzinfo=UTC)


def test_only_the_first_time_is_the_first():
    known = SignIns()
    assert known.first("a", NOW)
    assert not known.first("a", NOW)
    assert known.first("b", NOW)


def test_an_end_is_for_one_sign_in_and_lasts_until_it_could_not_be_taken_anyway():
    known = SignIns()
    assert known.end("a", NOW)
    assert not known.end("a", NOW)
    assert known.ended("a")
    assert not known.ended("b")
    known.end("b", NOW + LONGEST)
    assert known.ended("a")
    known.end("c", NOW + LONGEST + timedelta(hours=1))
    assert not known.ended("a")
    assert known.ended("b")


def test_the_memory_does_not_grow_without_end():
    known = SignIns(most=2)
    for key in "abc":
        known.first(key, NOW)
    assert known.first("a", NOW)
    assert not known.first("c", NOW)
