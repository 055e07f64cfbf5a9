import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from pipelines.accepting.context import context_for
from pipelines.accepting.submission import Arrival
from pipelines.keeping import decide, staging
from pipelines.keeping.attempts import attempts
from pipelines.keeping.decisions import Decided
from pipelines.keeping.verify import archive_problems
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from pipelines.releasing.builder import released
from pipelines.releasing.release_checks import ReleaseError
from pipelines.submit import submit
from schemas.periods import Month
from schemas.problems import Outcome
from tests import worlds
from tests.patience import PATIENCE

NEXT = worlds.LAST + 1
AT = worlds.received(NEXT)
LATER = worlds.received(NEXT, 7)
OPEN = "SELECT queries_open FROM returns WHERE month = '2026-03-01'"


def arrival(content, at, answers, *allowed, **about):
    return Arrival(content, "x.zip", worlds.LEAD, at, answers, *allowed, **about)


def shown(home, sql):
    return release_file.read(release_file.current(home.releases), sql)


def test_a_month_that_is_sent_is_in_the_release_in_use(own_home):
    sent = worlds.send(own_home, "Z01", NEXT)
    done = released(own_home, AT)
    assert done == (release_file.current(own_home.releases).stem, None)
    returns = shown(own_home, "SELECT return_id FROM returns")["return_id"].to_list()
    assert sent.receipt.return_id in returns
    found = shown(
        own_home,
        "SELECT value FROM observations WHERE unit_id = 'Z01-ALDER1' AND measure = 'SS-O1' "
        "AND month = (SELECT data_to FROM release)",
    ).item()
    row = worlds.monthly_row("ALDER1", NEXT)
    assert found == pytest.approx(row["pt_safe"] / row["pt_answered"])


def test_a_file_with_errors_is_not_kept_and_changes_nothing(own_home):
    before, release = own_home.archive.state(), release_file.current(own_home.releases)
    rows = [worlds.monthly_row("NOWARD", NEXT)]
    content = worlds.return_file("Z01", NEXT, monthly=rows)
    sent = submit(own_home, arrival(content, AT, {}))
    assert sent.receipt is None
    assert sent.checked.outcome == Outcome.ERRORS
    assert own_home.archive.state() == before
    assert release_file.current(own_home.releases) == release
    assert attempts(own_home.archive.root / "attempts")[-1]["outcome"] == "errors"


def test_bytes_that_are_no_return_are_not_kept(own_home):
    sent = submit(own_home, Arrival(b"\x00\x01", "x.xlsx", worlds.LEAD, AT, {}))
    assert sent.receipt is None
    assert sent.checked.problems
    assert sent.checked.cells is None


def test_the_active_file_sent_again_shows_its_receipt_again(own_home):
    first = worlds.send(own_home, "Z01", NEXT)
    again = worlds.send(own_home, "Z01", NEXT, at=datetime(2026, 4, 9, tzinfo=UTC))
    assert again.already_kept
    assert again.receipt == first.receipt


def test_an_earlier_file_sent_again_after_another_is_a_new_version(own_home):
    rows = [worlds.monthly_row(ward, NEXT, pt_safe=1) for ward in worlds.WARDS["Z01"]]
    worlds.send(own_home, "Z01", NEXT)
    worlds.send(own_home, "Z01", NEXT, monthly=rows)
    assert worlds.send(own_home, "Z01", NEXT).receipt.version == 3


def test_a_trust_may_send_only_for_itself(own_home):
    content = worlds.return_file("Z02", NEXT)
    sent = submit(own_home, arrival(content, AT, {}, frozenset({"Z01"})))
    assert sent.receipt is None
    assert [problem.code for problem in sent.checked.problems] == ["F04"]


