"""Who is let in is decided again every time, and nobody sees results cached for another scope."""

from datetime import timedelta

import polars as pl
import pytest

from dashboard import identity, store
from dashboard.access import Scope
from dashboard.page import session
from dashboard.page.session import Visit
from dashboard.queries.organisations import wards
from dashboard.queries.returns import returns_grid
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from tests import worlds
from tests.dashboard import tiny_release
from tests.dashboard.tiny_release import TODAY


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
    monkeypatch.setattr(session, "demo_person", lambda: "lead1@example.org")
    monkeypatch.setattr(session, "today", lambda: TODAY)
    assert session.visitor().role == "trust"
    tables = tiny_release.frames()
    tables["people"] = tables["people"].filter(tables["people"]["email"] != "lead1@example.org")
    tiny_release.write(tmp_path, tables, "tiny-2")
    assert store.current(tmp_path / "releases").stem == "tiny-2"
    assert session.visitor() is None


def test_a_damaged_release_is_built_again_at_the_next_visit(tmp_path, monkeypatch):
    now = worlds.received(worlds.FIRST)
    home = worlds.small_world(tmp_path / "home", worlds.FIRST, worlds.FIRST)
    path = build(home, now)
    path.write_bytes(path.read_bytes()[:-4096])
    monkeypatch.setenv("FEELING_SAFE_HOME", str(home.root))
    monkeypatch.setattr(session, "demo_person", lambda: worlds.TEAM)
    monkeypatch.setattr(session, "today", now.date)
    monkeypatch.setattr(session, "now", lambda: now)
    assert session.visitor().role == "programme"
    assert release_file.is_whole(path)


@pytest.fixture
def signed_in(tmp_path, monkeypatch) -> dict[str, object]:
    """A provider's claims about lead1, who is signing in; change them to change who that is."""
    tiny_release.write(tmp_path)
    monkeypatch.setenv("FEELING_SAFE_HOME", str(tmp_path))
    monkeypatch.setattr(session, "today", lambda: TODAY)
    monkeypatch.setattr(session, "provider_configured", lambda: True)
    said = {"is_logged_in": True, "email": "lead1@example.org", "email_verified": True}
    said |= {"iat": session.now().timestamp(), "iss": "https://provider.example", "sub": "1"}
    monkeypatch.setattr(session.st, "user", _User(said))
    return said


class _User:
    """Stands in for Streamlit's user: what the cookie of a connection says."""

    def __init__(self, said: dict[str, object]) -> None:
        self._said = said

    def to_dict(self) -> dict[str, object]:
        return dict(self._said)


def test_a_confirmed_sign_in_of_the_register_is_let_in(signed_in):
    assert session.visitor().trusts == {"Z01"}
    assert session.refused() is None


@pytest.mark.parametrize(
    "change",
    [
        {"is_logged_in": False},
        {"is_logged_in": "true"},
        {"email_verified": None},
        {"email": "gone@example.org"},
        {"email": "nobody@example.org"},
        {"iat": 0},
    ],
)
def test_any_other_is_not(signed_in, change):
    signed_in |= change
    assert session.visitor() is None


def test_an_ended_sign_in_is_nobody_and_a_new_one_is_somebody(signed_in):
    session.sign_ins().end(identity.key_of(signed_in), session.now())
    assert session.visitor() is None
    assert session.refused() is identity.SIGNED_OUT
    signed_in["nonce"] = "another"
    assert session.visitor().trusts == {"Z01"}


def test_an_account_that_nobody_used_for_180_days_ends_until_it_is_given_again(
    signed_in, monkeypatch, tmp_path
):
    last = TODAY + timedelta(days=180)
    assert session.visitor() is not None  # from this day on, use is noted
    monkeypatch.setattr(session, "today", lambda: last)
    assert session.visitor() is not None
    monkeypatch.setattr(session, "today", lambda: last + timedelta(days=1))
    assert session.visitor() is None
    assert session.refused() is identity.UNUSED
    session.shared().use("lead1@example.org", last)
    assert session.visitor() is not None
    monkeypatch.setattr(session, "today", lambda: last + timedelta(days=181))
    assert session.refused() is identity.UNUSED
    tables = tiny_release.frames()
    again = pl.when(pl.col("email") == "lead1@example.org").then(last + timedelta(days=181))
    tables["people"] = tables["people"].with_columns(valid_from=again.otherwise("valid_from"))
    tiny_release.write(tmp_path, tables, "tiny-2")
    assert session.visitor() is not None


def test_with_a_provider_a_chosen_demo_person_counts_for_nothing(signed_in, monkeypatch):
    monkeypatch.setattr(session, "demo_person", lambda: "team@example.org")
    assert session.visitor().role == "trust"
    signed_in["is_logged_in"] = False
    assert session.visitor() is None
