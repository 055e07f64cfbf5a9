"""A programme that begins: with nothing yet, one return, or one ward and one month, all works.

Every screen of every role opens and says what will be there; every file is made or refused with a
sentence; the service for programs answers.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import store
from dashboard.access import Scope
from dashboard.exports import make
from dashboard.exports.order import EXACT, KINDS, CannotMake, Order, offered
from dashboard.screens import menu
from pipelines.keeping.home import Home, create_home
from pipelines.releasing.build import build
from pipelines.status import status
from schemas.periods import Month
from tests import worlds
from tests.dashboard.api.conftest import Api
from tests.dashboard.exports.sources import source_of

pytestmark = pytest.mark.slow

FIRST = Month(2025, 10)
NOW = datetime(2025, 11, 10, 10, 30, tzinfo=UTC)  # October has ended and is due in four days
SECOND, REGION = "second@trust.example", "region@programme.example"
ROLES = {worlds.TEAM: "programme", worlds.LEAD: "trust", REGION: "region"}


def nobody() -> dict[str, pl.DataFrame]:
    """People, but no trust and no ward."""
    frames = register(worlds.WARDS)
    people = frames["access"].with_columns(trusts=pl.lit(None, pl.String))
    empty = {name: frames[name].clear() for name in ("trusts", "wards")}
    return {**frames, **empty, "access": people.filter(pl.col("role") == "programme")}


def register(wards: dict[str, tuple[str, ...]]) -> dict[str, pl.DataFrame]:
    """These trusts and wards, and somebody in each role."""
    trusts = " ".join(wards)
    rows = [
        worlds._person(worlds.TEAM, "Programme team", "programme", None),
        worlds._person(worlds.LEAD, "Trust lead", "trust", trusts),
        worlds._person(SECOND, "Second lead", "trust", list(wards)[-1]),
        worlds._person(REGION, "Region reader", "region", trusts),
    ]
    types = {"trusts": pl.String, "valid_to": pl.Date}
    frames = {
        "trusts": pl.DataFrame([worlds.trust_row(code) for code in wards]),
        "wards": pl.DataFrame([worlds.ward_row(t, w) for t, ws in wards.items() for w in ws]),
        "access": pl.DataFrame(rows, schema_overrides=types),
    }
    return worlds.register_frames(**frames)


def begun(root: Path, frames: dict[str, pl.DataFrame], sent: tuple[str, ...]) -> Home:
    """A programme in its second month, with October's return from some trusts."""
    settings = worlds.programme(first_month=str(FIRST))
    home = create_home(root, settings, frames, worlds.TEAM, worlds.START)
    for trust in sent:
        wards = frames["wards"].filter(pl.col("trust_code") == trust)["ward_code"]
        sheets = {
            "monthly": [worlds.monthly_row(ward, FIRST) for ward in wards],
            "charter": [worlds.charter_row(ward, FIRST) for ward in wards],
            "standards": [row for ward in wards for row in worlds.standards_rows(ward)],
        }
        worlds.send(home, trust, FIRST, **sheets)
    build(home, worlds.received(FIRST))
    return home


ABOUT = {"sheet": ("Z01", "Z01-ALDER1"), "sheets": ("Z01",), "chart": (None, None, "SS-O1")}
ONE_WARD = {"Z01": ("ALDER1",)}
STARTS: dict[str, Callable[[Path], Home]] = {
    "no trusts": lambda root: begun(root, nobody(), ()),
    "nothing sent": lambda root: begun(root, register(worlds.WARDS), ()),
    "one return": lambda root: begun(root, register(worlds.WARDS), ("Z01",)),
    "one ward and month": lambda root: begun(root, register(ONE_WARD), ("Z01",)),
}


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Home]:
    made: dict[str, Home] = {}

    def home(start: str) -> Home:
        if start not in made:
            made[start] = STARTS[start](tmp_path_factory.mktemp("begun") / "home")
        return made[start]

    return home


