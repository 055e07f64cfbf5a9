"""Downloads: what each role may have, created only on request, and logged without figures."""

import json
import logging
from collections.abc import Callable
from datetime import date
from io import BytesIO

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import subscriptions
from dashboard.audit import fingerprint
from dashboard.exports import make
from dashboard.page import session
from dashboard.screens import downloads
from schemas.disclosure import HIDDEN
from schemas.tidy import Tidy
from tests.dashboard import tiny_release
from tests.dashboard.tiny_release import NAMES, TODAY

pytestmark = pytest.mark.slow

TEAM, LEAD, REGION = "team@example.org", "lead1@example.org", "region@example.org"
GROUP = "group@example.org"
Visit = Callable[..., AppTest]


@pytest.fixture
def visit(tiny_home, monkeypatch, open_screen) -> Visit:
    """Open the screen as a demo person, with these choices in the address."""
    monkeypatch.setenv("FEELING_SAFE_HOME", str(tiny_home))
    monkeypatch.setattr(session, "today", lambda: TODAY)
    return lambda email, **address: open_screen(email, "take-away", **address)


@pytest.fixture
def log(caplog) -> Callable[[], list[dict[str, object]]]:
    """The audit lines so far about files that were made."""
    caplog.set_level(logging.INFO, "feeling_safe.audit")

    def exports() -> list[dict[str, object]]:
        lines = [json.loads(r.message) for r in caplog.records if "audit" in r.name]
        return [line for line in lines if line["action"] == "export"]

    return exports


def made(app: AppTest) -> AppTest:
    """The screen after its button was pressed."""
    assert not app.exception
    return app.button[0].click().run()


def choices(app: AppTest, key: str) -> list[str]:
    return app.selectbox(key=key).options


def file_of(app: AppTest) -> make.File | None:
    """What the screen offers for download."""
    if downloads._MADE not in app.session_state:
        return None
    assert "Download" in repr(app.main)
    return app.session_state[downloads._MADE][1]


@pytest.mark.parametrize(
    ("email", "audience", "offers"),
    [
        (TEAM, "programme", 15),
        (TEAM, "public", 6),
        (LEAD, "own", 14),
        (LEAD, "public", 6),
        (REGION, "own", 9),
        (REGION, "public", 6),
    ],
)
def test_a_role_is_offered_what_it_may_have(visit, email, audience, offers):
    app = visit(email, **{"for": audience})
    assert app.selectbox(key="for").value == audience
    assert len(choices(app, "what")) == offers
    assert any("pack" in words for words in choices(app, "what"))
    assert any("to print" in words for words in choices(app, "what")) == (audience != "public")


def test_an_audience_of_another_role_in_the_address_counts_as_not_there(visit):
    assert visit(LEAD, **{"for": "programme"}).selectbox(key="for").value == "own"
    assert visit(LEAD, trust="Z02").selectbox(key="trust").value == "Z01"
    assert NAMES["Z02"] not in repr(visit(REGION, what="chart").main)


def test_nothing_is_made_until_it_is_asked_for_and_then_it_is_logged(visit, log, monkeypatch):
    calls = []
    real = make.make
    monkeypatch.setattr(make, "make", lambda *about: calls.append(about) or real(*about))
    app = visit(LEAD)
    assert calls == []
    assert file_of(app) is None
    app = made(app)
    assert len(calls) == 1
    assert file_of(app).name == "feeling-safe_figures_Z01_to-2026-03_exact-do-not-share.xlsx"
    (line,) = log()
    assert line["action"] == "export"
    assert line["release"] == tiny_release.RELEASE_ID
    assert line["target"]["what"] == "figures"
    assert line["target"]["unit"] == "Z01"
    assert line["actor"].startswith("trust:")
    assert "@" not in json.dumps(line)
    assert "Lena" not in json.dumps(line)


def test_a_file_made_for_one_choice_is_not_offered_for_another(visit):
    app = made(visit(LEAD))
    assert file_of(app)
    app.selectbox(key="as").select("csv").run()
    assert "Download" not in repr(app.main)
    assert file_of(app) is None


