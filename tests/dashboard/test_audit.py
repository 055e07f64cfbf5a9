"""The audit log: lines for programs with the time, and without names, addresses or figures."""

import ast
import json
import logging
import os
import stat
from pathlib import Path

import pytest

from dashboard import audit
from dashboard.access import Scope

LEAD = Scope("trust", frozenset({"Z01"}), "lead1@example.org", "Lena Lead")
TREE = Path(__file__).parents[2]


@pytest.fixture
def log(tmp_path, monkeypatch) -> Path:
    fresh = logging.getLogger(f"audit test {tmp_path}")
    fresh.propagate = False
    monkeypatch.setattr(audit, "_LOG", fresh)
    file = tmp_path / "kept" / "audit.jsonl"
    audit.begin(file)
    audit.begin(file)  # asked for twice, a line is written once
    yield file
    for handler in fresh.handlers:
        handler.close()


def lines(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def test_a_line_says_when_what_who_and_to_what(log):
    audit.record("export", LEAD, "tiny-1", what="figures", unit=None)
    (line,) = lines(log)
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "action": "export",
        "actor": audit.fingerprint(LEAD),
        "release": "tiny-1",
        "target": {"what": "figures", "unit": None},
    }
    assert audit.fingerprint(LEAD).startswith("trust:")


def test_whoever_was_not_let_in_is_a_reason_and_a_fingerprint(log):
    audit.refused("unconfirmed_address", "Someone@Example.org ", "tiny-1")
    (line,) = lines(log)
    assert line["action"] == "sign_in_refused"
    assert line["target"] == {"reason": "unconfirmed_address"}
    assert line["actor"].startswith("nobody:")
    assert "someone" not in log.read_text(encoding="utf-8").casefold()


def test_a_refused_token_is_named_with_where_it_came_from(log):
    audit.refused_token("0123456789ab", "192.0.2.1", "tiny-1")
    audit.refused_token(None, "192.0.2.1", "")
    first, second = lines(log)
    assert first["action"] == second["action"] == "token_refused"
    assert first["target"] == {"token": "0123456789ab", "address": "192.0.2.1"}
    assert second["target"] == {"token": None, "address": "192.0.2.1"}
    assert first["at"].endswith("+00:00")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_after_rotation_the_log_is_still_readable_by_its_account_only(log):
    audit.record("export", LEAD, "tiny-1")
    log.rename(log.with_suffix(".1"))
    audit.record("export", LEAD, "tiny-1")
    assert [stat.S_IMODE(path.stat().st_mode) for path in log.parent.iterdir()] == [0o600] * 2


def test_the_same_address_is_the_same_person_however_it_is_written(log):
    audit.refused("x", "Lead1@Example.org", "tiny-1")
    (line,) = lines(log)
    assert line["actor"].partition(":")[2] == audit.fingerprint(LEAD).partition(":")[2]


def test_a_log_that_was_moved_away_is_begun_again(log):
    audit.record("export", LEAD, "tiny-1")
    log.rename(log.with_suffix(".old"))
    audit.record("sign_out", LEAD, "tiny-1")
    assert [line["action"] for line in lines(log)] == ["sign_out"]
    assert [line["action"] for line in lines(log.with_suffix(".old"))] == ["export"]


def actions() -> set[str]:
    """The name of every action that the source logs."""
    found = set()
    for path in (TREE / "dashboard").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and _logs(ast.unparse(node.func)):
                first = node.args[0]
                found |= {first.value} if isinstance(first, ast.Constant) else set()
    return found


def _logs(called: str) -> bool:
    return called in ("audit.record", "arrival.log", "api.note", "noted.note", "note")


def test_every_action_is_explained_to_whoever_reads_the_log():
    explained = (TREE / "docs" / "running-the-service.md").read_text(encoding="utf-8")
    assert {"sign_in", "sign_out", "export"} <= actions()
    assert [name for name in actions() if f"`{name}`" not in explained] == []
