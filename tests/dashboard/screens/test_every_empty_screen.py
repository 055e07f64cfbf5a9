"""A programme that begins: with nothing yet, one return, or one ward and one month, all works.

Every screen of every role opens and says what will be there; every file is made or refused with a
sentence; the service for programs answers.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from dashboard import store
from dashboard.access import Scope
from dashboard.exports import make
from dashboard.exports.order import EXACT, KINDS, CannotMake, Order, offered
from dashboard.screens import menu
from pipelines import measures
from pipelines.keeping.home import Home, create_home
from pipelines.releasing.build import build
from pipelines.statistics.improvement import improvement
from schemas.periods import Month
from tests import worlds
from tests.dashboard.screens.opening import shown

pytestmark = pytest.mark.slow

FIRST = Month(2025, 10)
NOW = datetime(2025, 11, 10, 10, 30, tzinfo=UTC)  # October has ended and is due in four days
REGION = "region@programme.example"
ROLES = {worlds.TEAM: "programme", worlds.LEAD: "trust", REGION: "region"}


def nobody() -> dict[str, pl.DataFrame]:
    """People, but no trust and no ward."""
    frames = register({})
    people = frames["access"].with_columns(trusts=pl.lit(None, pl.String))
    return {"access": people.filter(pl.col("role") == "programme")}


def register(wards: dict[str, tuple[str, ...]]) -> dict[str, pl.DataFrame]:
    """These trusts and wards, and somebody in each role."""
    trusts = " ".join(wards)
    rows = [
        worlds._person(worlds.TEAM, "Programme team", "programme", None),
        worlds._person(worlds.LEAD, "Trust lead", "trust", trusts),
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
        wards = [
            row["ward_code"] for row in frames["wards"].to_dicts() if row["trust_code"] == trust
        ]
        rows = [worlds.monthly_row(ward, FIRST) for ward in wards]
        worlds.send(home, trust, FIRST, monthly=rows)
    build(home, worlds.received(FIRST))
    return home


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


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("email", ROLES)
def test_every_screen_opens_and_says_what_will_be_there(
    homes, at_the_door, open_screen, start, email
):
    if start == "no trusts" and email != worlds.TEAM:
        pytest.skip("nobody else can have access to a programme without trusts")
    at_the_door(homes(start).root, NOW)
    for _, _, path in menu.SCREENS[ROLES[email]]:
        app = open_screen(email, path)
        assert not app.exception, (path, app.exception)
        assert len(app.title) == 1, path
        assert not [
            word for word in (" nan", "NaN", "None", "null ") if word in shown_words(app)
        ], path


def shown_words(app) -> str:
    return " ".join(element.proto.body for element in app.get("html"))
