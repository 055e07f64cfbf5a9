"""The programme team's Returns screen: who to chase, and decisions that must be confirmed."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.page import last_save, session
from dashboard.page.session import Visit
from pipelines.accepting.submission import Arrival
from pipelines.keeping.home import Home
from pipelines.releasing.build import build
from pipelines.releasing.builder import here
from pipelines.submit import submit
from schemas.deadlines import dates_for
from schemas.periods import Month
from schemas.programme import Deadlines
from tests import worlds
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow

LAST = Month(2025, 4)
FINAL, CLOSED = Month(2025, 1), Month(2025, 2)
NOW = worlds.received(LAST, days=20)
Look = Callable[..., AppTest]


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Four months of two trusts; Z02 has not sent the last month, Z01 has sent it twice."""
    made = worlds.small_world(tmp_path_factory.mktemp("returns") / "home", last=LAST + -1)
    worlds.send(made, "Z01", LAST)
    changed = [worlds.monthly_row(ward, LAST, pt_safe=3) for ward in worlds.WARDS["Z01"]]
    worlds.send(made, "Z01", LAST, at=worlds.received(LAST, 6), monthly=changed)
    submit(made, Arrival(b"", "wrong.xlsx", worlds.LEAD, worlds.received(LAST, 7), {}))
    build(made, worlds.received(LAST, 8))
    return made


@pytest.fixture
def look(home: Home, at_the_door, open_screen) -> Look:
    at_the_door(home.root, NOW)

    def open_at(part: str) -> AppTest:
        app = open_screen(worlds.TEAM, "returns", look=part)
        assert not app.exception
        assert app.title[0].value == "Returns"
        return app

    return open_at


def shown(app: AppTest) -> str:
    return "\n".join(repr(element.proto) for element in app.main) + repr(app.main)


def active(home: Home) -> set[str]:
    return {receipt.return_id for receipt in home.archive.entries().active}


def test_a_damaged_return_is_named_and_its_month_is_marked(look, home):
    receipt = home.archive.root / "returns" / "Z01" / str(LAST) / "2" / "receipt.json"
    receipt.write_bytes(receipt.read_bytes()[:200])
    build(home, NOW)
    text = shown(app := look("Month by month"))
    assert f"leave it out: return Z01/{LAST}/2. Restore it from a backup" in app.warning[0].value
    assert "1 return is damaged." in text
    assert text.count("fs-badge fs-damaged") == 2  # in the key, and one month
    assert len(look("Chase list").get("download_button")) == 3  # nobody is chased for it


def test_the_chase_list_names_who_is_due_with_the_email(look):
    app = look("Chase list")
    text = shown(app)
    assert "1 return from 1 trust is overdue." in text
    assert "Tiny trust Z02" in text
    assert f"{worlds.LEAD}, who sent the last return" in text
    assert "We have not received this return from Tiny trust Z02" in app.code[0].value
    assert len(app.get("download_button")) == 3


def test_before_the_due_day_nobody_is_chased(look, monkeypatch):
    monkeypatch.setattr(session, "today", worlds.received(LAST, 3).date)
    app = look("Chase list")
    assert "Nothing to chase" in shown(app)
    assert not app.get("download_button")


def test_a_return_is_withdrawn_only_after_a_reason_and_confirmation(look, home):
    app = look("Withdraw or reopen")
    newest = f"Z01/{LAST}/2"
    app.selectbox(key="withdraw_return").set_value(newest).run()
    app.button(key="withdraw_begin").click().run()
    assert "Say why" in app.error[0].value
    app.text_input(key="withdraw_reason").set_value("Sent for the wrong month").run()
    app.button(key="withdraw_begin").click().run()
    assert f"Withdraw {newest}" in app.warning[0].value
    assert f"Z01/{LAST}/1 comes back into use" in app.warning[0].value
    assert newest in active(home)
    before = (home.releases / "CURRENT").read_text()
    app.button(key="withdraw_yes").click().run()
    assert not app.exception
    assert app.success[0].value == (
        f"{newest} has been withdrawn. Every figure has been recalculated."
    )
    assert app.text_input(key="withdraw_reason").value == ""
    assert newest not in active(home)
    assert f"Z01/{LAST}/1" in active(home)
    assert (home.releases / "CURRENT").read_text() != before
    decision = home.archive.decisions()[-1]
    assert (decision.kind, decision.decided_by) == ("withdrawal", worlds.TEAM)
    assert decision.reason == "Sent for the wrong month"
    assert newest not in app.selectbox(key="withdraw_return").options
    assert not app.warning


