"""Explanations on the command line: one for each cell when sending, and some that come later."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import Result

from dashboard.cli.errors import Exit
from pipelines.accepting.submission import Arrival
from pipelines.keeping.home import Home
from pipelines.submit import submit
from schemas.receipts import query_key
from tests import worlds
from tests.dashboard.cli.typed import run

LAST = worlds.FIRST + 1


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return worlds.small_world(tmp_path / "home", last=worlds.FIRST)


@pytest.fixture
def file(home: Home, tmp_path: Path) -> Path:
    """A return of a month in which two wards had few answers."""
    rows = [worlds.monthly_row(ward, LAST) for ward in worlds.WARDS["Z01"]]
    for row, answered in zip(rows, (4, 3), strict=False):
        row |= {"pt_answered": answered, "pt_safe": 2}
    path = tmp_path / "return.zip"
    path.write_bytes(worlds.return_file("Z01", LAST, monthly=rows))
    return path


def submitted(home: Home, file: Path, *answers: str) -> Result:
    given = [part for answer in answers for part in ("--answer", answer)]
    return run("submit", file, *given, "--answer-all", "Seen", "--json", "--home", home.root)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make today, for the command line, a week after the month has ended."""
    from datetime import datetime

    class Then(datetime):
        @classmethod
        def now(cls, tz=None):
            return worlds.received(LAST, 7)

    monkeypatch.setattr("dashboard.cli.submit.datetime", Then)
    monkeypatch.setattr("dashboard.cli.options.datetime", Then)


@pytest.mark.usefixtures("today")
def test_each_cell_may_have_its_own_answer(home: Home, file: Path) -> None:
    result = submitted(home, file, "w01 Monthly!f2=Many were away", "W01=Few were well")
    assert result.exit_code == Exit.DONE, result.output
    queries = json.loads(result.stdout)["receipt"]["queries"]
    said = {f"{q['code']} {q['cell']}": q["answer"] for q in queries if q["code"] == "W01"}
    assert said == {"W01 F2": "Many were away", "W01 F3": "Few were well"}


@pytest.mark.usefixtures("today")
def test_an_answer_with_a_name_in_it_is_not_kept(home: Home, file: Path) -> None:
    result = submitted(home, file, "W01=Mrs Jones was away")
    assert result.exit_code == Exit.QUERIES
    assert json.loads(result.stdout)["receipt"] is None
    (refused,) = json.loads(result.stdout)["answers_refused"]
    assert "a person's name" in refused
    told = run("submit", file, "--answer-all", "Mrs Jones was away", "--home", home.root).stdout
    assert "Nothing has been saved." in told
    assert "seems to include a person's name" in told
    assert "Jones" not in told


@pytest.mark.usefixtures("today")
def test_a_corrected_file_is_kept_with_what_was_said_last_time(home: Home, file: Path) -> None:
    submitted(home, file, "W01 monthly!F2=Many were away", "W01=Few were well")
    rows = [worlds.monthly_row(ward, LAST) for ward in worlds.WARDS["Z01"]]
    for row, answered in zip(rows, (4, 2), strict=False):
        row |= {"pt_answered": answered, "pt_safe": 1 if answered == 2 else 2}
    file.write_bytes(worlds.return_file("Z01", LAST, monthly=rows))
    asked = run("submit", file, "--home", home.root)
    assert asked.exit_code == Exit.QUERIES
    assert '--answer "W01 monthly!F3=…"' in asked.stdout
    assert "Last time's explanation carries over for W01 monthly!F2" in asked.stdout
    kept = run("submit", file, "--answer", "W01 monthly!F3=Two were well", "--home", home.root)
    assert kept.exit_code == Exit.DONE, kept.output
    assert "Explained: as last time for W01 monthly!F2" in kept.stdout
    (*_, receipt) = [r for r in home.archive.receipts() if r.month == str(LAST)]
    said = {q.cell: q.answer for q in receipt.queries if q.code == "W01"}
    assert said == {"F2": "Many were away", "F3": "Two were well"}


@pytest.mark.usefixtures("today")
def test_a_query_that_was_left_open_is_answered_later(home: Home, file: Path) -> None:
    at = worlds.received(LAST)
    kept = submit(
        home, Arrival(file.read_bytes(), file.name, worlds.LEAD, at, {}, keep_unanswered=True)
    )
    name = kept.receipt.return_id
    (first, *_) = [q for q in kept.receipt.queries if q.code == "W01"]
    key = query_key(first.code, first.sheet, first.cell)
    result = run("answer", name, key, "Many were away", "--by", "me@x.example", "--home", home.root)
    assert result.exit_code == Exit.DONE, result.output
    assert f"Your explanation of query {key} in {name} has been saved." in result.stdout
    (taken,) = home.archive.decisions()
    assert (taken.query, taken.reason, taken.decided_by) == (key, "Many were away", "me@x.example")
    refusals = [("W99", "So"), ("what?", "So"), ("W01", "Ask Mrs Jones"), ("W01", " ")]
    for arguments in [*((name, *said) for said in refusals), ("Z01/2020-01/1", "W01", "So")]:
        refused = run("answer", *arguments, "--home", home.root)
        assert refused.exit_code == Exit.WRONG_USE
        assert refused.stderr.strip().endswith(".")
    assert len(home.archive.decisions()) == 1


def test_verify_lists_what_a_crash_left_behind(home: Home) -> None:
    run("build", "--home", home.root)
    left = home.archive.root / "returns" / "Z01" / ".staged-version-0123"
    left.mkdir()
    said = run("verify", "--home", home.root)
    assert said.exit_code == Exit.DONE, said.output
    assert "returns/Z01/.staged-version-0123" in said.stdout
    assert json.loads(run("verify", "--json", "--home", home.root).stdout)["unfinished"] == [
        "returns/Z01/.staged-version-0123"
    ]
    shutil.rmtree(left)
    assert "interrupted" not in run("verify", "--home", home.root).stdout


def test_status_says_when_a_month_closes_and_when_its_figures_are_final(home: Home) -> None:
    text = run("status", "--home", home.root).stdout
    assert "Was due" in text
    assert "its figures are final" in text
    months = json.loads(run("status", "--json", "--home", home.root).stdout)["months"]
    assert set(months[0]) >= {"due", "closed", "locked"}
