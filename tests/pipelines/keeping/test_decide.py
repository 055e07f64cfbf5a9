from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from pipelines.keeping import decide
from pipelines.keeping.decide import Event, UnitCodes
from pipelines.keeping.decisions import Decided, decision, in_force, is_as_taken, withdrawn
from pipelines.registers.register import register_of
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from schemas.receipts import Decision
from tests import worlds

AT = datetime(2026, 3, 6, 9, tzinfo=UTC)


def taken(kind, minute=0, **about):
    return decision(kind, Decided(worlds.TEAM, AT + timedelta(minutes=minute), "Because"), **about)


def test_ids_sort_by_time_and_say_what_was_decided():
    first, second = taken("withdrawal", 0, return_id="a"), taken("withdrawal", 1, return_id="a")
    assert first.id < second.id
    assert first == taken("withdrawal", 0, return_id="a")
    assert first.id != taken("withdrawal", 0, return_id="b").id
    assert is_as_taken(first)
    assert not is_as_taken(first.model_copy(update={"return_id": "b"}))


def test_an_undo_dated_before_its_decision_counts():
    gone = taken("withdrawal", 5, return_id="Z01/2026-01/1")
    undo = taken("undo", 1, undoes=gone.id)  # the clock had been set back
    assert withdrawn([gone, undo]) == frozenset()
    again = taken("undo", 0, undoes=undo.id)
    assert withdrawn([gone, undo, again]) == {"Z01/2026-01/1"}


def test_an_undone_decision_no_longer_stands_and_an_undo_can_be_undone():
    gone = taken("withdrawal", 0, return_id="Z01/2026-01/1")
    undo = taken("undo", 1, undoes=gone.id)
    again = taken("undo", 2, undoes=undo.id)
    assert withdrawn([gone]) == {"Z01/2026-01/1"}
    assert withdrawn([undo, gone]) == frozenset()
    assert withdrawn([again, gone, undo]) == {"Z01/2026-01/1"}
    assert in_force([undo, gone]) == []


def test_a_decision_from_before_exceptions_had_owners_is_still_as_taken():
    old = (
        '{"id":"20260306T090000000000-4f24d50e","kind":"reopened_month",'
        '"decided_at":"2026-03-06T09:00:00Z","decided_by":"team@programme.example",'
        '"reason":"Because","trust_code":"Z01","ward_code":null,"measure":null,'
        '"month":"2025-01","return_id":null,"query":null,"label":null,"event_kind":null,'
        '"expires":null,"undoes":null}'
    )
    kept = Decision.model_validate_json(old)
    assert is_as_taken(kept)
    assert not is_as_taken(kept.model_copy(update={"owner": worlds.TEAM}))


def test_a_withdrawn_version_gives_way_to_the_one_before(own_home):
    rows = [worlds.monthly_row(ward, worlds.LAST, pt_safe=1) for ward in worlds.WARDS["Z01"]]
    worlds.send(own_home, "Z01", worlds.LAST, monthly=rows)
    decide.withdraw(own_home, "Z01/2026-02/2", Decided(worlds.TEAM, AT, "Wrong ward counted"))
    active = {r.return_id for r in own_home.archive.entries().active}
    assert "Z01/2026-02/1" in active
    assert "Z01/2026-02/2" not in active
    with pytest.raises(decide.DecisionError, match="already been withdrawn"):
        decide.withdraw(own_home, "Z01/2026-02/2", Decided(worlds.TEAM, AT, "Again"))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (
            lambda h: decide.withdraw(h, "Z09/2026-02/1", Decided("x", AT, "y")),
            "no return Z09/2026-02/1",
        ),
        (lambda h: decide.withdraw(h, "Z01/2026-02/1", Decided("x", AT, " ")), "Say why"),
        (lambda h: decide.reopen(h, "Z09", "2026-02", Decided("x", AT, "y")), "no trust Z09"),
        (lambda h: decide.reopen(h, "Z01", "May", Decided("x", AT, "y")), "“May” is not a month"),
        (lambda h: decide.undo(h, "nothing", Decided("x", AT, "y")), "no decision nothing"),
        (
            lambda h: decide.answer_queries(h, {("Z01/2026-02/1", "W99"): "y"}, "x", AT),
            "has no query W99",
        ),
    ],
)
def test_a_decision_about_nothing_is_refused_in_a_sentence(small_home, act, said):
    before = small_home.archive.state()
    with pytest.raises(decide.DecisionError, match=said):
        act(small_home)
    assert small_home.archive.state() == before


