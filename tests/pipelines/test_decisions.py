from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.keeping import decide
from pipelines.keeping.decisions import decision, is_as_taken, reopened, standing, withdrawn
from tests import worlds

AT = datetime(2026, 3, 6, 9, tzinfo=UTC)


def taken(kind, minute=0, **about):
    return decision(kind, worlds.TEAM, AT + timedelta(minutes=minute), "Because", **about)


def test_ids_sort_by_time_and_say_what_was_decided():
    first, second = taken("withdrawal", 0, return_id="a"), taken("withdrawal", 1, return_id="a")
    assert first.id < second.id
    assert first == taken("withdrawal", 0, return_id="a")
    assert first.id != taken("withdrawal", 0, return_id="b").id
    assert is_as_taken(first)
    assert not is_as_taken(first.model_copy(update={"return_id": "b"}))


def test_an_undone_decision_no_longer_stands_and_an_undo_can_be_undone():
    gone = taken("withdrawal", 0, return_id="Z01/2026-01/1")
    undo = taken("undo", 1, undoes=gone.id)
    again = taken("undo", 2, undoes=undo.id)
    assert withdrawn([gone]) == {"Z01/2026-01/1"}
    assert withdrawn([undo, gone]) == frozenset()
    assert withdrawn([again, gone, undo]) == {"Z01/2026-01/1"}
    assert standing([undo, gone]) == []


def test_a_reopened_month_is_open_until_its_day():
    entry = taken("reopened_month", trust_code="Z01", month="2025-01", expires="2026-03-31")
    assert reopened([entry], date(2026, 3, 31)) == {("Z01", "2025-01")}
    assert reopened([entry], date(2026, 4, 1)) == frozenset()


def test_a_withdrawn_version_gives_way_to_the_one_before(own_home):
    rows = [worlds.monthly_row(ward, worlds.LAST, pt_safe=1) for ward in worlds.WARDS["Z01"]]
    worlds.send(own_home, "Z01", worlds.LAST, monthly=rows)
    decide.withdraw(own_home, "Z01/2026-02/2", worlds.TEAM, AT, "Wrong ward counted")
    active = {r.return_id for r in own_home.archive.entries().active}
    assert "Z01/2026-02/1" in active
    assert "Z01/2026-02/2" not in active
    with pytest.raises(decide.DecisionError, match="withdrawn already"):
        decide.withdraw(own_home, "Z01/2026-02/2", worlds.TEAM, AT, "Again")


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda h: decide.withdraw(h, "Z09/2026-02/1", "x", AT, "y"), "no return Z09/2026-02/1"),
        (lambda h: decide.withdraw(h, "Z01/2026-02/1", "x", AT, " "), "Say why"),
        (lambda h: decide.reopen(h, "Z09", "2026-02", "x", AT, "y"), "no trust Z09"),
        (lambda h: decide.reopen(h, "Z01", "May", "x", AT, "y"), "“May” is not a month"),
        (lambda h: decide.undo(h, "nothing", "x", AT, "y"), "no decision nothing"),
        (
            lambda h: decide.answer_query(h, "Z01/2026-02/1", "W99", "x", AT, "y"),
            "raised no query W99",
        ),
    ],
)
def test_a_decision_about_nothing_is_refused_in_a_sentence(small_home, act, said):
    before = small_home.archive.state()
    with pytest.raises(decide.DecisionError, match=said):
        act(small_home)
    assert small_home.archive.state() == before
