"""Everything done on the command line leaves a line in the audit log, without naming anyone."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dashboard import audit
from dashboard.cli.errors import Exit
from pipelines.keeping.home import Home
from tests import worlds
from tests.dashboard.cli.typed import run

LAST = worlds.FIRST + 1
BY = "lead@trust.example"
ACTOR = f"command_line:{audit._fingerprint('', BY)[1:]}"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return worlds.small_world(tmp_path / "home", last=worlds.FIRST)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch):
    """Make today, for the command line, some days after the month has ended."""

    def set_to(days: int) -> None:
        class Then(datetime):
            @classmethod
            def now(cls, tz=None):
                return worlds.received(LAST, days)

        for module in ("options", "submit", "measures", "token"):
            monkeypatch.setattr(f"dashboard.cli.{module}.datetime", Then)

    return set_to


def lines(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def test_every_road_of_the_command_line_leaves_a_line_without_a_name(home, log, later, tmp_path):
    later(7)
    rows = [worlds.monthly_row(ward, LAST) for ward in worlds.WARDS["Z01"]]
    rows[0] |= {"pt_answered": 4, "pt_safe": 3}
    file = tmp_path / "return.zip"
    file.write_bytes(worlds.return_file("Z01", LAST, monthly=rows))
    about = ("--by", BY, "--home", home.root)
    name = f"Z01/{LAST}/1"
    steps = [
        ("submit", file, "--answer-all", "On leave", *about),
        ("submit", file, "--answer-all", "On leave", *about),  # nothing new is said, none is noted
        ("submit", file, "--answer", "W01=Two were on leave", *about),
        ("answer", name, "W01", "Three were on leave", *about),
        ("withdraw", name, "--reason", "Sent by mistake", *about),
        ("token", "issue", worlds.LEAD, "--name", "Export", *about),
    ]
    for step in steps:
        result = run(*step)
        assert result.exit_code == Exit.DONE, result.output
    (token,) = json.loads(run("token", "list", "--json", "--home", home.root).stdout)
    assert run("token", "revoke", token["id"], "--reason", "Replaced", *about).exit_code == 0
    folder = tmp_path / "register"
    run("register", folder, "--fetch", "--home", home.root)
    wards = folder / "wards.csv"
    wards.write_text(wards.read_text(encoding="utf-8").replace("Alder1 Ward", "Ash Ward"))
    kept = run("register", folder, "--reason", "A new name", *about)
    assert kept.exit_code == Exit.DONE, kept.output
    (name_of_file, text) = next(iter(worlds.measure_file("SS-P4", target="80").items()))
    (tmp_path / name_of_file).write_bytes(text)
    for _ in range(2):  # the same again is not saved, and not noted
        kept = run("measures", "keep", tmp_path, "--reason", "Agreed after leave", *about)
        assert kept.exit_code == Exit.DONE, kept.output
    said = [(line["action"], line["target"]) for line in lines(log)]
    assert [action for action, _ in said] == [
        "send",
        "answer",
        "answer",
        "withdraw",
        "token_issued",
        "token_revoked",
        "register",
        "measures",
    ]
    assert said[-1][1] == {"version": "1"}
    assert said[0][1] == {"version": name}
    assert said[4][1] == said[5][1] == {"token": token["id"]}
    assert {line["actor"] for line in lines(log)} == {ACTOR}
    written = log.read_text(encoding="utf-8")
    assert "@" not in written
    assert "leave" not in written
    assert "Alder" not in written


def test_a_month_is_opened_again_until_its_figures_are_final(home, log, later):
    later(70)
    about = ("--by", worlds.TEAM, "--home", home.root, "--json")
    result = run("reopen", "z01", LAST, "--reason", "A ward was left out", *about)
    assert result.exit_code == Exit.DONE, result.output
    said = json.loads(result.stdout)
    assert (said["trust"], said["month"]) == ("Z01", str(LAST))
    (line,) = lines(log)
    assert (line["action"], line["target"]["decision"]) == ("reopen", said["decision"])
    assert line["target"]["trust"] == "Z01"
    (taken,) = [d for d in home.archive.decisions() if d.kind == "reopened_month"]
    assert (taken.expires, taken.decided_by) == (said["until"], worlds.TEAM)


def test_a_month_that_is_final_is_opened_with_an_owner_and_a_last_day(home, log, later):
    later(200)
    words = ("reopen", "Z01", LAST, "--reason", "A ward was left out", "--home", home.root)
    until = (worlds.received(LAST, 200) + timedelta(days=10)).date()
    alone = run(*words)
    assert (alone.exit_code, "person responsible" in alone.stderr) == (Exit.WRONG_USE, True)
    forever = run(*words, "--owner", worlds.TEAM)
    assert (forever.exit_code, "choose the last day" in forever.stderr) == (Exit.WRONG_USE, True)
    every = run("reopen", "all", *words[2:], "--owner", worlds.TEAM, "--until", until)
    assert (every.exit_code, "one trust at a time" in every.stderr) == (Exit.WRONG_USE, True)
    wrong = run(*words, "--owner", worlds.TEAM, "--until", "next week")
    assert (wrong.exit_code, "is not a date" in wrong.stderr) == (Exit.WRONG_USE, True)
    assert lines(log) == []
    done = run(*words, "--owner", worlds.TEAM, "--until", until)
    assert done.exit_code == Exit.DONE, done.output
    assert f"is open for Z01 until {until.day} {until:%B %Y}" in done.stdout
    assert "@" not in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        (LAST, "is already open for every trust until"),
        ("2019-01", "No return is expected for January 2019"),
        ("soon", "month"),
    ],
)
def test_a_month_that_needs_no_opening_is_told(home, later, month, sentence):
    later(7)
    result = run("reopen", "Z01", month, "--reason", "Late", "--home", home.root)
    assert result.exit_code == Exit.WRONG_USE
    assert sentence in result.stderr
    assert home.archive.decisions() == []


def test_without_a_log_file_a_terminal_stays_quiet(home, log, later, monkeypatch):
    later(70)
    monkeypatch.delenv("FEELING_SAFE_AUDIT_LOG")
    done = run("reopen", "Z01", LAST, "--reason", "A ward was left out", "--home", home.root)
    assert done.exit_code == Exit.DONE, done.output
    assert lines(log) == []
    assert "command_line" not in done.output
