"""No address made up by hand, and no file ordered by hand, tells anything of another trust.

Every trust of the small release has names and numbers of its own, which are looked for in all that
a screen sends to the browser and in every file that can be read without drawing it.
"""

import re
import zipfile
from io import BytesIO
from itertools import product

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import access, store
from dashboard.exports.make import CannotMake, make, source
from dashboard.exports.order import KINDS, Order
from dashboard.views import door, menu
from pipelines import measures as measure_files
from pipelines.keeping.home import open_home
from tests.dashboard import tiny_release
from tests.dashboard.tiny_release import NAMES, NUMBER, TODAY, WARDS

OWN = {
    "lead1@example.org": {"Z01"},
    "lead2@example.org": {"Z02"},
    "region@example.org": {"Z01", "Z03"},
    "gone@example.org": set(),
    "nobody@example.org": set(),
}
PATHS = sorted({path for screens in menu.SCREENS.values() for _, _, path in screens})
DRAWN = ("png", "pdf")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    tiny_release.write(folder)
    return folder


def foreign_to(email: str) -> str:
    """A trust that is not theirs."""
    return min(set(NAMES) - OWN[email])


def found(text: str, email: str) -> list[str]:
    """What of other trusts is in a text: codes, names, wards, and numbers only they sent."""
    others = set(NAMES) - OWN[email]
    words = {NAMES[trust] for trust in others}
    words |= others if OWN[email] else set()  # the entry says who one may be, by code
    words |= {word for ward in WARDS if ward[:3] in others for word in (ward, WARDS[ward][0])}
    told = [word for word in words if word in text]
    for trust in others:
        first, second = divmod(NUMBER[trust] // 100, 10)
        told += re.findall(rf"\b{first},?{second}\d\d\b", text)
    return told


@pytest.mark.parametrize(("email", "path"), list(product(OWN, PATHS)))
def test_every_screen_for_everyone_with_an_address_about_another_trust(
    home, monkeypatch, request, email, path
):
    monkeypatch.setenv("FEELING_SAFE_HOME", str(home))
    monkeypatch.setattr(door, "today", lambda: TODAY)
    monkeypatch.setattr(door, "demo_person", lambda: email)
    trust = foreign_to(email)
    ward = next(ward for ward in WARDS if ward.startswith(trust))
    app = AppTest.from_file(str(request.config.rootpath / "dashboard/app.py"), default_timeout=60)
    app._page_hash = calc_hash(path)
    by_hand = {"ward": ward, "trust": trust, "asked": trust, "unit": ward, "level": "ward"}
    by_hand |= {"measure": "SS-I8", "month": "2026-03", "version": "1", "traced": "SS-O1"}
    by_hand |= {"for": "programme", "what": "sheets", "as": "csv", "look": "Funnel"}
    for name, value in by_hand.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    sent = "\n".join(repr(element.proto) for element in app.main) + repr(app.main)
    assert "Feeling safe" in sent or OWN[email]
    assert found(sent, email) == []


def read(content: bytes) -> str:
    """The text of a file, and of the files in it."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist())


@pytest.mark.parametrize("email", [email for email, own in OWN.items() if own])
@pytest.mark.parametrize("audience", ["own", "programme", "peer", "public"])
def test_every_file_that_is_ordered_about_another_trust(home, email, audience):
    release = store.current(home / "releases")
    scope = access.resolve(email, store.people(release), TODAY)

    def ask(question, **about) -> pl.DataFrame:
        return question(store.cursor(release, scope), **about)

    programme = open_home(home).programme
    known = source(ask, store.facts(release), measure_files.load(), programme)
    trust = foreign_to(email)
    ward = next(ward for ward in WARDS if ward.startswith(trust))
    made = 0
    for what, kinds in KINDS.items():
        for kind, unit in product(
            set(kinds) - set(DRAWN), [(None, None), (trust, None), (trust, ward)]
        ):
            try:
                file = make(known, Order(what, audience, kind, *unit, measure="SS-O1"))
            except CannotMake:
                continue
            made += 1
            # The name says what was asked for; what counts is what is inside.
            inside = read(file.content)
            told = [word for word in found(inside, email) if word not in (trust, ward)]
            assert told == [], (what, kind, unit)
    assert made
