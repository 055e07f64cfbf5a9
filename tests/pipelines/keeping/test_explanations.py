"""Explanations of queries: for one cell, for a code or for all, and never about a person."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.accepting.submission import Arrival
from pipelines.keeping import decide
from pipelines.keeping.explanations import key_from
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from pipelines.submit import submit
from schemas.receipts import query_key
from tests import worlds

NEXT = worlds.LAST + 1
AT = worlds.received(NEXT)
OWN = frozenset({"Z01"})


def content(**changes: object) -> bytes:
    """A return in which the first two wards had few answers (W01), and nothing else is unusual."""
    rows = [worlds.monthly_row(ward, NEXT) for ward in worlds.WARDS["Z01"]]
    rows[0] |= {"pt_answered": 4, "pt_safe": 3, **changes}
    rows[1] |= {"pt_answered": 3, "pt_safe": 2, "occupied_bed_days": 411}
    return worlds.return_file("Z01", NEXT, monthly=rows)


def sent(home, answers, **options):
    return submit(home, Arrival(content(), "x.zip", worlds.LEAD, AT, answers, **options))


def asked(home) -> list[str]:
    """The keys of the queries that the return raises."""
    lacking = sent(home, {}).lacking
    keys = [query_key(p.code, p.sheet, p.cell) for p in lacking]
    assert len([key for key in keys if key.startswith("W01")]) == 2
    return keys


def test_each_finding_has_the_reason_that_was_given_for_it(own_home):
    first, second = [key for key in asked(own_home) if key.startswith("W01")]
    said = {first: "Half the ward was at an outing", "W01": "Few were well", "*": "Looked at again"}
    receipt = sent(own_home, said).receipt
    answers = {query_key(q.code, q.sheet, q.cell): q.answer for q in receipt.queries}
    assert answers[first] == "Half the ward was at an outing"
    assert answers[second] == "Few were well"


def test_a_finding_without_a_reason_is_the_one_that_is_named(own_home):
    first, *others = asked(own_home)
    arrived = sent(own_home, dict.fromkeys(others, "Looked at again"))
    assert arrived.receipt is None
    assert [query_key(p.code, p.sheet, p.cell) for p in arrived.lacking] == [first]


@pytest.mark.parametrize(
    "said", ["Mrs Jones was away", "Ask anna.smith@x.example", "943 476 5919 was on leave"]
)
@pytest.mark.parametrize("key", ["W01", "*"])
def test_a_reason_that_tells_who_somebody_is_keeps_the_return_out(own_home, key, said):
    before = own_home.archive.state()
    arrived = sent(own_home, {"*": "Looked at again", key: said})
    assert arrived.receipt is None
    assert "W01" in arrived.unanswered
    assert "seems to include" in arrived.unfit[0]
    assert said not in arrived.unfit[0]
    assert own_home.archive.state() == before
    assert said not in "".join(p.read_text() for p in own_home.archive.root.rglob("*.jsonl"))
    arrived = sent(own_home, {"*": said}, keep_unanswered=True)
    assert arrived.receipt is None


def test_a_name_of_a_code_that_was_not_queried_stops_nothing(own_home):
    assert sent(own_home, {"*": "Looked at again", "W16": "Mrs Jones"}).receipt


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("w04", "W04"),
        (" W04  Monthly ! d5 ", "W04 monthly!D5"),
        ("", None),
        ("W04 monthly", None),
        ("W04 monthly!D5!E5", None),
    ],
)
def test_a_key_is_read_as_people_type_it(typed, key):
    assert key_from(typed) == key


def test_two_who_send_the_same_file_at_the_same_moment_make_one_version(own_home):
    def send(_: int):
        return sent(own_home, {"*": "Looked at again"})

    with ThreadPoolExecutor(4) as hands:
        arrived = list(hands.map(send, range(4)))
    assert {one.receipt.return_id for one in arrived} == {f"Z01/{NEXT}/1"}
    assert sorted(one.already_kept for one in arrived) == [False, True, True, True]


def test_two_who_send_different_files_are_checked_one_after_the_other(own_home):
    files = [content(pt_safe=safe) for safe in (1, 2)]

    def send(file: bytes):
        said = {"*": "Looked at again"}
        return submit(own_home, Arrival(file, "x.zip", worlds.LEAD, AT, said))

    with ThreadPoolExecutor(2) as hands:
        arrived = list(hands.map(send, files))
    assert sorted(one.receipt.version for one in arrived) == [1, 2]


def open_return(home) -> str:
    said = sent(home, {}, keep_unanswered=True)
    build(home, AT)
    return said.receipt.return_id


def test_open_queries_are_answered_all_at_once_or_not_at_all(own_home):
    first, second = [key for key in asked(own_home) if key.startswith("W01")]
    name = open_return(own_home)
    before = own_home.archive.state()
    for bad, refused in (("Ask Mrs Jones", "seems to include"), (" ", "Say why")):
        answers = {(name, first): "On leave", (name, second): bad}
        with pytest.raises(decide.DecisionError, match=refused):
            decide.answer_queries(own_home, answers, worlds.LEAD, AT, OWN)
        assert own_home.archive.state() == before
    answers = {(name, first): "On leave", (name, second): "At an outing"}
    assert len(decide.answer_queries(own_home, answers, worlds.LEAD, AT, OWN)) == 2
    build(own_home, AT)
    path = release_file.current(own_home.releases)
    found = release_file.read(
        path,
        "SELECT answer, answered_by FROM queries WHERE code = 'W01' AND month = '2026-03-01' "
        "AND severity = 'query' ORDER BY answer",
    )
    assert found.rows() == [("At an outing", worlds.LEAD), ("On leave", worlds.LEAD)]


def test_nobody_answers_for_another_trust_or_a_note(own_home):
    name = open_return(own_home)
    for allowed in (frozenset({"Z02"}), frozenset()):
        with pytest.raises(decide.DecisionError, match="does not belong to your trust"):
            decide.answer_queries(own_home, {(name, "W01"): "So"}, "x", AT, allowed)
    with pytest.raises(decide.DecisionError, match="does not belong to your trust"):
        decide.answer_queries(own_home, {("Z01/2020-01/1", "W01"): "So"}, "x", AT, OWN)
