"""Sending a return on the screen: from the open month to the receipt, and every way to stop."""

import json
import logging
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.page import session
from dashboard.screens.send import ward_part
from pipelines.keeping.attempts import attempts
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home
from pipelines.registers.register import register_of
from pipelines.releasing.build import build
from pipelines.releasing.builder import here
from schemas.periods import Month
from tests import worlds
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow

FIRST, LAST = Month(2025, 10), Month(2026, 2)
NEXT = LAST + 1
NOW = datetime(2026, 4, 9, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def made_home(tmp_path_factory) -> Home:
    home = worlds.small_world(
        tmp_path_factory.mktemp("sent") / "home", FIRST, LAST, first_month=str(FIRST)
    )
    build(home, worlds.received(LAST))
    return home


@pytest.fixture
def home(home: Home, at_the_door) -> Home:
    at_the_door(home.root, NOW)
    return home


@pytest.fixture
def visit(home, open_screen):
    def begin(**address: str) -> AppTest:
        return open_screen(worlds.LEAD, "send", **address)

    return begin


def words(app: AppTest) -> str:
    assert not app.exception
    told = repr(app.main) + "\n".join(repr(element.proto) for element in app.main)
    return told.replace('\\"', '"')


def clean() -> bytes:
    """A return for the open month in which nothing is unusual."""
    rows = [worlds.monthly_row(ward, NEXT) for ward in worlds.WARDS["Z01"]]
    rows[1] |= {"occupied_bed_days": rows[1]["occupied_bed_days"] + 3}
    return worlds.return_file("Z01", NEXT, monthly=rows)


def upload(app: AppTest, content: bytes, name: str = "return.zip") -> AppTest:
    return app.file_uploader[0].upload(name, content, "application/zip").run()


def button(app: AppTest, label: str):
    return next(found for found in app.button if found.label.startswith(label))


def inbox_files(home: Home) -> list[Path]:
    return list((home.root / "inbox").rglob("*.upload"))


def shown(app: AppTest) -> AppTest:
    """The screen once the figures of the first save have been worked out, or can't be."""
    assert session.builder().wait(1, PATIENCE)
    return app.run()


def versions(home: Home, month: Month = NEXT) -> list[str]:
    return [r.return_id for r in home.archive.receipts() if r.month == str(month)]


def test_the_oldest_month_that_was_not_sent_is_chosen(visit):
    app = visit()
    assert app.selectbox(key="month").value == str(NEXT)
    assert "1 month to send. March 2026 is due by" in words(app)
    offered = app.selectbox(key="month").options
    assert offered[0].startswith("March 2026: due 16 Apr 2026")
    assert offered[1] == "February 2026: sent, version 1"


def test_what_was_sent_meanwhile_is_noticed_whatever_the_times_of_folders(visit, home):
    assert visit().selectbox(key="month").value == str(NEXT)
    returns = home.root / "archive" / "returns" / "Z01"
    folders = [home.root / "archive" / "decisions", returns, *returns.iterdir()]
    before = {path: path.stat().st_mtime_ns for path in folders if path.is_dir()}
    worlds.send(home, "Z01", NEXT)
    for path, written in before.items():
        os.utime(path, ns=(written, written))
    os.utime(returns / str(NEXT), (0, 0))  # as if the clock had been set back
    assert "March 2026: sent, version 1" in visit().selectbox(key="month").options


def test_closed_months_are_not_offered(visit):
    assert not [o for o in visit().selectbox(key="month").options if "October 2025" in o]


def test_a_clean_return_is_checked_then_sent_and_receipted(visit, home):
    before = home.archive.state()
    app = upload(visit(), clean())
    assert "Your return has no errors and no queries. It has not been sent yet." in words(app)
    assert home.archive.state() == before
    assert len(inbox_files(home)) == 1
    app = button(app, "Send this return").click().run()
    assert app.title[0].value == "Return received"
    app = shown(app)
    text = words(app)
    receipt = home.archive.receipts()[2 * (LAST - FIRST + 1) // 2]
    assert receipt.return_id == "Z01/2026-03/1"
    assert receipt.received_by == worlds.LEAD
    assert receipt.sha256 in text
    assert "ward?ward=Z01-ALDER1" in text
    assert "ward?ward=Z02" not in text
    assert inbox_files(home) == []
    assert app.query_params["version"] == "1"
    assert words(visit(trust="Z01", month=str(NEXT), version="1")).count(receipt.sha256)


def test_a_return_that_can_not_be_shown_yet_is_receipted_all_the_same(visit, home, monkeypatch):
    def fails(*_: object) -> None:
        raise OSError("the disk is full")

    app = upload(visit(), clean())
    monkeypatch.setattr("pipelines.releasing.builder.build", fails)
    app = shown(button(app, "Send this return").click().run())
    assert app.title[0].value == "Return received"
    assert "Nothing you sent is lost" in app.warning[0].value
    assert versions(home) == ["Z01/2026-03/1"]


def test_a_return_is_received_at_once_and_its_charts_follow_when_they_are_there(visit, home):
    begin, build_here = Event(), here(home)

    def build(now):
        begin.wait(PATIENCE)
        return build_here(now)

    session.build_with(home.root, build)
    app = button(upload(visit(), clean()), "Send this return").click().run()
    for _ in range(2):
        assert app.title[0].value == "Return received"
        assert "New figures are on their way." in words(app)
        assert "ward?ward=Z01-ALDER1" not in words(app)
        app.run()
    assert visit().selectbox(key="month").options[0].startswith("March 2026: sent, version 1")
    elsewhere = visit(trust="Z01", month=str(NEXT), version="1")
    assert "don’t show this return yet" in elsewhere.info[0].value
    begin.set()
    app = shown(app)
    assert "New figures are on their way." not in words(app)
    assert "ward?ward=Z01-ALDER1" in words(app)
    assert not elsewhere.run().info


def test_an_upload_is_found_again_after_the_connection_was_lost(visit, home):
    upload(visit(), clean(), "march.zip")
    again = visit()  # another session: nothing of the first one's memory is left
    assert "march.zip" in words(again)
    button(again, "Send this return").click().run()
    assert versions(home) == ["Z01/2026-03/1"]


def test_two_tabs_that_send_the_same_file_make_one_version(visit, home):
    one = upload(visit(), clean())
    two = visit()
    one = button(one, "Send this return").click().run()
    two = button(two, "Send this return").click().run()
    assert versions(home) == ["Z01/2026-03/1"]
    assert not two.exception


def test_problems_are_shown_in_order_and_a_refused_file_is_not_kept(visit, home):
    before = home.archive.state()
    rows = [worlds.monthly_row(ward, NEXT) for ward in worlds.WARDS["Z01"]]
    rows[0] |= {"pt_answered": "lots"}
    rows[1] |= {"st_safe": 99, "occupied_bed_days": None}
    app = upload(visit(), worlds.return_file("Z01", NEXT, monthly=rows))
    text = words(app)
    assert "There are 3 errors in your return" in text
    heads = ["Mistake", "Cell", "Ward", "Column", "You entered", "How to fix"]
    places = [text.index(f'<th scope="col">{head}</th>') for head in heads]
    assert places == sorted(places)
    assert "lots" in text
    assert "ALDER1" in text
    by_row = words(app.radio[0].set_value("row").run())
    heads = ["Cell", "Ward", "Column", "You entered", "Problem", "How to fix"]
    places = [by_row.index(f'<th scope="col">{head}</th>') for head in heads]
    assert places == sorted(places)
    assert by_row.count('<th scope="row">') == 3
    assert not [found for found in app.button if found.label.startswith("Send")]
    assert inbox_files(home) == []
    assert home.archive.state() == before
    logged = attempts(home.archive.root / "attempts")[-1]
    assert (logged["outcome"], logged["by"]) == ("errors", worlds.LEAD)
    app = upload(app, clean())
    assert "Your return has no errors and no queries." in words(app)


def test_a_wards_part_is_handed_over_and_logged_as_an_exact_download(visit, caplog, monkeypatch):
    rows = [worlds.monthly_row(ward, NEXT) for ward in worlds.WARDS["Z01"]]
    rows[0] |= {"pt_answered": "lots"}
    rows[1] |= {"st_safe": 99, "occupied_bed_days": 7777}
    given, offer = {}, ward_part.st.download_button

    def noted(label, data, **about):
        given[label] = (data, about)
        return offer(label, data, **about)

    monkeypatch.setattr(ward_part.st, "download_button", noted)
    app = upload(visit(), worlds.return_file("Z01", NEXT, monthly=rows))
    ward = next(box for box in app.selectbox if box.label == "Ward to ask")
    assert ward.options[0] == "Alder1 Ward (ALDER1): 1 error"
    caplog.set_level(logging.INFO, "feeling_safe.audit")
    for label, kind in (("Spreadsheet (XLSX)", "xlsx"), ("Page to print (HTML)", "html")):
        content, about = given[label]
        name = f"feeling-safe_findings_Z01-ALDER1_to-2026-03_exact-do-not-share.{kind}"
        assert about["file_name"] == name
        assert content() == content()
    assert b"lots" in content()
    assert b"7777" not in content()
    assert b"BIRCH" not in content()
    lines = [json.loads(r.message) for r in caplog.records if r.name == "feeling_safe.audit"]
    targets = [line["target"] for line in lines if line["action"] == "export"]
    assert {(t["what"], t["audience"], t["unit"]) for t in targets} == {
        ("findings", "own", "Z01-ALDER1")
    }
    assert "lots" not in caplog.text


def test_two_hundred_problems_are_paged(visit):
    rows = [worlds.monthly_row(f"NOWARD{n}", NEXT) for n in range(200)]
    app = upload(visit(), worlds.return_file("Z01", NEXT, monthly=rows))
    text = words(app)
    assert re.search(r"There are \d{3} errors in your return", text)
    assert text.count("<tr>") < 60


def test_queries_need_a_reason_without_a_name_in_it(visit, home):
    app = upload(visit(), worlds.return_file("Z01", NEXT))  # two wards have the same figures
    assert "can be sent once" in words(app)
    assert app.text_area
    app = button(app, "Send this return").click().run()
    assert "needs an explanation" in app.error[0].value
    assert versions(home) == []
    for field in app.text_area:
        field.set_value("Mr Smith says so")
    app = button(app, "Send this return").click().run()
    assert "a person's name" in app.error[0].value
    assert versions(home) == []
    for field in app.text_area:
        field.set_value("A new patient group moved in")
    button(app, "Send this return").click().run()
    (receipt,) = [r for r in home.archive.receipts() if r.month == str(NEXT)]
    answers = {q.answer for q in receipt.queries if q.severity == "query"}
    assert answers == {"A new patient group moved in"}


def test_each_query_may_have_a_reason_of_its_own(visit, home):
    rows = [worlds.monthly_row(ward, NEXT) for ward in worlds.WARDS["Z01"]]
    for row in rows[:2]:
        row |= {"pt_answered": 4, "pt_safe": 3}
    app = upload(visit(), worlds.return_file("Z01", NEXT, monthly=rows))
    assert "One explanation for all 2 (W01)" in [field.label for field in app.text_area]
    first, *_ = [field for field in app.text_input if field.label.endswith("(W01)")]
    assert first.label == "Row 2, ALDER1, “Patients who answered”: 4 (W01)"
    first.set_value("This ward moved")
    app = button(app, "Send this return").click().run()
    assert (
        "W01 needs an explanation for 1 of its 2 queries" in app.error[0].value + app.error[1].value
    )
    for field in app.text_area:
        field.set_value("A new patient group moved in")
    button(app, "Send this return").click().run()
    (receipt,) = [r for r in home.archive.receipts() if r.month == str(NEXT)]
    answers = [q.answer for q in receipt.queries if q.severity == "query"]
    assert answers.count("This ward moved") == 1
    assert set(answers) == {"This ward moved", "A new patient group moved in"}


def test_another_trust_stops_first_and_shows_both(visit, home):
    app = upload(visit(), worlds.return_file("Z02", NEXT))
    text = words(app)
    assert "This file is for a different trust or month" in text
    assert "You may send for Z01, but this file is for Z02." in text
    assert not [found for found in app.button if found.label.startswith(("Send", "Continue"))]
    assert inbox_files(home) == []


def test_another_month_stops_first_and_can_be_continued_with(visit, home):
    app = upload(visit(), worlds.return_file("Z01", LAST, events=[event("Meeting")]))
    text = words(app)
    assert "This file is for a different trust or month" in text
    assert "March 2026" in text
    assert "February 2026" in text
    assert versions(home, NEXT) == []
    app = button(app, "Continue with February 2026").click().run()
    assert app.selectbox(key="month").value == str(LAST)
    assert "What changes" in words(app)
    assert len(inbox_files(home)) == 1


def test_a_resubmission_shows_each_cell_that_changes(visit, home):
    rows = [worlds.monthly_row(ward, LAST) for ward in worlds.WARDS["Z01"]]
    rows[0] |= {"occupied_bed_days": rows[0]["occupied_bed_days"] + 1}
    app = upload(visit(month=str(LAST)), worlds.return_file("Z01", LAST, monthly=rows))
    text = words(app)
    assert "This return changes 1 cell." in text
    assert str(rows[0]["occupied_bed_days"]) in text
    assert str(rows[0]["occupied_bed_days"] - 1) in text
    for field in app.text_area:
        field.set_value("Counted again")
    button(app, "Send this return").click().run()
    assert versions(home, LAST)[:2] == ["Z01/2026-02/1", "Z01/2026-02/2"]


def test_the_very_file_in_use_may_come_again_with_an_answer_that_is_kept(visit, home):
    content = worlds.return_file("Z01", NEXT)  # two wards have the same figures
    worlds.send(home, "Z01", NEXT, at=NOW, release=True)
    app = upload(visit(month=str(NEXT)), content)
    text = words(app)
    assert "you don’t need to send it again" in text
    assert "It has not been sent yet" not in text
    assert "as a new version" not in text
    for field in app.text_area[:1]:
        field.set_value("A new patient group moved in")
    app = button(app, "Send this return").click().run()
    assert versions(home) == ["Z01/2026-03/1"]
    assert app.title[0].value == "Return received"
    (said,) = app.success
    assert "saved with it" in said.value
    (taken,) = {d.reason for d in home.archive.decisions() if d.kind == "query_answer"}
    assert taken == "A new patient group moved in"


def test_last_times_explanation_is_filled_in_and_can_be_changed(visit, home):
    rows = [worlds.monthly_row(ward, NEXT) for ward in worlds.WARDS["Z01"]]
    for row in rows[:2]:
        row |= {"pt_answered": 4, "pt_safe": 3}
    said = {"W01 monthly!F2": "A flood", "W01 monthly!F3": "An outbreak", "*": "Looked at"}
    worlds.send(home, "Z01", NEXT, at=NOW, release=True, answers=said, monthly=rows)
    rows[1] |= {"pt_answered": 3, "pt_safe": 2}
    app = upload(visit(month=str(NEXT)), worlds.return_file("Z01", NEXT, monthly=rows))
    assert "once 1 query is explained" in words(app)
    fields = {field.label: field for field in app.text_area}
    assert fields["Explained last time (W01)"].value == "A flood"
    assert fields["Your explanation (W01)"].value == ""
    fields["Explained last time (W01)"].set_value("")
    fields["Your explanation (W01)"].set_value("An outbreak of flu")
    app = button(app, "Send this return").click().run()
    assert "W01 needs an explanation for 1 of its 2 queries" in app.error[0].value
    next(f for f in app.text_area if f.label.startswith("Explained last time (W01")).set_value(
        "A flood in the day room"
    )
    button(app, "Send this return").click().run()
    receipt = [r for r in home.archive.receipts() if r.month == str(NEXT)][-1]
    answers = {q.cell: q.answer for q in receipt.queries if q.code == "W01"}
    assert receipt.version == 2
    assert answers == {"F2": "A flood in the day room", "F3": "An outbreak of flu"}


def test_explanations_of_a_file_are_filled_in_for_the_corrected_one(visit, home):
    rows = [worlds.monthly_row(ward, NEXT) for ward in worlds.WARDS["Z01"]]
    rows[1] |= {"occupied_bed_days": rows[1]["occupied_bed_days"] + 3}
    rows[0] |= {"pt_answered": 4, "pt_safe": 3}
    rows[2] |= {"pt_answered": 1, "pt_safe": 0}
    app = upload(visit(), worlds.return_file("Z01", NEXT, monthly=rows))
    first, *_ = [field for field in app.text_input if "ALDER1" in field.label]
    first.set_value("Half the ward was at an outing")
    app = button(app, "Send this return").click().run()
    assert "needs an explanation for 1 of its 2" in app.error[0].value
    app = button(app, "Choose another file").click().run()
    rows[2] = worlds.monthly_row("CEDAR1", NEXT)  # the figure was a slip
    app = upload(app, worlds.return_file("Z01", NEXT, monthly=rows))
    assert "1 query was explained last time" in words(app)
    (field,) = app.text_area
    assert (field.label, field.value) == (
        "Explained last time (W01)",
        "Half the ward was at an outing",
    )
    button(app, "Send this return").click().run()
    (receipt,) = [r for r in home.archive.receipts() if r.month == str(NEXT)]
    (query,) = [q for q in receipt.queries if q.severity == "query"]
    assert query.answer == "Half the ward was at an outing"


def test_a_receipt_says_when_a_newer_version_is_in_use(visit, home):
    rows = [worlds.monthly_row(ward, LAST, pt_safe=1) for ward in worlds.WARDS["Z01"]]
    worlds.send(home, "Z01", LAST, at=NOW, monthly=rows, release=True)
    old, new = (visit(trust="Z01", month=str(LAST), version=v) for v in ("1", "2"))
    assert "A newer version is in use now." in words(old)
    assert "A newer version is in use now." not in words(new)
    assert "See it on the charts" in words(new)
    assert "See it on the charts" not in words(old)


def test_a_newer_return_is_looked_at_before_anything_is_sent(visit, home):
    app = upload(visit(), clean())
    worlds.send(home, "Z01", NEXT, at=NOW, release=True, events=[event("Meeting")])
    app = button(app, "Send this return").click().run()
    assert "Nothing was sent" in app.warning[0].value
    assert "What changes" in words(app)
    assert versions(home) == ["Z01/2026-03/1"]


def test_bytes_that_are_no_return_get_a_sentence(visit, home):
    app = upload(visit(), b"\x00\x01", "photo.ods")
    assert "in your return, so it has not been sent" in words(app)
    assert inbox_files(home) == []


@pytest.mark.parametrize("version", ["9", "x", "-1"])
def test_a_receipt_that_was_never_given_shows_the_screen_itself(visit, version):
    app = visit(trust="Z01", month=str(LAST), version=version)
    assert app.title[0].value == "Send a return"


def test_the_receipt_of_another_trust_is_not_shown(visit):
    app = visit(trust="Z02", month=str(LAST), version="1")
    assert app.title[0].value == "Send a return"
    assert "Z02" not in words(app)


@pytest.fixture
def of_two_trusts(home) -> None:
    """The lead sends for both trusts."""
    access = worlds.register_frames()["access"].with_columns(trusts=pl.lit("Z01 Z02"))
    access = access.with_columns(
        trusts=pl.when(pl.col("role") == "trust").then("trusts")  # the programme has none
    )
    register = register_of(worlds.register_frames(access=access))
    home.archive.keep_register(register, Decided(worlds.TEAM, NOW, "One lead for both"))
    build(home, NOW)


@pytest.mark.usefixtures("of_two_trusts")
def test_a_lead_of_two_trusts_sees_which_trust_is_due(open_screen):
    text = words(open_screen(worlds.LEAD, "needs-you"))
    both = "March 2026 for Tiny trust Z01 and March 2026 for Tiny trust Z02"
    assert f"{both} to send by 16 April 2026." in text
    (table,) = (t for t in re.findall(r"<table.*?</table>", text) if "Months not sent" in t)
    assert "Tiny trust Z01" in table
    assert "Tiny trust Z02" in table


@pytest.mark.usefixtures("of_two_trusts")
def test_a_lead_of_two_trusts_chooses_and_goes_on_with_the_one_in_the_file(visit):
    app = visit(trust="Z02")
    assert app.selectbox(key="trust").value == "Z02"
    assert "Tiny trust Z02 (Z02). 1 month to send." in words(app)
    app = app.selectbox(key="trust").select("Z01").run()
    assert "Tiny trust Z01 (Z01). 1 month to send." in words(app)
    app = upload(app, worlds.return_file("Z02", NEXT))
    assert "This file is for a different trust or month" in words(app)
    app = button(app, "Continue with March 2026 for Z02").click().run()
    assert app.selectbox(key="trust").value == "Z02"
    assert "What the check found" in words(app)
    assert "This file is for a different trust or month" not in words(app)


def event(label: str) -> dict[str, object]:
    return {"ward_code": "ALL", "date": str(LAST.first_day), "kind": "other", "label": label}


def test_too_many_uploads_in_a_short_time_are_told_to_wait(visit, home, monkeypatch):
    monkeypatch.setenv("FEELING_SAFE_LIMIT_UPLOADS", "2 per 10 minutes")
    before = len(attempts(home.archive.root / "attempts"))
    app = visit()
    for number in range(2):
        app = upload(app, f"this is no return {number}".encode())
        assert "Fix these" in words(app)
    app = upload(app, clean())
    assert "You have uploaded many files in a short time" in app.warning[0].value
    assert "Nothing you sent is lost. Upload it again in" in app.warning[0].value
    assert inbox_files(home) == []
    assert len(attempts(home.archive.root / "attempts")) == before + 2


def test_a_month_that_is_not_offered_is_said(visit):
    app = visit(month="2019-01")
    assert ["“Month” that doesn’t exist" in str(said.value) for said in app.warning] == [True]
    assert not visit(month=str(LAST)).warning


def test_a_ward_that_a_correction_leaves_out_must_be_explained(visit, home):
    app = visit(month=str(LAST))
    assert f"It holds every figure of version 1 for {LAST.label}, which is in use." in words(app)
    rows = [worlds.monthly_row(ward, LAST) for ward in worlds.WARDS["Z01"][:2]]
    app = upload(app, worlds.return_file("Z01", LAST, monthly=rows))
    assert "Cedar1 Ward (CEDAR1): 18 figures become blank, as it has no row here." in words(app)
    app = button(app, "Send this return").click().run()
    assert [str(error.value) for error in app.error if "W18" in str(error.value)]
    assert versions(home, LAST) == ["Z01/2026-02/1", "Z02/2026-02/1"]
    for field in app.text_area:
        field.set_value("The ward moved to another system; its figures follow")
    app = button(app, "Send this return").click().run()
    assert app.title[0].value == "Return received"
    assert "Z01/2026-02/2" in versions(home, LAST)


def test_the_file_can_be_downloaded_from_every_receipt(visit, caplog):
    for version in ("1", "2"):
        app = visit(trust="Z01", month=str(LAST), version=version)
        buttons = [found.label for found in app.get("download_button")]
        assert ("Download the file you sent" in buttons) == (version == "1")