PERSONAL = ("Mrs Jones was on leave", "Ask anna.smith@example.org", "NHS number 943 476 5919")
ACTS = {
    "withdraw": lambda h, said: decide.withdraw(h, "Z01/2026-02/1", Decided(worlds.TEAM, AT, said)),
    "reopen": lambda h, said: decide.reopen(h, "Z01", "2026-02", Decided(worlds.TEAM, AT, said)),
    "rebase": lambda h, said: decide.rebase(
        h, UnitCodes("Z01", "ALDER1"), "SS-I1", "2025-06", Decided(worlds.TEAM, AT, said)
    ),
    "annotate": lambda h, said: decide.annotate(
        h,
        UnitCodes("Z01"),
        Event("2025-06-14", "training", "Training"),
        Decided(worlds.TEAM, AT, said),
    ),
    "label": lambda h, said: decide.annotate(
        h,
        UnitCodes("Z01"),
        Event("2025-06", "training", said),
        Decided(worlds.TEAM, AT, "The whole team was trained"),
    ),
}


@pytest.mark.parametrize("said", PERSONAL)
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_text_that_tells_who_somebody_is_is_never_kept(small_home, act, said):
    before = small_home.archive.state()
    with pytest.raises(decide.DecisionError, match="seems to include") as refused:
        act(small_home, said)
    assert said not in str(refused.value)
    assert small_home.archive.state() == before


def test_a_ward_that_is_named_after_a_person_is_a_place(own_home):
    frames = worlds.register_frames()
    frames["wards"] = frames["wards"].with_columns(
        ward_name=pl.when(pl.col("ward_code") == "ALDER1")
        .then(pl.lit("Rosalind Franklin"))
        .otherwise("ward_name")
    )
    own_home.archive.keep_register(register_of(frames), Decided(worlds.TEAM, AT, "A new name"))
    taken = decide.withdraw(
        own_home, "Z01/2026-02/1", Decided(worlds.TEAM, AT, "Rosalind Franklin was counted twice")
    )
    assert taken.reason == "Rosalind Franklin was counted twice"


def rebase(home, trust="Z01", ward="ALDER1", measure="SS-I1", month="2025-06"):
    return decide.rebase(
        home, UnitCodes(trust, ward), measure, month, Decided(worlds.TEAM, AT, "A new form")
    )


def annotate(home, day="2025-06-14", kind="training", label="Team training", measure=None):
    event = Event(day, kind, label, measure)
    return decide.annotate(home, UnitCodes(), event, Decided(worlds.TEAM, AT, "Everyone was there"))


def test_new_limits_and_notes_reach_the_release(own_home):
    rebase(own_home)
    annotate(own_home)
    build(own_home, AT)
    path = release_file.current(own_home.releases)
    found = release_file.read(path, "SELECT kind, unit_id, month, label FROM events ORDER BY kind")
    assert ("rebase", "Z01-ALDER1", date(2025, 6, 1), "A new form") in found.rows()
    assert ("training", "programme", date(2025, 6, 1), "Team training") in found.rows()
    phases = release_file.read(
        path,
        "SELECT count(DISTINCT phase) FROM points WHERE unit_id = 'Z01-ALDER1' "
        "AND measure = 'SS-I1'",
    )
    assert phases.item() == 2


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda h: rebase(h, trust="Z09"), "no trust Z09"),
        (lambda h: rebase(h, ward="NOWARD"), "no ward NOWARD in Z01"),
        (lambda h: rebase(h, trust=None), "Name the trust"),
        (lambda h: rebase(h, measure="SS-X9"), "no measure SS-X9"),
        (lambda h: rebase(h, month="June"), "“June” is not a month"),
        (lambda h: rebase(h, month="2026-04"), "1 April 2026 is in the future"),
        (lambda h: rebase(h, month="2024-12"), "before January 2025"),
        (lambda h: annotate(h, day="2026-03-07"), "7 March 2026 is in the future"),
        (lambda h: annotate(h, day="14 June 2025"), "“14 June 2025” is not a date"),
        (lambda h: annotate(h, kind="party"), "“party” is not a kind of event"),
        (lambda h: annotate(h, label=" "), "Type a few words"),
        (lambda h: annotate(h, label="x" * 61), "at most 60"),
        (lambda h: annotate(h, measure="SS-X9"), "no measure SS-X9"),
    ],
)
def test_a_note_or_new_limits_about_nothing_are_refused(small_home, act, said):
    before = small_home.archive.state()
    with pytest.raises(decide.DecisionError, match=said):
        act(small_home)
    assert small_home.archive.state() == before
