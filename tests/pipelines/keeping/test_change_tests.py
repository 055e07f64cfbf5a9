from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.keeping import change_tests, decide
from pipelines.keeping.change_tests import log, record, revise
from pipelines.keeping.decide import DecisionError, UnitCodes
from pipelines.keeping.decisions import Decided, decision, is_as_taken
from pipelines.releasing.build import build
from pipelines.verify_home import verify
from schemas.change_tests import ChangeTest, state_of
from tests import worlds

AT = datetime(2026, 3, 6, 9, tzinfo=UTC)
WARD = UnitCodes("Z01", "ALDER1")


def tried(**changes):
    about = {
        "idea": "Safety huddle each evening",
        "foundation": "confidence",
        "prediction": "More people will say they feel safe",
        "start": date(2025, 9, 1),
        "end": date(2025, 11, 30),
    }
    return ChangeTest(**{**about, **changes})


def because(reason="We agreed it in the team", minute=0):
    return Decided(worlds.LEAD, AT + timedelta(minutes=minute), reason)


def test_an_entry_is_kept_as_a_decision_with_all_that_was_typed(own_home):
    taken = record(own_home, WARD, tried(idea="  Safety huddle each evening "), because())
    (entry,) = log(own_home.archive.decisions())
    assert entry.newest == taken
    assert entry.test_id == taken.id
    assert taken.tried == tried()
    assert (taken.month, taken.label) == ("2025-09-01", "Safety huddle each evening")
    assert is_as_taken(taken)


def test_a_change_is_a_new_version_and_undoing_it_brings_the_old_one_back(own_home):
    first = record(own_home, WARD, tried(), because())
    over = tried(happened="Two of three said so", outcome="adopt")
    second = revise(own_home, first.id, over, because("It is over", 1))
    (entry,) = log(own_home.archive.decisions())
    assert [v.id for v in entry.versions] == [first.id, second.id]
    assert (entry.test_id, entry.newest.tried) == (first.id, over)
    decide.undo(own_home, second.id, because("Not over yet", 2))
    (entry,) = log(own_home.archive.decisions())
    assert entry.newest == first
    third = revise(own_home, first.id, tried(end=date(2026, 1, 31)), because("Longer", 3))
    assert log(own_home.archive.decisions())[0].newest == third
    assert len(own_home.archive.decisions()) == 4
    build(own_home, AT)
    assert verify(own_home, read_again=True) == []


def test_undoing_the_first_version_removes_the_whole_entry(own_home):
    first = record(own_home, WARD, tried(), because())
    revise(own_home, first.id, tried(happened="Nothing yet"), because("News", 1))
    decide.undo(own_home, first.id, because("The wrong ward", 2))
    assert log(own_home.archive.decisions()) == []
    assert len(own_home.archive.decisions()) == 3


def test_a_version_dated_before_the_one_it_replaces_still_follows_it():
    first = taken(tried(), 5)
    second = taken(tried(happened="Well"), 1, replaces=first.id)  # the clock had been set back
    (entry,) = log([second, first])
    assert entry.versions == (first, second)
    (entry,) = log([second])  # the first one is damaged
    assert (entry.test_id, entry.newest) == (first.id, second)


def taken(test, minute, **about):
    return decision(
        "change_test",
        because(minute=minute),
        trust_code="Z01",
        ward_code="ALDER1",
        tried=test,
        **about,
    )


@pytest.mark.parametrize("what", ["recorded", "revised", "removed", "removed with versions"])
def test_undo_works_on_itself_as_often_as_one_likes(own_home, what):
    def versions():
        return [[v.id for v in entry.versions] for entry in log(own_home.archive.decisions())]

    states = [versions()]
    saved = first = record(own_home, WARD, tried(), because(minute=50))  # a clock set back later
    if what in ("revised", "removed with versions"):
        states = [versions()]
        saved = revise(own_home, first.id, tried(happened="A first look"), because("News", 1))
    if what.startswith("removed"):
        states = [versions()]
        saved = decide.undo(own_home, first.id, because("The wrong ward", 2))
    states.append(versions())
    for minute in range(3, 8):
        saved = change_tests.undo(own_home, saved, because("Undone", minute))
        assert versions() == states[minute % 2 - 1], minute
    there = versions()
    record(own_home, WARD, tried(idea="Another"), because("Of no concern to the first", 0))
    if what == "recorded":  # nobody can change what is not there
        assert change_tests.undo(own_home, saved, because("Undone", 8)).undoes == saved.id
        return
    revise(own_home, there[0][-1], tried(happened="Others"), because("Earlier, by a clock", 0))
    with pytest.raises(DecisionError, match="changed this test of change since you opened it"):
        change_tests.undo(own_home, saved, because("Undone", 10))