def test_a_month_is_closed_until_somebody_opens_it_again(own_home):
    late = date(2026, 6, 30)
    before = context_for(own_home, late).closed_months
    assert ("Z01", worlds.LAST) in before
    assert ("Z01", Month(2026, 5)) not in before
    at = datetime(2026, 6, 29, tzinfo=UTC)
    owner, until = worlds.TEAM, date(2026, 7, 3)
    reason = "A ward was left out"
    decide.reopen(own_home, "Z01", str(worlds.LAST), Decided(worlds.TEAM, at, reason), until, owner)
    after = context_for(own_home, late).closed_months
    assert before - after == {("Z01", worlds.LAST)}


def test_the_history_holds_the_cells_of_active_returns_only(own_home):
    rows = [worlds.monthly_row(ward, worlds.LAST, pt_safe=1) for ward in worlds.WARDS["Z01"]]
    worlds.send(own_home, "Z01", worlds.LAST, monthly=rows)
    past = context_for(own_home, date(2026, 3, 9), frozenset({"Z01"})).history
    assert set(past["trust_code"]) == {"Z01"}
    last = past.filter(month=worlds.LAST.first_day, field="pt_safe")
    assert last.select("ward_code", "number").rows() == [
        (ward, 1.0) for ward in sorted(worlds.WARDS["Z01"])
    ]


def test_a_release_that_breaks_its_rules_is_told_and_the_return_stays_kept(own_home, monkeypatch):
    def refuse(_: object) -> None:
        raise ReleaseError("points has no centre")

    monkeypatch.setattr("pipelines.releasing.release_checks.check", refuse)
    before = release_file.current(own_home.releases)
    sent = worlds.send(own_home, "Z01", NEXT)
    done = released(own_home, AT)
    assert sent.receipt in own_home.archive.receipts()
    assert done.release is None
    assert done.trouble.endswith("points has no centre")
    assert release_file.current(own_home.releases) == before


def with_few_answers():
    rows = [worlds.monthly_row(ward, NEXT) for ward in worlds.WARDS["Z01"]]
    rows[0] |= {"pt_answered": 4, "pt_safe": 3}
    return worlds.return_file("Z01", NEXT, monthly=rows)


def test_a_return_with_a_query_is_kept_once_it_is_answered(own_home):
    content = with_few_answers()
    sent = submit(own_home, arrival(content, AT, {}))
    assert sent.receipt is None
    assert "W01" in sent.unanswered
    blank = dict.fromkeys(sent.unanswered, " ")
    assert submit(own_home, arrival(content, AT, blank)).receipt is None
    said = dict.fromkeys(sent.unanswered, "Two patients were on leave")
    kept = submit(own_home, arrival(content, AT, said))
    answers = {q.code: q.answer for q in kept.receipt.queries if q.severity == "query"}
    assert answers == said
    assert kept.unanswered == ()


def test_a_return_can_be_kept_with_a_query_left_open_and_answered_later(own_home):
    content = with_few_answers()
    sent = submit(own_home, arrival(content, AT, {}, keep_unanswered=True))
    queried = (
        "SELECT queried FROM observations WHERE unit_id = 'Z01-ALDER1' AND measure = 'SS-O1' "
        "AND month = (SELECT data_to FROM release)"
    )
    build(own_home, AT)
    assert shown(own_home, queried).item() is True
    for code in {q.code for q in sent.receipt.queries if q.severity == "query"}:
        answer = {(sent.receipt.return_id, code): "On leave"}
        decide.answer_queries(own_home, answer, worlds.LEAD, AT, frozenset({"Z01"}))
    build(own_home, AT)
    assert shown(own_home, queried).item() is False
    assert shown(own_home, OPEN).item() == 0


def test_an_answer_that_comes_with_the_same_file_again_is_kept_beside_it(own_home):
    content = with_few_answers()
    first = submit(own_home, arrival(content, AT, {}, keep_unanswered=True))
    said = {"W01": "Two patients were on leave", "*": "Checked with the ward"}
    again = submit(own_home, arrival(content, LATER, said))
    asked = [query for query in again.receipt.queries if query.severity == "query"]
    assert again.already_kept
    assert again.receipt.return_id == first.receipt.return_id
    assert again.answers_kept == len({(q.code, q.sheet, q.cell) for q in asked}) > 0
    assert {q.answer for q in asked if q.code == "W01"} == {said["W01"]}
    assert all(query.answer for query in asked)
    assert first.receipt in own_home.archive.receipts()
    build(own_home, LATER)
    assert shown(own_home, OPEN).item() == 0


