"""Open queries are explained on screen, several at once, only by the people they concern."""

import pytest
from streamlit.testing.v1 import AppTest

from pipelines.accepting.submission import Arrival
from pipelines.keeping.home import Home
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from pipelines.submit import submit
from schemas.periods import Month
from tests import worlds
from tests.dashboard.screens.opening import headings

LAST = Month(2025, 3)
NOW = worlds.received(LAST, days=8)


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Three months of two trusts; the last returns were received with their queries open."""
    made = worlds.small_world(tmp_path_factory.mktemp("answering") / "home", last=LAST + -1)
    for trust in worlds.WARDS:
        rows = [worlds.monthly_row(ward, LAST, pt_safe=2) for ward in worlds.WARDS[trust]]
        for number, row in enumerate(rows[:3]):
            row |= {"pt_answered": 2 + number}
        content = worlds.return_file(trust, LAST, monthly=rows)
        at = worlds.received(LAST)
        kept = submit(
            made,
            Arrival(content, "x.zip", worlds.LEAD, at, {}, keep_unanswered=True),
        )
        assert kept.receipt
    build(made, worlds.received(LAST, 6))
    return made


@pytest.fixture
def home(home: Home, at_the_door) -> Home:
    at_the_door(home.root, NOW)
    return home


@pytest.fixture
def visit(home, open_screen):
    def begin(person: str, screen: str, **address: str) -> AppTest:
        app = open_screen(person, screen, **address)
        assert not app.exception
        return app

    return begin


def fields(app: AppTest) -> list:
    return [field for field in app.text_input if field.label.startswith("Your explanation")]


def save(app: AppTest) -> AppTest:
    next(b for b in app.button if b.label == "Save explanations").click().run()
    assert not app.exception
    return app


def unanswered(home: Home, trust: str) -> int:
    path = release_file.current(home.releases)
    found = release_file.read(path, "SELECT trust_code, sum(queries_open) FROM returns GROUP BY 1")
    return dict(found.rows())[trust]


def test_a_trust_lead_explains_several_at_once_and_the_rest_stays(visit, home):
    app = visit(worlds.LEAD, "first")
    every = fields(app)
    assert len(every) > 2
    before = unanswered(home, "Z01")
    every[0].set_value("Half the ward was at an outing")
    every[1].set_value("Few people were well enough")
    app = save(app)
    assert app.success[0].value == "2 explanations saved. Every figure has been recalculated."
    assert len(fields(app)) == len(every) - 2
    assert unanswered(home, "Z01") == before - 2
    taken = home.archive.decisions()
    assert {d.decided_by for d in taken} == {worlds.LEAD}
    assert {d.return_id for d in taken} == {f"Z01/{LAST}/1"}
    assert {d.reason for d in taken} == {
        "Half the ward was at an outing",
        "Few people were well enough",
    }
    app = app.button(key="explanations_straight_away_0").click().run()
    assert app.success[0].value.startswith("Undone: “2 explanations saved.”")
    assert len(fields(app)) == len(every)
    assert unanswered(home, "Z01") == before
    app.button(key="explanations_straight_away_1").click().run()
    assert unanswered(home, "Z01") == before - 2


def test_an_answer_with_a_person_in_it_saves_nothing_and_loses_nothing(visit, home):
    app = visit(worlds.LEAD, "first")
    first, second, *_ = fields(app)
    first.set_value("Few people were well enough")
    second.set_value("Ask Mrs Jones")
    app = save(app)
    assert "Nothing was saved. Your explanation of" in app.error[0].value
    assert "a person's name" in app.error[0].value
    assert home.archive.decisions() == []
    assert fields(app)[0].value == "Few people were well enough"


def test_saving_nothing_says_what_to_do(visit, home):
    app = save(visit(worlds.LEAD, "first"))
    assert "Write at least one explanation first." in app.error[0].value
    assert home.archive.decisions() == []


def test_a_trust_is_asked_only_about_its_own(visit):
    labels = [field.label for field in fields(visit(worlds.LEAD, "first"))]
    assert [label for label in labels if "Alder1" in label]
    assert not [label for label in labels if "Dogwd" in label or "Elder1" in label]


def test_the_programme_answers_on_behalf_under_its_own_name(visit, home):
    app = visit(worlds.TEAM, "returns", look="Queries", asked="Z02")
    every = fields(app)
    assert every
    assert all("Tiny trust Z02" in field.label for field in every)
    for field in every:
        field.set_value("The trust told us on the phone")
    app = save(app)
    assert unanswered(home, "Z02") == 0
    assert unanswered(home, "Z01") > 0
    assert {d.decided_by for d in home.archive.decisions()} == {worlds.TEAM}
    assert "The trust told us on the phone" in repr([e.proto for e in app.main])


def test_figures_of_an_earlier_day_have_no_fields_for_explanations(visit):
    app = visit(worlds.LEAD, "first", **{"as-at": str(worlds.received(LAST, 6).date())})
    assert "Queries to explain" in headings(app)
    assert fields(app) == []