def test_nobody_writes_over_what_somebody_else_has_changed_meanwhile(own_home):
    first = record(own_home, WARD, tried(), because())
    revise(own_home, first.id, tried(happened="A first look"), because("News", 1))
    with pytest.raises(DecisionError, match="changed this test of change since you opened it"):
        revise(own_home, first.id, tried(happened="Another"), because("Other news", 2))
    with pytest.raises(DecisionError, match="no test of change nothing"):
        revise(own_home, "nothing", tried(), because())
    newest = log(own_home.archive.decisions())[0].newest
    with pytest.raises(DecisionError, match="Nothing differs"):
        revise(own_home, newest.id, newest.tried, because("Again", 3))


def test_the_same_idea_from_the_same_day_is_in_a_wards_log_once(own_home):
    record(own_home, WARD, tried(), because())
    with pytest.raises(DecisionError, match="already in this ward’s log"):
        record(own_home, WARD, tried(idea="SAFETY huddle each evening"), because(minute=1))
    record(own_home, UnitCodes("Z01", "BIRCH1"), tried(), because(minute=1))
    record(own_home, WARD, tried(start=date(2025, 10, 1)), because(minute=2))
    assert len(log(own_home.archive.decisions())) == 3


REFUSED = [
    ({"start": date(2026, 3, 7), "end": date(2026, 4, 1)}, "7 March 2026, in the future"),
    ({"start": date(2024, 12, 31)}, "before January 2025, when the programme began"),
    ({"end": date(2025, 8, 31)}, "31 August 2025, before it starts on 1 September 2025"),
    ({"end": date(2027, 9, 2)}, "more than 2 years after its start"),
    ({"foundation": "luck"}, "choose one of benchmarking, charter, confidence, trauma_informed"),
    ({"outcome": "won", "happened": "x"}, "choose one of adopt, adapt, abandon"),
    ({"outcome": "adopt"}, "Say what happened"),
    ({"outcome": "adopt", "happened": "x", "end": date(2026, 3, 7)}, "ends on 7 March 2026, in"),
    ({"measure": "SS-X9"}, "no measure SS-X9"),
    ({"measure": "SS-I8"}, "SS-I8 is seen by few people only"),
    ({"idea": " "}, "Give the idea a short name"),
    ({"prediction": ""}, "Say what you predict"),
    ({"idea": "x" * 61}, "The idea has 61 characters and can have at most 60"),
    ({"prediction": "x" * 501}, "What you predict has 501 characters"),
    ({"happened": "x" * 501}, "What happened has 501 characters"),
    ({"idea": "Talk to Dr Smith"}, "The idea seems to include a person's name"),
    ({"prediction": "Ask jo@trust.example"}, "What you predict seems to include an e-mail"),
    ({"happened": "Mrs Jones liked it"}, "What happened seems to include a person's name"),
]


@pytest.mark.parametrize(("changes", "said"), REFUSED)
def test_what_cannot_be_right_is_refused_and_nothing_is_kept(small_home, changes, said):
    before = small_home.archive.state()
    with pytest.raises(DecisionError, match=said):
        record(small_home, WARD, tried(**changes), because())
    assert small_home.archive.state() == before


def test_every_problem_is_reported_at_once(small_home):
    wrong = tried(idea="", foundation="luck", end=date(2025, 1, 1))
    with pytest.raises(DecisionError, match=r"short name.*four foundations.*before it starts"):
        change_tests.checked(small_home, WARD, wrong, AT)


def test_an_unknown_ward_is_refused_with_those_there_are(small_home):
    with pytest.raises(DecisionError, match="its wards are ALDER1, BIRCH1 and CEDAR1"):
        record(small_home, UnitCodes("Z01", "NOWARD"), tried(), because())
    with pytest.raises(DecisionError, match="Choose the ward"):
        record(small_home, UnitCodes("Z01"), tried(), because())
    with pytest.raises(DecisionError, match="no trust Z09"):
        record(small_home, UnitCodes("Z09", "ALDER1"), tried(), because())


def test_the_reason_is_checked_like_every_reason(small_home):
    with pytest.raises(DecisionError, match="Say why"):
        record(small_home, WARD, tried(), because(" "))
    with pytest.raises(DecisionError, match="seems to include"):
        record(small_home, WARD, tried(), because("Mrs Jones asked for it"))


def test_where_a_test_stands_depends_on_the_day_only_without_an_outcome():
    end = date(2026, 1, 31)
    assert state_of(None, end, end) == "running"
    assert state_of(None, end, end + timedelta(days=1)) == "overdue"
    assert state_of("adapt", end, end + timedelta(days=1)) == "adapt"