@pytest.mark.parametrize(
    ("email", "address", "begins"),
    [
        (TEAM, {"what": "figures", "as": "csv"}, b"Level,Code,Name"),
        (TEAM, {"what": "figures", "for": "public"}, b"PK"),
        (TEAM, {"what": "tidy"}, b"release,level,unit_id"),
        (LEAD, {"what": "tidy", "for": "public", "as": "parquet"}, b"PAR1"),
        (TEAM, {"what": "chart", "as": "pdf"}, b"%PDF"),
        (TEAM, {"what": "pack"}, b"%PDF"),
        (TEAM, {"what": "pack", "for": "public", "as": "pdf"}, b"%PDF"),
        (TEAM, {"what": "pack", "trust": "Z02", "as": "pdf"}, b"%PDF"),
        (TEAM, {"what": "chart", "as": "pptx"}, b"PK"),
        (TEAM, {"what": "pack", "as": "html"}, b"<!doctype html>"),
        (LEAD, {"what": "pack", "for": "public", "as": "docx"}, b"PK"),
        (LEAD, {"what": "pack", "as": "docx"}, b"PK"),
        (LEAD, {"what": "pack", "for": "public", "as": "pptx"}, b"PK"),
        (LEAD, {"what": "pack", "as": "pdf"}, b"%PDF"),
        (REGION, {"what": "pack", "for": "public", "trust": "Z03"}, b"%PDF"),
        (TEAM, {"what": "chart", "group": "Y56", "as": "svg"}, b"<svg"),
        (GROUP, {"what": "chart", "group": "all", "trust": "Z02"}, b"\x89PNG"),
        (GROUP, {"what": "pack"}, b"%PDF"),
        (LEAD, {"what": "sheet", "ward": "Z01-OAK1"}, b"%PDF"),
        (LEAD, {"what": "sheet", "ward": "Z01-OAK1", "as": "html"}, b"<!doctype html>"),
        (LEAD, {"what": "sheets"}, b"%PDF"),
        (LEAD, {"what": "sheets", "as": "html"}, b"<!doctype html>"),
        (LEAD, {"what": "easy-read", "ward": "Z01-OAK1"}, b"%PDF"),
        (LEAD, {"what": "large-print", "as": "html"}, b"<!doctype html>"),
        (REGION, {"what": "easy-read", "for": "public", "trust": "Z03"}, b"%PDF"),
        (LEAD, {"what": "chart", "ward": "Z01-OAK1", "as": "svg"}, b"<svg"),
        (REGION, {"what": "chart", "trust": "Z03", "ward": "Z03-ELM1"}, b"\x89PNG"),
    ],
)
def test_each_thing_is_a_file_of_its_kind(visit, email, address, begins):
    app = made(visit(email, **address))
    assert not app.exception
    assert not app.warning
    assert file_of(app).content.startswith(begins)


def shown(app: AppTest) -> str:
    """All that the screen says."""
    return "".join(repr(element.proto) for element in app.main)


def test_a_pack_can_be_had_every_month_by_whoever_may_see_it(visit, tiny_home, caplog):
    caplog.set_level(logging.INFO, "feeling_safe.audit")
    app = visit(LEAD, what="pack")
    assert "You have asked for no pack." in shown(app)
    often = next(box for box in app.selectbox if "Send me the pack" in box.label)
    assert often.label == f"Send me the pack of {NAMES['Z01']}"
    often.select("monthly")
    save = next(button for button in app.button if button.label == "Save")
    save.click().run()
    assert not app.exception
    assert f"you ask for the pack of {NAMES['Z01']}. Every month" in app.success[0].value
    (one,) = subscriptions.every(tiny_home)
    assert (one.person, one.trust, one.often) == (LEAD, "Z01", "monthly")
    again = visit(LEAD, what="pack")
    assert f"You have asked for: {NAMES['Z01']} (every month" in shown(again)
    app = app.button(key="how_often_straight_away_0").click().run()
    assert subscriptions.every(tiny_home) == []
    app.button(key="how_often_straight_away_1").click().run()
    assert subscriptions.every(tiny_home) == [one]
    lines = [json.loads(r.message) for r in caplog.records if "audit" in r.name]
    line, *_ = [line for line in lines if line["action"] == "subscribe"]
    assert line["target"] == {"unit": "Z01", "often": "monthly"}
    assert "@" not in json.dumps(line)
    (tiny_home / subscriptions.FILE).unlink()


def test_a_damaged_file_of_wishes_is_said_and_the_pack_can_still_be_made(visit, tiny_home):
    (tiny_home / subscriptions.FILE).write_bytes(b"no database at all" * 9)
    app = visit(LEAD, what="pack")
    assert not app.exception
    assert "Who wants packs sent can’t be read" in app.warning[0].value
    assert made(app).get("download_button")
    (tiny_home / subscriptions.FILE).unlink()