def test_a_withdrawal_can_be_undone_and_brought_back(look, home, monkeypatch):
    app = look("Withdraw or reopen")
    chosen = app.selectbox(key="withdraw_return").value
    before = active(home)
    steps = (
        ("withdraw", "The wrong month", False),
        ("undo", "It was right after all", True),
        ("undo", "No, it was the wrong month", False),
    )
    for minutes, (key, reason, in_use) in enumerate(steps, 1):
        app.text_input(key=f"{key}_reason").set_value(reason).run()
        app.button(key=f"{key}_begin").click().run()
        assert ("Bring back" in app.warning[0].value) == (minutes == len(steps))
        app.button(key=f"{key}_yes").click().run()
        assert not app.exception
        assert (active(home) == before) == (chosen in active(home)) == in_use
        later = NOW + timedelta(minutes=minutes)
        monkeypatch.setattr(session, "now", lambda later=later: later)
    assert app.success[0].value.startswith(f"Applies again: Return withdrawn ({chosen})")
    assert [d.kind for d in home.archive.decisions()] == ["withdrawal", "undo", "undo"]
    of_history = "\n".join(repr(element.proto) for element in look("History").main)
    assert of_history.count("No, undone") == 1  # the first undo; the withdrawal applies again


def test_no_leaves_everything_as_it_is(look, home):
    app = look("Withdraw or reopen")
    app.text_input(key="withdraw_reason").set_value("A mistake").run()
    app.button(key="withdraw_begin").click().run()
    app.button(key="withdraw_no").click().run()
    assert not app.warning
    assert home.archive.decisions() == []


def test_another_choice_must_be_confirmed_again(look, home):
    app = look("Withdraw or reopen")
    app.text_input(key="withdraw_reason").set_value("A mistake").run()
    app.button(key="withdraw_begin").click().run()
    assert app.warning
    app.selectbox(key="withdraw_trust").set_value("Z02").run()
    assert not app.warning
    assert home.archive.decisions() == []


def test_a_reason_that_holds_a_person_is_not_kept(look, home):
    app = look("Withdraw or reopen")
    app.text_input(key="withdraw_reason").set_value("Ask anna.smith@example.org").run()
    app.button(key="withdraw_begin").click().run()
    assert "seems to include an e-mail address" in app.error[0].value
    assert not app.warning


def test_a_closed_month_is_reopened_for_one_trust(look, home):
    app = look("Withdraw or reopen")
    app.selectbox(key="reopen_trust").set_value("Z02").run()
    app.selectbox(key="reopen_month").set_value(CLOSED).run()
    text = shown(app)
    assert "Was due" in text
    assert "Figures will be final after" in text
    app.text_input(key="reopen_reason").set_value("Late change of system").run()
    app.button(key="reopen_begin").click().run()
    locked = dates_for(CLOSED, Deadlines()).locked
    said = f"Reopen February 2025 for Tiny trust Z02 until the end of {locked.day} June 2025?"
    assert said in app.warning[0].value
    app.button(key="reopen_yes").click().run()
    assert "February 2025 is open again for Tiny trust Z02." in app.success[0].value
    decision = home.archive.decisions()[-1]
    assert (decision.kind, decision.trust_code, decision.month, decision.expires) == (
        "reopened_month", "Z02", str(CLOSED), str(locked),
    )  # fmt: skip


def test_a_final_month_is_reopened_for_a_while_with_someone_accountable(look, home):
    app = look("Withdraw or reopen")
    assert FINAL.label not in app.selectbox(key="reopen_month").options  # not for every trust
    app.selectbox(key="reopen_trust").set_value("Z01").run()
    app.selectbox(key="reopen_month").set_value(FINAL).run()
    assert "Figures were final after" in shown(app)
    app.selectbox(key="reopen_owner").set_value(worlds.LEAD).run()
    app.text_input(key="reopen_reason").set_value("A ward was left out").run()
    app.button(key="reopen_begin").click().run()
    assert "figures that were final" in app.warning[0].value
    app.button(key="reopen_yes").click().run()
    decision = home.archive.decisions()[-1]
    assert (decision.kind, decision.owner) == ("lock_exception", worlds.LEAD)
    assert decision.expires == str((NOW + timedelta(days=14)).date())
    grid = shown(look("Month by month"))
    assert "reopened for now" in grid
    assert f"{worlds.LEAD} is accountable" in shown(look("History"))


