"""A sign-in counts only with a confirmed address and for some hours."""

from datetime import UTC, datetime

import pytest

from dashboard import store
from dashboard.access import Scope
from dashboard.queries.returns_grid import returns_grid
from dashboard.queries.wards import wards
from dashboard.views import door
from dashboard.views.door import SIGN_IN_HOURS, Visit, refusal
from tests.dashboard import tiny_release
from tests.dashboard.tiny_release import TODAY

NOW = datetime.now(UTC).timestamp()
GOOD = {"email": "lead@x.example", "email_verified": True, "iat": NOW - 60}


def test_a_fresh_and_confirmed_sign_in_is_taken():
    assert refusal(GOOD) is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"email_verified": False}, "has not confirmed"),
        ({"email_verified": None}, "has not confirmed"),
        ({"email_verified": "true"}, "has not confirmed"),
        ({"email": None}, "has not confirmed"),
        ({"iat": NOW - SIGN_IN_HOURS * 3600 - 1}, "sign out, and in again"),
        ({"iat": None}, "sign out, and in again"),
        ({"iat": "yesterday"}, "sign out, and in again"),
    ],
)
def test_any_other_sign_in_is_refused_in_words(change, says):
    assert says in refusal(GOOD | change)


def test_an_answer_is_kept_by_release_scope_and_parameters(tmp_path):
    release = tiny_release.write(tmp_path)
    one, two = (
        Visit(Scope("trust", frozenset({code}), f"{code}@x.example", "Lead"), release, TODAY)
        for code in ("Z01", "Z02")
    )
    assert set(one.ask(wards)["trust_code"]) == {"Z01"}
    assert set(two.ask(wards)["trust_code"]) == {"Z02"}
    assert one.ask(wards) is one.ask(wards)
    assert one.ask(wards, sex="male").height < one.ask(wards).height
    tables = tiny_release.frames()
    tables["completeness"] = tables["completeness"].clear()
    later = tiny_release.write(tmp_path, tables, "tiny-2")
    assert not one.ask(returns_grid, today=TODAY).is_empty()
    assert Visit(one.scope, later, TODAY).ask(returns_grid, today=TODAY).is_empty()


def test_scope_is_resolved_from_the_register_on_every_run(tmp_path, monkeypatch):
    tiny_release.write(tmp_path)
    monkeypatch.setenv("FEELING_SAFE_HOME", str(tmp_path))
    monkeypatch.setattr(door, "demo_person", lambda: "lead1@example.org")
    monkeypatch.setattr(door, "today", lambda: TODAY)
    assert door.visitor().role == "trust"
    tables = tiny_release.frames()
    tables["people"] = tables["people"].filter(tables["people"]["email"] != "lead1@example.org")
    tiny_release.write(tmp_path, tables, "tiny-2")
    assert store.current(tmp_path / "releases").stem == "tiny-2"
    assert door.visitor() is None