def test_the_team_makes_the_file_of_a_group_that_its_reader_makes(visit, log):
    """Of a trust that left only the months until then, whoever asks."""
    about = {"what": "tidy", "as": "csv", "group": "SOUTH"}
    mine, theirs = (file_of(made(visit(email, **about))) for email in (TEAM, GROUP))
    assert mine.content == theirs.content
    assert mine.name == "feeling-safe_tidy_SOUTH_to-2026-03_exact-do-not-share.csv"
    assert log()[0]["target"]["unit"] == "SOUTH"
    rows = pl.read_csv(BytesIO(mine.content), infer_schema_length=None)
    assert set(rows["unit_id"]) == {"Z02", "Z02-BIRCH1", "Z02-FERN1", "Z03-ELM1"}
    left = rows.filter(pl.col("unit_id").str.starts_with("Z03"))
    assert left["month"].max() == "2025-12-01"
    assert tiny_release.found(mine.content.decode(), {"Z02", "Z03"}) == []


def test_a_pack_of_a_group_is_sent_to_its_reader_and_can_be_undone(visit, tiny_home):
    app = visit(GROUP, what="pack")
    often = next(box for box in app.selectbox if box.label == "Send me the pack of South board")
    often.select("monthly")
    app = next(button for button in app.button if button.label == "Save").click().run()
    assert not app.exception
    (one,) = subscriptions.every(tiny_home)
    assert (one.person, one.trust, one.group, one.often) == (GROUP, None, "SOUTH", "monthly")
    app = app.button(key="how_often_straight_away_0").click().run()
    assert not app.exception
    assert subscriptions.every(tiny_home) == []
    (tiny_home / subscriptions.FILE).unlink()


def test_only_a_pack_of_exact_figures_is_sent(visit):
    for address in ({"what": "pack", "for": "public"}, {"what": "figures"}):
        labels = [box.label for box in visit(TEAM, **address).selectbox]
        assert labels
        assert not [label for label in labels if label.startswith("Send me")]


def test_a_leads_table_holds_only_their_own_trust(visit):
    content = file_of(made(visit(LEAD, **{"as": "csv"}))).content.decode()
    assert "Z01-OAK1" in content
    assert not {"Z02", "Z03", NAMES["Z02"], NAMES["Z03"]} & set(content.replace(",", "\n").split())
    region = file_of(made(visit(REGION, **{"as": "csv"}))).content.decode()
    assert "Z03-ELM1" in region
    assert "Z02-" not in region


def test_for_sharing_what_an_earlier_version_hid_is_hidden(visit):
    hidden = f"{tiny_release.HIDDEN_BEFORE:%Y-%m}"
    address = {"for": "public", "as": "csv", "measure": "SS-I1", "ward": "Z01-OAK1"}
    rows = file_of(made(visit(LEAD, **address))).content.decode().splitlines()[1:]
    before = [row for row in rows if f",{hidden},{hidden}," in row]
    assert len(before) == 1
    assert HIDDEN in before[0]
    assert any(row.endswith("not suppressed") for row in rows)


def test_where_nothing_can_be_drawn_a_sentence_says_so(visit, log):
    app = made(visit(REGION, **{"for": "public", "what": "chart", "trust": "Z03"}))
    assert "no month can be shown, because of small numbers" in app.warning[0].value
    assert file_of(app) is None
    assert log() == []


def test_a_person_has_one_fingerprint_in_the_log():
    scope = downloads.Scope("trust", frozenset({"Z01"}), LEAD, "Lena")
    other = downloads.Scope("trust", frozenset({"Z02"}), LEAD, "Somebody")
    assert fingerprint(scope) == fingerprint(other)
    assert LEAD not in fingerprint(scope)


def test_the_columns_of_the_tidy_table_are_explained_beside_it_alone(visit):
    def said(what: str) -> str:
        return "".join(repr(element.proto) for element in visit(TEAM, what=what).main)

    explained = said("tidy")
    assert all(f">{name}<" in explained for name in Tidy.to_schema().columns)
    assert "What each column holds" not in said("figures")


@pytest.mark.parametrize(("audience", "said"), [("public", 1), ("programme", 0)])
def test_a_file_for_sharing_says_which_totals_are_not_in_it_yet(visit, monkeypatch, audience, said):
    october = {"month": [date(2026, 10, 1)], "closes": [date(2026, 11, 28)], "missing": [1]}
    waiting = pl.DataFrame({**october, "in_time": [True], "closed": [False]})
    monkeypatch.setattr(downloads, "not_shared_yet", lambda connection, today: waiting)
    app = visit(TEAM, **{"for": audience})
    assert not app.exception
    captions = [c.value for c in app.caption if "not in files for sharing yet" in c.value]
    assert len(captions) == said