def test_a_file_sent_many_times_with_the_same_answers_is_answered_once(own_home):
    content, said = with_few_answers(), {"*": "Checked with the ward"}
    submit(own_home, arrival(content, AT, {}, keep_unanswered=True))
    submit(own_home, arrival(content, LATER, said))
    before = own_home.archive.decisions()
    sent = submit(own_home, arrival(content, LATER, said))
    assert (sent.already_kept, sent.answers_kept) == (True, 0)
    assert own_home.archive.decisions() == before


def test_a_reason_for_all_others_leaves_an_answer_that_was_given_alone(own_home):
    content = with_few_answers()
    first = submit(own_home, arrival(content, AT, {"*": "On leave"}))
    assert first.receipt
    for_all = submit(own_home, arrival(content, LATER, {"*": "Seen"}))
    assert for_all.answers_kept == 0
    named = {"W01": "Three patients were on leave"}
    better = submit(own_home, arrival(content, LATER, named))
    assert better.answers_kept == 1
    back = submit(own_home, arrival(content, LATER, {"W01": "On leave"}))
    said = {q.answer for q in back.receipt.queries if q.code == "W01"}
    assert (back.answers_kept, said) == (0, set(named.values()))


def test_an_answer_with_a_name_in_it_is_not_kept_when_the_file_comes_again(own_home):
    content = with_few_answers()
    submit(own_home, arrival(content, AT, {}, keep_unanswered=True))
    said = {"W01": "Ask Mr John Smith about it", "*": "Checked with the ward"}
    sent = submit(own_home, arrival(content, LATER, said))
    assert sent.receipt is None
    assert "seems to include" in sent.unfit[0]
    assert "Smith" not in sent.unfit[0]
    assert "W01" in sent.unanswered
    assert own_home.archive.decisions() == []


def test_a_return_that_was_answered_since_is_still_the_one_that_is_replaced(own_home):
    content = with_few_answers()
    submit(own_home, arrival(content, AT, {}, keep_unanswered=True))
    said = {"*": "Checked with the ward"}
    answered = submit(own_home, arrival(content, LATER, said)).receipt
    other = worlds.return_file("Z01", NEXT)
    sent = submit(own_home, arrival(other, LATER, said, replaces=answered))
    assert (sent.overtaken, sent.receipt.version) == (False, 2)


PROGRAM = """
import sys, time
from pathlib import Path
from pipelines.releasing.builder import released
from pipelines.keeping.home import Home
from tests import worlds
home, name, safe = Home(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
month = worlds.LAST + 1
rows = [worlds.monthly_row(ward, month, pt_safe=safe) for ward in worlds.WARDS["Z01"]]
print("ready", flush=True)
sys.stdin.readline()
sent = worlds.send(home, "Z01", month, monthly=rows)
done = released(home, worlds.received(month))
print(sent.receipt.version, done.trouble or "released", flush=True)
"""


@pytest.mark.slow
def test_two_who_send_the_same_month_get_versions_one_and_two(own_home):
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(own_home.root)]
    both = [
        subprocess.Popen(
            [*command, name, safe], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name, safe in (("one", "1"), ("two", "2"))
    ]
    assert [process.stdout.readline() for process in both] == ["ready\n", "ready\n"]
    for process in both:
        process.stdin.write("\n")
        process.stdin.flush()
    said = sorted(process.communicate(timeout=PATIENCE)[0].strip() for process in both)
    assert said == ["1 released", "2 released"]
    month = own_home.archive.root / "returns" / "Z01" / str(worlds.LAST + 1)
    assert staging.versions(month) == [1, 2]
    assert archive_problems(own_home.archive) == []
    path = release_file.current(own_home.releases)
    state = release_file.read(path, "SELECT archive_state FROM release").item()
    assert state == own_home.archive.state()
