"""New limits and events on a chart: with a reason, previewed, confirmed, and undone."""

from collections.abc import Callable
from datetime import date, timedelta

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.page import session
from dashboard.panels import chart_decisions
from pipelines.keeping import decide
from pipelines.keeping.decide import DecisionError, UnitCodes
from pipelines.keeping.decisions import Decided, in_force
from pipelines.keeping.home import Home
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from schemas.periods import Month
from tests import worlds

pytestmark = pytest.mark.slow

LAST = Month(2026, 2)
NOW = worlds.received(LAST, days=20)
WARD, OTHERS = "Z01-ALDER1", "Z02-DOGWD1"
FOLD = f"rebase_ward_{WARD}_SS-O1"
NOTE = f"annotate_ward_{WARD}"
Look = Callable[..., AppTest]


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = worlds.small_world(tmp_path_factory.mktemp("decisions") / "home", last=LAST)
    build(made, NOW)
    return made


@pytest.fixture
def look(home: Home, at_the_door, open_screen) -> Look:
    at_the_door(home.root, NOW)

    def open_at(email: str, path: str = "ward", fold: str = "", **address: str) -> AppTest:
        app = open_screen(email, path, {fold: True} if fold else None, **address)
        assert not app.exception
        return app

    return open_at


def shown(app: AppTest) -> str:
    return "\n".join(repr(element.proto) for element in app.main) + repr(app.main)


def phases(home: Home, unit: str, measure: str) -> pl.DataFrame:
    path = release_file.current(home.releases)
    where = f"unit_id = '{unit}' AND measure = '{measure}' AND value IS NOT NULL"
    sql = f"SELECT phase, min(month) AS first FROM points WHERE {where} GROUP BY 1 ORDER BY 1"  # noqa: S608
    return release_file.read(path, sql)


def start(app: AppTest, fold: str, reason: str) -> AppTest:
    app.text_input(key=f"{fold}_reason").set_value(reason).run()
    app.button(key=f"{fold}_begin").click().run()
    return app


@pytest.mark.parametrize("email", [worlds.TEAM, worlds.LEAD])
def test_new_limits_start_after_a_reason_and_confirmation(look, home, email):
    app = look(email, fold=FOLD, ward=WARD)
    assert "Preview of the chart" in shown(app)
    app.selectbox(key=f"{FOLD}_month").set_value(date(2025, 9, 1)).run()
    assert "trial limits" in app.warning[0].value
    app.button(key=f"{FOLD}_begin").click().run()
    assert "Say why" in app.error[0].value
    start(app, FOLD, "The survey moved to tablets")
    assert "Start new limits from September 2025" in app.warning[-1].value
    assert home.archive.decisions() == []
    app.button(key=f"{FOLD}_yes").click().run()
    assert not app.exception
    assert "Every figure has been recalculated." in app.success[0].value
    (decision,) = home.archive.decisions()
    assert (decision.kind, decision.decided_by) == ("rebase", email)
    assert (decision.trust_code, decision.ward_code) == ("Z01", "ALDER1")
    assert phases(home, WARD, "SS-O1")["first"].to_list() == [date(2025, 1, 1), date(2025, 9, 1)]
    assert phases(home, WARD, "SS-O2").height == 1
    text = shown(app)
    assert "The survey moved to tablets" in text
    assert "Decisions you can undo: new limits" in text


def test_new_limits_are_undone_by_another_decision(look, home, monkeypatch):
    decide.rebase(
        home, UnitCodes("Z01", "ALDER1"), "SS-O1", "2025-09", Decided(worlds.TEAM, NOW, "A mistake")
    )
    build(home, NOW)
    assert phases(home, WARD, "SS-O1").height == 2
    monkeypatch.setattr(session, "now", lambda: NOW + timedelta(minutes=1))
    app = look(worlds.LEAD, fold=FOLD, ward=WARD)
    start(app, f"{FOLD}_undo", "Nothing had changed")
    assert "Undo “A mistake" in app.warning[-1].value
    app.button(key=f"{FOLD}_undo_yes").click().run()
    assert not app.exception
    assert [d.kind for d in home.archive.decisions()] == ["rebase", "undo"]
    assert phases(home, WARD, "SS-O1").height == 1


def test_a_month_outside_the_chart_is_no_choice(look):
    app = look(worlds.TEAM, fold=FOLD, ward=WARD)
    months = app.selectbox(key=f"{FOLD}_month").options
    assert months[0] == LAST.label
    assert "January 2025" not in months
    assert app.selectbox(key=f"{FOLD}_month").value == date(2025, 3, 1)  # twelve points from here


def test_a_month_that_is_no_choice_is_refused_all_the_same(home):
    for month in ("1999-01", "2026-09", "March"):
        with pytest.raises(DecisionError):
            decide.rebase(
                home,
                UnitCodes("Z01", "ALDER1"),
                "SS-O1",
                month,
                Decided(worlds.TEAM, NOW, "A change"),
            )
    assert home.archive.decisions() == []


