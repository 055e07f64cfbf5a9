"""Everyone downloads every file a screen offers: none reveals anything about another trust.

Which downloads there are is read in the code of the screens: one that nobody here was offered fails
the test, so that a new one can't be forgotten.
"""

import ast
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.exports.order import KINDS
from dashboard.page import session
from dashboard.screens import menu
from pipelines.keeping.home import Home, create_home
from pipelines.releasing.build import build
from schemas.periods import Month, months
from tests import worlds
from tests.dashboard.exports import drawing
from tests.dashboard.exports.inside import texts

pytestmark = pytest.mark.slow

FIRST, LAST = Month(2025, 10), Month(2026, 1)
NEXT = LAST + 1
NOW = datetime(2026, 3, 25, 10, 30, tzinfo=UTC)  # the return of February is due, and not here
DASHBOARD = Path(session.__file__).parents[1]
VIEWS = tuple(DASHBOARD / folder for folder in ("screens", "panels", "page"))
LEAD2, REGION = "lead2@trust.example", "region@trust.example"
PEOPLE = {
    worlds.TEAM: ("programme", None),
    worlds.LEAD: ("trust", "Z01"),
    LEAD2: ("trust", "Z02"),
    REGION: ("region", "Z01"),
}
NAMES = {"Z01": "Quillfeather Trust", "Z02": "Mossgarth Trust"}
WARDS = {"Z01": "Quillward", "Z02": "Mossward"}
# Offered only where a programme asks for breakdowns: test_who_feels_safe looks into its file.
ELSEWHERE = {"who_feels_safe.py"}
EXAMPLES = {"Z01", "ALDER1"}  # of a code, in every workbook's own explanations


def register() -> dict[str, pl.DataFrame]:
    """Two trusts with their own names, and everyone who may look."""
    wards = [
        worlds.ward_row(trust, ward, ward_name=f"{WARDS[trust]} {number}")
        for trust, codes in worlds.WARDS.items()
        for number, ward in enumerate(codes)
    ]
    people = [worlds._person(email, "Somebody", *about) for email, about in PEOPLE.items()]
    types = {"trusts": pl.String, "valid_to": pl.Date}
    return worlds.register_frames(
        trusts=pl.DataFrame([worlds.trust_row(t, trust_name=name) for t, name in NAMES.items()]),
        wards=pl.DataFrame(wards),
        access=pl.DataFrame(people, schema_overrides=types),
        yardsticks=pl.DataFrame([worlds.yardstick_row(trust) for trust in NAMES]),
    )


@pytest.fixture
def home(tmp_path) -> Home:
    settings = worlds.programme(first_month=str(FIRST))
    made = create_home(tmp_path / "home", settings, register(), worlds.TEAM, worlds.START)
    for month in months(FIRST, LAST):
        for trust in NAMES:
            worlds.send(made, trust, month)
    worlds.hold_forum(made, LAST.first_day, worlds.received(LAST))
    build(made, worlds.received(LAST))
    return made


@pytest.fixture
def taken(monkeypatch) -> dict[tuple[str, int], dict[str, list[bytes]]]:
    """Every file a screen has offered: by its place in the code, then by who was there."""
    found = defaultdict(lambda: defaultdict(list))
    real = st.download_button

    def offered(label, data, *about, **more):
        caller = sys._getframe(1)
        place = caller.f_code.co_filename, caller.f_lineno
        content = data() if callable(data) else data
        whole = content.encode() if isinstance(content, str) else bytes(content)
        found[place][session.demo_person()].append(whole)
        return real(label, data, *about, **more)

    monkeypatch.setattr(st, "download_button", offered)
    return found


def offers() -> set[tuple[str, int, int]]:
    """Where the screens' code offers a download: its file, first line and last line."""
    found = set()
    for path in (path for folder in VIEWS for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "download_button":
                assert ast.unparse(node) == "st.download_button", f"{path.name}: call it by st."
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.download_button":
                found.add((str(path), node.lineno, node.end_lineno))
    return found


def foreign(email: str) -> set[str]:
    """The words of the other trust, which the programme team alone may have."""
    role, own = PEOPLE[email]
    if role == "programme":
        return set()
    other = next(trust for trust in NAMES if trust != own)
    codes = worlds.WARDS[other]
    ids = {f"{other}-{code}" for code in codes}
    return {NAMES[other], WARDS[other], *ids, *({other, *codes} - EXAMPLES)}


def looks(app: AppTest) -> list[str]:
    """The other parts of a screen."""
    return [option for group in app.get("button_group") for option in group.options]


def upload(app: AppTest, **change: object) -> AppTest:
    """A return for the next month, with a change in the row of its first ward."""
    first, *others = worlds.WARDS["Z01"]
    rows = [worlds.monthly_row(first, NEXT, **change)]
    rows += [worlds.monthly_row(ward, NEXT) for ward in others]
    content = worlds.return_file("Z01", NEXT, monthly=rows)
    return app.file_uploader[0].upload("return.zip", content, "application/zip").run()


def test_every_download_of_every_screen_tells_nothing_of_another_trust(
    home, taken, at_the_door, open_screen, monkeypatch
):
    at_the_door(home.root, NOW)
    drawn, pictures = drawing.watch(monkeypatch), {}
    for email, (role, own) in PEOPLE.items():
        other = "Z02" if own == "Z01" else "Z01"
        by_hand = {"month": str(LAST), "version": "1", "what": "sheets"}
        for _, _, path in menu.SCREENS[role]:
            app = open_screen(email, path)
            visits = [app, *(open_screen(email, path, look=look) for look in looks(app))]
            for trust in filter(None, (own, other)):
                ward = f"{trust}-{worlds.WARDS[trust][0]}"
                visits.append(open_screen(email, path, trust=trust, ward=ward, **by_hand))
            if path == "take-away":
                several = ("tidy", "attendance", "evaluation")
                kinds = [{"what": what, "as": kind} for what in several for kind in KINDS[what]]
                visits += [open_screen(email, path, **about) for about in kinds]
                visits += [visit.button[0].click().run() for visit in visits]
            for visit in visits:
                assert not visit.exception, (email, path)
        pictures[email] = "\n".join(drawn)
        drawn.clear()
    for wrong in ({"pt_safe": "x"}, {"occupied_bed_days": 900}):
        assert not upload(open_screen(worlds.LEAD, "send"), **wrong).exception

    for (file, line), by in taken.items():
        for email, contents in by.items():
            said = "\n".join([*map(texts, contents), pictures[email]])
            assert [word for word in foreign(email) if word in said] == [], (file, line, email)
    never = {
        f"{Path(file).name}:{first}"
        for file, first, last in offers()
        if not any(taking == file and first <= line <= last for taking, line in taken)
    }
    never = {place for place in never if place.partition(":")[0] not in ELSEWHERE}
    assert never == set(), "nobody here was offered these: visit them too"
