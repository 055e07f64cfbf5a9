"""Who takes part, in words, and what to do about each trust next."""

from datetime import date

import polars as pl

from dashboard.words import engagement as words
from schemas.release import Engagement
from schemas.typed import types_of

APRIL, TODAY = date(2026, 4, 1), date(2026, 5, 20)


def trusts(*rows: dict[str, object], newest: date | None = APRIL) -> pl.DataFrame:
    known = {"region": "London", "listed": True, "could_from": date(2020, 1, 1), "newest": newest}
    named = [{**known, "trust_name": f"Trust {row['trust_code']}", **row} for row in rows]
    types = types_of(Engagement) | {"newest": pl.Date, "stage": pl.String}
    return pl.DataFrame(named, schema=types)


SENDING = {"trust_code": "Z01", "stage": "sending", "joined": APRIL, "first_sent": APRIL}
DONE = SENDING | {"first_charter": APRIL, "first_forum": date(2026, 4, 9)}
SILENT = {"trust_code": "Z02", "stage": "joined", "joined": APRIL}
ASKED = {"trust_code": "Z03", "stage": "invited", "invited": date(2026, 2, 3)}
NEVER = {"trust_code": "Z04", "stage": "not_invited"}


def steps(*rows: dict[str, object], held: int = 1, newest: date | None = APRIL) -> list[str]:
    found = words.with_next_step(trusts(*rows, newest=newest), TODAY, held)
    return [f"{code}: {step}" for code, step in found.select("trust_code", "next").iter_rows()]


def test_the_headline_counts_those_that_joined_of_those_that_could():
    assert words.headline(trusts(DONE, SILENT, ASKED, NEVER)) == (
        "2 of 4 trusts that could take part have joined; 1 sent a return for April 2026."
    )
    assert words.headline(trusts(SILENT, ASKED, newest=None)) == (
        "1 of 2 trusts that could take part has joined."
    )


def test_without_a_list_the_headline_names_no_denominator():
    unlisted = trusts(*({**row, "listed": False} for row in (DONE, SILENT)))
    assert words.headline(unlisted) == "2 trusts have joined; 1 sent a return for April 2026."
    assert words.not_listed(unlisted) == ""


def test_a_trust_that_is_not_on_the_list_is_named():
    assert words.not_listed(trusts(DONE, {**SILENT, "listed": False})) == (
        "1 trust in the register is not on the list and is counted all the same: Trust Z02. Add it."
    )
    assert words.not_listed(trusts(DONE, SILENT)) == ""


def test_those_to_ask_first_come_first():
    assert steps(DONE, NEVER, SILENT, ASKED) == [
        "Z03: Ask again: invited on 3 February 2026",
        "Z04: Invite it",
        "Z02: Ask for its first return, for April 2026",
        "Z01: Nothing to chase",
    ]


def test_a_trust_is_asked_for_what_is_missing_next():
    left = {"trust_code": "Z05", "stage": "left", "left_on": APRIL, "joined": APRIL}
    assert steps(SENDING) == [
        "Z01: Ask what would help it to begin a charter: no ward has one in place yet"
    ]
    assert steps(SENDING | {"first_charter": APRIL}) == [
        "Z01: Invite it to the next forum: it has never come to one"
    ]
    assert steps(SENDING | {"first_charter": APRIL}, held=0) == ["Z01: Nothing to chase"]
    assert steps(SILENT | {"first_sent": date(2026, 3, 1)}) == [
        "Z02: Ask for its return, for April 2026"
    ]
    assert steps(left) == ["Z05: Left on 1 April 2026: ask what would bring it back"]
    assert steps(ASKED | {"invited": date(2026, 5, 11)}) == [
        "Z03: Wait for an answer: invited on 11 May 2026"
    ]


def test_nobody_is_chased_for_a_return_that_is_not_due():
    later = SILENT | {"joined": date(2026, 9, 1)}
    assert steps(later) == ["Z02: Wait: its first return is for September 2026"]
    assert steps(SILENT, newest=None) == ["Z02: Wait: its first return is for April 2026"]


def test_the_list_has_a_word_in_every_cell():
    found = words.as_list(words.with_next_step(trusts(DONE, SILENT, NEVER), TODAY, 1))
    assert found.null_count().sum_horizontal().item() == 0
    invited = dict(found.select("Code", "Invited").iter_rows())
    assert invited == {"Z01": "not known", "Z02": "not known", "Z04": "not yet"}


def test_charters_and_forums_are_counted_among_those_that_take_part():
    said = words.charters_and_forums(trusts(DONE, SILENT, NEVER), 1)
    assert said == (
        "Of the 2 trusts that take part, 1 has had a charter in place on at least one ward, and 1 "
        "has come to a learning forum."
    )