def test_a_reason_that_names_a_person_is_not_kept(look, home):
    app = look(worlds.LEAD, fold=FOLD, ward=WARD)
    start(app, FOLD, "Ask anna.smith@example.org")
    assert "e-mail address" in app.error[0].value
    assert home.archive.decisions() == []


def test_somebody_elses_ward_by_its_address_is_the_own_ward(look, open_screen):
    folds = {FOLD: True, f"rebase_ward_{OTHERS}_SS-O1": True}
    app = open_screen(worlds.LEAD, "ward", folds, ward=OTHERS)
    assert not app.exception
    assert "Dogwd1" not in shown(app)
    keys = [field.key or "" for field in (*app.selectbox, *app.text_input, *app.button)]
    assert [key for key in keys if WARD in key]
    assert not [key for key in keys if OTHERS in key]


@pytest.mark.parametrize("unit", [("ward", OTHERS), ("trust", "Z02"), ("programme", "programme")])
def test_a_trust_decides_about_nobody_else(home, monkeypatch, look, unit):
    look(worlds.LEAD)
    with pytest.raises(DecisionError, match="your own trust and its wards"):
        chart_decisions.require(unit)


def test_a_region_decides_nothing(look, monkeypatch):
    monkeypatch.setattr(
        "dashboard.access.resolve",
        lambda *_: session.Scope("region", frozenset({"Z01"}), "r@trust.example", "Region"),
    )
    app = look("r@trust.example", ward=WARD)
    labels = [fold.label for fold in app.expander]
    assert labels
    assert not [label for label in labels if "new limits" in label or "event" in label]


def test_an_event_is_recorded_shown_and_undone(look, home, monkeypatch):
    app = look(worlds.LEAD, fold=NOTE, ward=WARD)
    app.selectbox(key=f"{NOTE}_kind").set_value("forum").run()
    app.date_input(key=f"{NOTE}_day").set_value(date(2025, 11, 12)).run()
    start(app, NOTE, "Forum on disclosure")
    assert "Forum on disclosure" in app.warning[-1].value
    assert "Its flag is drawn once" not in app.warning[-1].value
    app.button(key=f"{NOTE}_yes").click().run()
    assert not app.exception
    (decision,) = home.archive.decisions()
    assert (decision.kind, decision.event_kind, decision.month) == (
        "annotation", "forum", "2025-11-12",
    )  # fmt: skip
    text = shown(app)
    assert "12 November 2025" in text
    assert "Learning forum" in text
    for turn, kept in enumerate(([], ["Forum on disclosure"])):  # undone, and that undone too
        app.button(key=f"{NOTE}_straight_away_{turn}").click().run()
        assert not app.exception
        assert not app.error
        standing = [d.label for d in in_force(home.archive.decisions())]
        assert standing == kept
    history = shown(look(worlds.TEAM, "returns", look="History"))
    assert "Forum on disclosure" in history
    assert "Event recorded" in history
    monkeypatch.setattr(session, "now", lambda: NOW + timedelta(minutes=1))
    undo = f"undo_ward_{WARD}"
    app = look(worlds.LEAD, fold=f"events_ward_{WARD}_undo", ward=WARD)
    start(app, undo, "Another day")
    app.button(key=f"{undo}_yes").click().run()
    assert not app.exception
    assert "Forum on disclosure" not in shown(look(worlds.LEAD, ward=WARD))
    assert sorted(d.kind for d in home.archive.decisions()) == ["annotation", *["undo"] * 3]


def test_an_event_of_a_month_without_figures_says_when_its_flag_is_drawn(look):
    app = look(worlds.TEAM, fold=NOTE, ward=WARD)
    start(app, NOTE, "New team")
    month = Month.of(NOW.date())
    said = f"Its flag is drawn once the charts go up to {month.label}. You can undo it."
    assert said in app.warning[-1].value


def test_the_programme_records_for_everybody_or_one_trust(look, home):
    fold = "annotate_programme_programme"
    app = look(worlds.TEAM, "overview", fold=fold)
    assert app.selectbox(key=f"{fold}_whom").options == [
        "Everyone", "Tiny trust Z01", "Tiny trust Z02",
    ]  # fmt: skip
    start(app, fold, "Learning forum 1")
    app.button(key=f"{fold}_yes").click().run()
    assert not app.exception
    assert "Learning forum 1" in shown(look(worlds.LEAD, "our-wards"))


def test_a_change_of_definition_asks_for_new_limits(look):
    app = look(worlds.TEAM, fold=NOTE, ward=WARD)
    app.selectbox(key=f"{NOTE}_kind").set_value("definition_change").run()
    assert "Start new limits" in shown(app)


def test_a_trust_sees_its_own_total_of_staff_alleged_and_a_region_does_not(look, monkeypatch):
    assert "in your trust in twelve months" in shown(look(worlds.LEAD, "our-wards"))
    monkeypatch.setattr(
        "dashboard.access.resolve",
        lambda *_: session.Scope("region", frozenset({"Z01"}), "r@trust.example", "Region"),
    )
    assert "alleged to be responsible" not in shown(look("r@trust.example", "our-wards"))
