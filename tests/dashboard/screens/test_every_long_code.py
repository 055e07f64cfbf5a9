"""A trust’s code may have five characters: returns, screens and files take it whole."""

import re
from datetime import UTC, date, datetime

import duckdb
import polars as pl
import pytest

from dashboard import store
from dashboard.screens import menu
from pipelines.keeping.home import Home, create_home
from pipelines.releasing.build import build
from schemas.periods import Month, months
from schemas.release import TABLES
from tests import worlds
from tests.dashboard.api.conftest import Api
from tests.dashboard.screens.opening import shown

pytestmark = pytest.mark.slow

FIRST, CHARTER, LAST = Month(2025, 10), Month(2025, 12), Month(2026, 1)
NOW = datetime(2026, 2, 16, 10, 30, tzinfo=UTC)
START = date(2019, 2, 1)
CODE, NAME, WARD = "Z9Z9Z", "Longcode Trust", "Z9Z9Z-ALDER1"  # a code that no organisation has
REGION = "region@programme.example"
ROLES = {worlds.TEAM: "programme", worlds.LEAD: "trust", REGION: "region"}


def frames() -> dict[str, pl.DataFrame]:
    """A trust with a code of five characters beside one with three."""
    people = [
        worlds._person(worlds.TEAM, "Programme team", "programme", None),
        worlds._person(worlds.LEAD, "Trust lead", "trust", CODE),
        worlds._person(REGION, "Region reader", "region", f"{CODE} Z01"),
    ]
    types = {"trusts": pl.String, "valid_to": pl.Date}
    named = {CODE: NAME, "Z01": "Shortcode Trust"}
    rows = [worlds.ward_row(code, ward) for code in named for ward in ("ALDER1", "BIRCH1")]
    return worlds.register_frames(
        trusts=pl.DataFrame([worlds.trust_row(c, trust_name=name) for c, name in named.items()]),
        wards=pl.DataFrame(rows),
        access=pl.DataFrame(people, schema_overrides=types),
        invitations=pl.DataFrame(
            [worlds.invitation_row(c, invited=START) for c in named],
            schema_overrides={"valid_to": pl.Date},
        ),
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    settings = worlds.programme(first_month=str(FIRST))
    root = tmp_path_factory.mktemp("long") / "home"
    made = create_home(root, settings, frames(), worlds.TEAM, worlds.START)
    for month in months(FIRST, LAST):
        for trust in (CODE, "Z01"):
            worlds.send(made, trust, month, **sheets(month))
    build(made, worlds.received(LAST))
    return made


def sheets(month: Month) -> dict[str, list[dict[str, object]]]:
    """Two wards whose charter is displayed from the third month on."""
    about = {"stage": "drafting", "agreed_on": None}
    if month >= CHARTER:
        about = {"stage": "displayed", "agreed_on": str(CHARTER.first_day)}
    wards = ("ALDER1", "BIRCH1")
    return {
        "monthly": [worlds.monthly_row(ward, month) for ward in wards],
        "charter": [worlds.charter_row(ward, month, **about) for ward in wards],
        "standards": [row for ward in wards for row in worlds.standards_rows(ward)],
    }


def test_every_table_of_the_release_holds_the_whole_code(home):
    release = store.current(home.releases)
    with duckdb.connect(str(release), read_only=True) as connection:
        tables = {name: connection.sql(f"FROM {name}").pl() for name in TABLES}
    for name, table in tables.items():
        for column in ("trust_code", "current_trust_code"):
            if column in table.columns:
                assert set(table[column].drop_nulls()) <= {CODE, "Z01"}, (name, column)
        for column in ("ward_id", "current_ward_id"):
            if column in table.columns:
                trusts = table[column].drop_nulls().str.split("-").list.first()
                assert set(trusts) <= {CODE, "Z01"}, (name, column)


@pytest.mark.parametrize("email", ROLES)
def test_every_screen_writes_the_whole_code(home, at_the_door, open_screen, email):
    at_the_door(home.root, NOW)
    for _, _, path in menu.SCREENS[ROLES[email]]:
        for address in ({}, {"trust": CODE, "ward": WARD, "month": str(LAST)}):
            app = open_screen(email, path, **address)
            assert not app.exception, path
            assert not re.search(r"\bZ9Z\b|\bZ9Z9\b", shown(app)), path


def test_before_and_after_the_charter_names_the_trust_of_each_ward(home, at_the_door, open_screen):
    at_the_door(home.root, NOW)
    text = shown(open_screen(worlds.TEAM, "charters"))
    assert f"Alder1 Ward ({CODE})" in text
    assert "Alder1 Ward (Z01)" in text


def test_a_program_sends_and_fetches_for_it(home):
    api = Api(home, NOW)
    api.token = api.issue()
    assert api.ask("GET", f"/v1/returns/{CODE}-{LAST}-1").status_code == 200
    assert api.ask("GET", f"/v1/template?trust={CODE}&month={LAST}").status_code == 200