# Nobody but the programme team can have access to a programme without trusts.
VISITS = [(e, s) for e in ROLES for s in STARTS if e == worlds.TEAM or s != "no trusts"]


@pytest.mark.parametrize(("email", "start"), VISITS)
def test_every_screen_opens_and_says_what_will_be_there(
    homes, at_the_door, open_screen, start, email
):
    at_the_door(homes(start).root, NOW)
    for _, _, path in menu.SCREENS[ROLES[email]]:
        app = open_screen(email, path)
        assert not app.exception, (path, app.exception[0].stack_trace[-4:])
        assert len(app.title) == 1, path
        assert not re.search(r">\s*(nan|NaN|inf)\s*<", markup(app)), path


def markup(app: AppTest) -> str:
    """Everything on a screen that is written as markup: sentences and tables."""
    return " ".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("email", ROLES)
def test_before_the_first_return_each_screen_says_what_it_will_show(
    homes, at_the_door, open_screen, email
):
    at_the_door(homes("nothing sent").root, NOW)
    figures = {
        "overview",
        "compare",
        "ward",
        "incidents",
        "charters",
        "our-wards",
        "peers",
        "trust",
    }
    for _, _, path in menu.SCREENS[ROLES[email]]:
        app = open_screen(email, path)
        if path in figures:
            (words,) = [info.value for info in app.info]
            assert words.startswith("There is nothing to show until the first return"), path
            assert "This screen will then show" in words, path
            assert not app.get("vega_lite_chart"), path
        assert "There are no wards" not in markup(app), path


def test_a_trust_that_sent_nothing_reads_so_although_another_did(homes, at_the_door, open_screen):
    at_the_door(homes("one return").root, NOW)
    app = open_screen(SECOND, "our-wards")
    assert "no ward has sent figures yet" in markup(app)
    assert "No figures on whether people feel safe" in markup(open_screen(SECOND, "ward"))
    for _, _, path in menu.SCREENS["trust"]:
        assert not open_screen(SECOND, path).exception, path


@pytest.mark.parametrize("start", STARTS)
def test_every_file_is_made_or_refused_with_a_sentence(homes, start):
    home = homes(start)
    release = store.current(home.releases)
    own = {"programme": (), "trust": ("Z01", "Z02"), "region": ("Z02",)}
    for role, trusts in own.items():
        scope = Scope(role, frozenset(trusts), "somebody@example.org", "Somebody")
        source = source_of(release, scope, home.programme)
        for audience in (EXACT[role], "public"):
            for what in offered(role, audience):
                for kind in KINDS[what]:
                    order = Order(what, audience, kind, *ABOUT.get(what, ()))
                    try:
                        content = make.make(source, order).content
                    except CannotMake as refused:
                        content = str(refused)
                    if isinstance(content, str):
                        assert re.fullmatch(r"[A-Z].+\.", content), order
                    else:
                        assert content, order
                        assert start.startswith("one"), order


def test_the_service_for_programs_gives_the_first_workbook_and_takes_the_first_return(tmp_path):
    home = begun(tmp_path / "home", register(worlds.WARDS), ())
    api = Api(home, NOW)
    api.token = api.issue()
    workbook = api.ask("GET", f"/v1/template?trust=Z01&month={FIRST}")
    assert (workbook.status_code, workbook.content[:2]) == (200, b"PK")
    assert api.ask("GET", f"/v1/returns/Z01-{FIRST}-1").status_code == 404
    sent = api.send(worlds.return_file("Z01", FIRST), answers='{"*": "Checked with the ward"}')
    assert sent.status_code == 201, sent.text


@pytest.mark.parametrize("start", STARTS)
def test_who_has_sent_what_is_known_from_the_beginning(homes, start):
    found = status(homes(start).root, NOW.date())
    assert found.months == [FIRST]
    owed = {"no trusts": [], "nothing sent": ["Z01", "Z02"], "one return": ["Z02"]}
    assert found.who(FIRST, "not_yet_due") == owed.get(start, [])
