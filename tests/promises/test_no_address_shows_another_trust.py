"""No address or order made up by hand reveals anything about another trust.

Every trust of the small release has names and numbers of its own, which are looked for in all that
a screen sends to the browser, in the text of every file whatever its kind, and in what its pictures
were drawn from.
"""

from itertools import product
from typing import get_args

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from typer.testing import CliRunner

from dashboard.cli.app import app as command
from dashboard.cli.export import Reader
from dashboard.exports import masked
from dashboard.exports.order import Order
from dashboard.page import page, session
from dashboard.screens import menu
from schemas.disclosure import Audience
from tests.dashboard import tiny_release
from tests.dashboard.exports import drawing
from tests.dashboard.exports.inside import texts
from tests.dashboard.tiny_release import NAMES, TODAY, WARDS, found
from tests.patience import PATIENCE
from tests.promises.ordered import (
    EVERYONE,
    MEASURED,
    OWN,
    kinds_of_order,
    known_to,
    place,
    taken,
)

pytestmark = pytest.mark.slow

NEVER_SHARED = ("tests-of-change", "attendance", "charters", "ratings", "confidence", "pairs")
TRACED_PAIRS = "lead1@example.org"  # asks for a figure of who was affected, by whom
REGIONS = ("region@example.org",)  # never see what wards wrote in their logs


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    tiny_release.write_everything(folder)
    return folder


def foreign_to(email: str) -> str:
    """A trust that is not theirs."""
    return min(set(NAMES) - EVERYONE[email])


@pytest.mark.usefixtures("quick_app_test")
@pytest.mark.parametrize(("email", "path"), list(product(EVERYONE, menu.PATHS)))
def test_every_screen_for_everyone_with_an_address_about_another_trust(
    home, monkeypatch, request, email, path
):
    monkeypatch.setenv("FEELING_SAFE_HOME", str(home))
    monkeypatch.setattr(session, "today", lambda: TODAY)
    monkeypatch.setattr(session, "demo_person", lambda: email)
    monkeypatch.setattr(page, "EXPANDED", True)
    trust = foreign_to(email)
    ward = next(ward for ward in WARDS if ward.startswith(trust))
    app = AppTest.from_file(
        str(request.config.rootpath / "dashboard/app.py"), default_timeout=PATIENCE
    )
    app._page_hash = calc_hash(path)
    by_hand = {"ward": ward, "trust": trust, "asked": trust, "unit": ward, "level": "ward"}
    by_hand |= {"measure": "SS-I8", "month": "2026-03", "version": "1", "traced": "SS-O1"}
    by_hand |= {"for": "programme", "what": "sheets", "as": "csv", "look": "Funnel"}
    by_hand |= {"before-from": "2025-02", "after-to": "2026-01", "group": "acute-female"}
    by_hand |= {"pair": "inc_patient_by_patient"} if email == TRACED_PAIRS else {}
    by_hand |= {"changed-trust": trust, "changed-measure": "SS-I8", "changed-group": "NOPE"}
    for name, value in by_hand.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    sent = "\n".join(repr(element.proto) for element in app.main) + repr(app.main)
    admitted = bool(EVERYONE[email])  # everybody else is shown the entry
    assert ("Every trust, ward, person and figure is made up." in sent) == admitted
    assert (app.title[0].value == "Feeling safe") != admitted
    assert found(sent, EVERYONE[email]) == []


@pytest.mark.parametrize("email", [email for email, own in OWN.items() if own])
@pytest.mark.parametrize("audience", get_args(Audience))
def test_every_file_that_is_ordered_about_another_trust(home, monkeypatch, email, audience):
    known, drawn = known_to(home, email), drawing.watch(monkeypatch)
    foreign, own = foreign_to(email), min(OWN[email])
    mine = {NAMES[own], *(WARDS[ward][0] for _, ward in place(own) if ward)}
    made = set()
    for what, kind in kinds_of_order():
        units = [(None, None), *place(foreign), *place(own)]
        for unit, measure in product(units, MEASURED.get(what, (None,))):
            order = Order(what, audience, kind, *unit, measure=measure)
            said = taken(known, order, drawn)
            if said is None:
                continue
            assert found(said, OWN[email]) == [], order
            if unit[0] == own:
                made.add((what, kind))
                assert any(name in said for name in mine), order
    shared = audience in masked.SHARED
    expected = {
        (what, kind)
        for what, kind in kinds_of_order()
        if what != "evaluation"  # for the programme team only
        and not (shared and what in ("sheet", "sheets", *NEVER_SHARED))
        and not (
            email in REGIONS and what in ("tests-of-change", "attendance", "confidence", "pairs")
        )
    }
    assert made == expected, "everything is made of one's own, so that something was looked at"


@pytest.mark.parametrize("trust", NAMES)
@pytest.mark.parametrize("reader", Reader)
def test_every_file_that_the_command_makes_of_one_trust(home, monkeypatch, tmp_path, reader, trust):
    drawn = drawing.watch(monkeypatch)
    about = ["--for", reader.value, "--trust", trust, "--home", str(home)]
    about += ["--group", "Y56"] if reader is Reader.group else []  # with wards of every trust
    result = CliRunner().invoke(command, ["export", str(tmp_path / "out"), *about])
    assert result.exit_code == 0, result.output
    files = [path.read_bytes() for path in sorted((tmp_path / "out").iterdir())]
    said = "\n".join([*map(texts, files), *drawn])
    assert trust in said
    assert NAMES[trust] in said
    assert found(said, {trust}) == []