def test_the_role_is_asked_again_when_the_decision_is_taken(look, home, monkeypatch):
    app = look("Withdraw or reopen")
    app.text_input(key="withdraw_reason").set_value("A mistake").run()
    app.button(key="withdraw_begin").click().run()
    admit = session.admit
    calls = []

    def admit_once(*roles: str) -> Visit:
        calls.append(roles)
        if len(calls) > 1:
            monkeypatch.setattr(session, "demo_person", lambda: worlds.LEAD)
        return admit(*roles)

    monkeypatch.setattr(session, "admit", admit_once)
    app.button(key="withdraw_yes").click().run()
    assert "not for your role" in app.error[0].value
    assert home.archive.decisions() == []


def on_their_way(app: AppTest) -> bool:
    return any("New figures are on their way." in repr(part.proto) for part in app.main)


def test_until_its_figures_are_there_a_decision_is_only_said_to_be_saved(look, home, monkeypatch):
    begin, build_here = Event(), here(home)

    def build(now):
        begin.wait(PATIENCE)
        return build_here(now)

    session.build_with(home.root, build)
    monkeypatch.setattr(last_save, "PATIENCE", 0)
    app = look("Withdraw or reopen")
    newest = app.selectbox(key="withdraw_return").value
    app.text_input(key="withdraw_reason").set_value("A mistake").run()
    app.button(key="withdraw_begin").click().run()
    app.button(key="withdraw_yes").click().run()
    for _ in range(2):
        assert app.info[0].value.startswith("Saved. The figures don’t show this yet")
        assert not app.success
        assert on_their_way(app)
        app.run()
    begin.set()
    session.builder().wait(1, PATIENCE)
    app.run()
    assert app.success[0].value == (
        f"{newest} has been withdrawn. Every figure has been recalculated."
    )
    assert not app.info
    assert not on_their_way(app)
    app.button(key="withdraw_straight_away_0").click().run()
    session.builder().wait(2, PATIENCE)
    app.run()
    assert app.success[0].value.startswith(f"Undone: “{newest} has been withdrawn.”")
    assert newest in {each.return_id for each in home.archive.entries().active}


def test_an_undo_whose_figures_are_to_come_is_said_to_be_one(look, home, monkeypatch):
    begin, build_here = Event(), here(home)

    def build(now):
        begin.wait(PATIENCE)
        return build_here(now)

    session.build_with(home.root, build)
    monkeypatch.setattr(last_save, "PATIENCE", 0)
    app = look("Withdraw or reopen")
    app.text_input(key="withdraw_reason").set_value("A mistake").run()
    app.button(key="withdraw_begin").click().run()
    app.button(key="withdraw_yes").click().run()
    app.button(key="withdraw_straight_away_0").click().run()
    assert app.info[0].value.startswith("Undone. The figures don’t show this yet")
    begin.set()
    session.builder().wait(2, PATIENCE)


def test_a_decision_whose_release_fails_is_kept_and_says_so(look, home, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError("the disk is full")

    app = look("Withdraw or reopen")
    app.text_input(key="withdraw_reason").set_value("A mistake").run()
    app.button(key="withdraw_begin").click().run()
    monkeypatch.setattr("pipelines.releasing.builder.build", refuse)
    app.button(key="withdraw_yes").click().run()
    assert "It has been saved, but" in app.error[0].value
    assert "recalculated" not in app.success[0].value
    assert len(home.archive.decisions()) == 1


def test_the_history_shows_every_attempt_and_decision(look):
    app = look("Withdraw or reopen")
    app.text_input(key="withdraw_reason").set_value("Sent by mistake").run()
    app.button(key="withdraw_begin").click().run()
    app.button(key="withdraw_yes").click().run()
    text = shown(look("History"))
    assert f"Accepted as Z01/{LAST}/1" in text
    assert "Refused: the file could not be used" in text
    assert "Return withdrawn" in text
    assert "Sent by mistake" in text


def test_explanations_can_be_read(look):
    text = shown(look("Queries"))
    assert "Explanations, newest month first" in text
    assert "Checked with the ward" in text
