"""Enter on the screen: forms of wards, drafts that several people share, and one return of them."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import audit
from dashboard.page import session
from pipelines.keeping import drafts
from pipelines.keeping.decisions import Decided
from pipelines.keeping.drafts import Draft
from pipelines.keeping.home import Home
from pipelines.keeping.layout import ROWS
from pipelines.registers.register import register_of
from pipelines.releasing.build import build
from schemas.periods import Month
from schemas.returns import TEMPLATE_VERSION, columns_of
from tests import worlds

pytestmark = pytest.mark.slow

FIRST, LAST = Month(2025, 10), Month(2026, 2)
NEXT = LAST + 1
NOW = datetime(2026, 4, 9, 10, 30, tzinfo=UTC)
JO, ELSEWHERE = "jo@trust.example", "lead@other.example"
WARDS = worlds.WARDS["Z01"]


@pytest.fixture(scope="module")
def sent_home(tmp_path_factory) -> Home:
    home = worlds.small_world(
        tmp_path_factory.mktemp("entered") / "home", FIRST, LAST, first_month=str(FIRST)
    )
    frames = worlds.register_frames()
    lead = frames["access"].filter(email=worlds.LEAD)
    more = [
        lead.with_columns(email=pl.lit(JO), name=pl.lit("Jo Ward")),
        lead.with_columns(email=pl.lit(ELSEWHERE), trusts=pl.lit("Z02")),
    ]
    register = register_of({**frames, "access": pl.concat([frames["access"], *more])})
    home.archive.keep_register(register, Decided(worlds.TEAM, NOW - timedelta(days=3), "Two more"))
    build(home, worlds.received(LAST))
    return home


@pytest.fixture
def home(sent_home, tmp_path, at_the_door) -> Home:
    copied = Home(Path(shutil.copytree(sent_home.root, tmp_path / "home")))
    at_the_door(copied.root, NOW)
    return copied


@pytest.fixture
def visit(home, open_screen):
    def begin(ward: str = "all", person: str = worlds.LEAD, **address: str) -> AppTest:
        return open_screen(person, "send", how="screen", ward=ward, **address)

    return begin


@pytest.fixture
def become(monkeypatch):
    """The person whose turn it is at a screen that is already open."""
    return lambda person: monkeypatch.setattr(session, "demo_person", lambda: person)


def words(app: AppTest) -> str:
    assert not app.exception
    told = repr(app.main) + "\n".join(repr(element.proto) for element in app.main)
    return told.replace('\\"', '"')


def button(app: AppTest, label: str):
    return next(found for found in app.button if found.label.startswith(label))


def labels(app: AppTest) -> list[str]:
    return [found.label for found in app.button]


def fill(app: AppTest, ward: str, **changes: object) -> AppTest:
    """The form with what `worlds` sends for a ward."""
    titles = {field.label: field for field in app.number_input}
    row = worlds.monthly_row(ward, NEXT) | changes
    for name, column in columns_of("monthly").items():
        if isinstance(row.get(name), int):
            titles[column.title].set_value(row[name])
    return app.run()


def kept(home: Home) -> dict[str, Draft]:
    return {draft.ward: draft for draft in drafts.of_trust(home.root, "Z01", NOW)}


def save_all(home: Home, visit, **changes: object) -> None:
    """A draft of every ward, Cedar's by Jo."""
    for ward in WARDS:
        person = JO if ward == "CEDAR1" else worlds.LEAD
        app = fill(visit(ward, person), ward, **changes)
        button(app, "Save the draft").click().run()
    assert set(kept(home)) == set(WARDS)


def checked(app: AppTest) -> AppTest:
    app.checkbox[0].check().run()
    return button(app, "Check the return").click().run()


def test_the_send_screen_offers_it_and_the_workbook_is_a_click_away(home, open_screen):
    app = open_screen(worlds.LEAD, "send")
    app = button(app, "Enter on the screen").click().run()
    assert "0 of 3 wards have a draft." in words(app)
    app = button(app, "Use a workbook instead").click().run()
    assert "1. Fill in the workbook" in words(app)


def test_drafts_are_read_once_and_what_is_wrong_with_them_is_said_once(
    home, open_screen, monkeypatch
):
    reads, read = [], drafts.read
    monkeypatch.setattr(drafts, "read", lambda *about: reads.append(about) or read(*about))
    app = open_screen(worlds.LEAD, "send")
    assert len(reads) == 1
    (home.root / drafts.FILE).write_bytes(b"no database " * 100)
    app.run()
    assert [len(reads), len(app.warning)] == [2, 1]


def test_a_ward_has_its_needed_figures_first_with_last_months_beside_them(visit):
    app = visit("ALDER1")
    first = [field.label for field in app.number_input][:8]
    assert first == [
        "Occupied bed days",
        "Patients who answered",
        "Patients who feel safe",
        "Staff who answered",
        "Staff who feel safe",
        "Sexual harassment",
        "Sexual assault",
        "Other sexual incidents",
    ]
    assert all(field.value is None for field in app.number_input)
    before = worlds.monthly_row("ALDER1", LAST)["occupied_bed_days"]
    assert f"<strong>February 2026: {before}.</strong> Ward-stay bed days in the month" in words(
        app
    )
    assert "No draft has been saved yet." in words(app)


def test_a_draft_is_saved_and_found_again_by_another_person(visit, home):
    app = fill(visit("ALDER1"), "ALDER1", st_safe=None)
    assert "Not saved yet" in words(app)
    app = button(app, "Save the draft").click().run()
    told = words(app)
    assert "Saved at 11:30 on 9 April 2026 by you" in told
    assert "Not saved yet" not in told
    assert "1 needed figure is still blank: “Staff who feel safe”." in told
    again = visit("ALDER1", JO)
    assert "Saved at 11:30 on 9 April 2026 by Trust lead. Kept until 9 May 2026." in words(again)
    values = {field.label: field.value for field in again.number_input}
    row = worlds.monthly_row("ALDER1", NEXT)
    assert values["Patients who answered"] == row["pt_answered"]
    assert values["Staff who feel safe"] is None
    assert "1 of 3 wards has a draft." in words(visit())
    assert kept(home).keys() == {"ALDER1"}


def test_a_field_that_was_filled_in_can_be_cleared(visit, home):
    """Streamlit takes a field that is cleared back to its default, so it may have none."""
    filled = fill(visit("ALDER1"), "ALDER1")
    button(filled, "Save the draft").click().run()
    again = visit("ALDER1")
    answered = next(f for f in again.number_input if f.label == "Patients who answered")
    assert answered.value == worlds.monthly_row("ALDER1", NEXT)["pt_answered"]
    assert not any(field.proto.HasField("default") for field in again.number_input)
    chosen = [
        field for field in again.selectbox if field.label not in ("Month", "Ward", "Row status")
    ]
    assert chosen
    assert not any(field.proto.HasField("default") for field in chosen)


def test_a_ward_that_was_left_unsaved_says_so_among_all_wards(visit):
    app = fill(visit("ALDER1"), "ALDER1")
    app = button(app, "All wards").click().run()
    assert "No draft. You typed figures and didn’t save them" in words(app)
    app = button(app, "Alder").click().run()
    app = button(app, "Save the draft").click().run()
    app = button(app, "All wards").click().run()
    assert "didn’t save them" not in words(app)


def test_saving_and_deleting_a_draft_are_undone_unless_somebody_else_saved_since(visit, home):
    def undo(app: AppTest) -> AppTest:
        (found,) = [each for each in app.button if each.label == "Undo"]
        return found.click().run()

    app = button(fill(visit("ALDER1"), "ALDER1"), "Save the draft").click().run()
    first = kept(home)["ALDER1"].typed
    app = button(fill(app, "ALDER1", st_safe=None), "Save the draft").click().run()
    app = undo(app)
    assert kept(home)["ALDER1"].typed == first
    app = button(app, "Delete this draft").click().run()
    assert kept(home) == {}
    app = undo(app)
    assert kept(home)["ALDER1"].typed == first
    app = undo(app)
    assert kept(home) == {}
    mine = button(fill(app, "ALDER1"), "Save the draft").click().run()
    theirs = kept(home)["ALDER1"]
    drafts.save(home.root, replace(theirs, typed={"return_status": "data"}, by=JO))
    mine = undo(undo(mine))  # the first shows what they saved
    assert "Somebody else has changed this draft since" in words(mine)
    assert kept(home)["ALDER1"].by == JO


def test_what_contradicts_is_said_while_typing_as_the_check_says_it(visit):
    app = fill(visit("ALDER1"), "ALDER1", pt_answered=10, pt_safe=12)
    assert (
        "“Patients who feel safe” is 12, which is more than “Patients who answered”, 10."
        in words(app)
    )


def test_a_closed_ward_needs_no_figure(visit, home):
    app = visit("ALDER1")
    app.selectbox(key=next(s.key for s in app.selectbox if s.label == "Row status")).select(
        "not_collected"
    )
    app = app.run()
    assert not app.number_input
    button(app, "Save the draft").click().run()
    assert kept(home)["ALDER1"].typed == {"return_status": "not_collected"}


def test_the_second_of_two_sees_both_and_nothing_is_overwritten_unseen(visit, home, become):
    mine = button(visit("ALDER1"), "Save the draft").click().run()
    assert "The draft is saved" in words(mine)
    theirs = fill(visit("ALDER1", JO), "ALDER1", pt_declined=1)
    button(theirs, "Save the draft").click().run()
    become(worlds.LEAD)
    mine = fill(mine, "ALDER1", pt_declined=2)
    told = words(mine)
    assert "Jo Ward saved this ward at 11:30 on 9 April 2026, while you had it open." in told
    assert "Patients who preferred not to say" in told
    mine = button(mine, "Save the draft").click().run()
    assert kept(home)["ALDER1"].by == JO
    assert kept(home)["ALDER1"].typed["pt_declined"] == 1
    assert "The draft is saved" not in words(mine)  # that was the one before
    mine = button(mine, "Save mine instead").click().run()
    assert kept(home)["ALDER1"].by == worlds.LEAD
    assert kept(home)["ALDER1"].typed["pt_declined"] == 2
    assert "Jo Ward saved" not in words(mine)
    become(JO)
    theirs = theirs.run()
    values = {field.label: field.value for field in theirs.number_input}
    assert values["Patients who preferred not to say"] == 2  # nothing of Jo's was unsaved


def test_using_theirs_brings_their_figures(visit, become):
    mine = fill(visit("ALDER1"), "ALDER1", pt_declined=2)
    theirs = fill(visit("ALDER1", JO), "ALDER1", pt_declined=1)
    button(theirs, "Save the draft").click().run()
    become(worlds.LEAD)
    mine = button(mine.run(), "Use what is saved").click().run()
    values = {field.label: field.value for field in mine.number_input}
    assert values["Patients who preferred not to say"] == 1
    assert "Not saved yet" not in words(mine)


def test_what_was_typed_stays_when_another_ward_is_looked_at(visit):
    app = fill(visit("ALDER1"), "ALDER1")
    app = button(app, "All wards").click().run()
    app = button(app, "Alder1 Ward").click().run()
    values = {field.label: field.value for field in app.number_input}
    row = worlds.monthly_row("ALDER1", NEXT)
    assert values["Patients who answered"] == row["pt_answered"]
    assert "Not saved yet" in words(app)


def test_drafts_of_all_wards_become_one_return_with_a_receipt_that_names_who_typed(visit, home):
    save_all(home, visit)
    app = checked(visit())
    assert "What the check found" in words(app)
    assert "Back to the wards" in labels(app)
    assert "upload it" not in words(app)
    for field in app.text_area:
        field.set_value("Counted again with the ward")
    app = button(app, "Send this return").click().run()
    told = words(app)
    assert app.title[0].value == "Return received"
    by = f"{JO} (CEDAR1); {worlds.LEAD} (ALDER1 and BIRCH1)"
    assert by in told
    (receipt,) = [r for r in home.archive.receipts() if r.return_id == f"Z01/{NEXT}/1"]
    assert receipt.filename == f"ssc_return_Z01_{NEXT}.xlsx"
    cells = home.archive.cells(receipt)
    for ward in WARDS:
        sent = dict(
            cells.filter(sheet="monthly", ward_code=ward).select("field", "number").iter_rows()
        )
        row = worlds.monthly_row(ward, NEXT)
        assert {n: v for n, v in sent.items() if isinstance(row.get(n), int)} == {
            n: v for n, v in row.items() if isinstance(v, int)
        }
    assert kept(home) == {}


def test_a_ward_without_a_draft_is_asked_for_by_the_check_and_nothing_is_sent(visit, home):
    app = fill(visit("ALDER1"), "ALDER1")
    button(app, "Save the draft").click().run()
    app = visit()
    assert "Birch1 Ward and Cedar1 Ward: the check will ask for their figures." in words(app)
    app = checked(app)
    told = words(app)
    assert "Correct these first" in told
    assert "The row for ward BIRCH1 says “Figures are entered”, but it has no figures." in told
    assert "Nothing has been sent." in told
    assert not [r for r in home.archive.receipts() if r.month == str(NEXT)]
    assert set(kept(home)) == {"ALDER1"}


def test_a_draft_saved_after_the_check_stops_the_sending_and_says_which(visit, home, become):
    save_all(home, visit)
    app = checked(visit())
    other = fill(visit("BIRCH1", JO), "BIRCH1", pt_declined=1)
    button(other, "Save the draft").click().run()
    become(worlds.LEAD)
    for field in app.text_area:
        field.set_value("Counted again with the ward")
    app = button(app, "Send this return").click().run()
    assert "Nothing was sent: BIRCH1 changed after the return was checked." in words(app)
    assert not [r for r in home.archive.receipts() if r.month == str(NEXT)]
    assert set(kept(home)) == set(WARDS)


def test_nobody_sees_another_trusts_drafts(visit, home):
    secret = Draft(
        "Z01",
        str(NEXT),
        "ALDER1",
        {"return_status": "data", "occupied_bed_days": 31_337},
        JO,
        NOW,
        TEMPLATE_VERSION,
    )
    drafts.save(home.root, secret)
    assert "31337" in words(visit("ALDER1"))
    for address in ({}, {"trust": "Z01"}, {"trust": "Z01", "month": str(NEXT)}):
        for ward in ("all", "ALDER1"):
            told = words(visit(ward, ELSEWHERE, **address))
            assert "31337" not in told
            assert "Jo Ward" not in told
            assert "1 of" not in told


@pytest.mark.parametrize("person", [worlds.TEAM, "someone@else.example"])
def test_only_a_trusts_own_people_get_the_form(visit, person):
    app = visit("ALDER1", person)
    assert not app.number_input


def test_a_draft_whose_month_has_closed_says_so_and_can_be_deleted(home, open_screen, at_the_door):
    late = NOW + timedelta(days=200)
    about = ({"return_status": "data"}, JO, late - timedelta(days=1), TEMPLATE_VERSION)
    drafts.save(home.root, Draft("Z01", str(NEXT), "ALDER1", *about))
    at_the_door(home.root, late)
    app = open_screen(worlds.LEAD, "send")
    assert "March 2026 can’t be sent at the moment" in words(app)
    button(app, "Delete the draft for ALDER1, March 2026").click().run()
    assert drafts.of_trust(home.root, "Z01", late) == []


def test_a_draft_of_a_ward_that_has_closed_and_one_of_older_questions_are_no_part(visit, home):
    typed = {"return_status": "data", "occupied_bed_days": 400, "no_longer_asked": 3}
    about = (typed, JO, NOW)
    drafts.save(home.root, Draft("Z01", str(NEXT), "OLDER9", *about, TEMPLATE_VERSION))
    drafts.save(home.root, Draft("Z01", str(NEXT), "ALDER1", *about, "0.9"))
    told = words(visit())
    assert "A draft for OLDER9 is not part of this return." in told
    assert "The questions have changed since this was saved." in told
    assert "0 of 3 wards have a draft." in told
    app = visit("ALDER1")
    app = fill(app, "ALDER1")
    button(app, "Save the draft").click().run()
    assert kept(home)["ALDER1"].template == TEMPLATE_VERSION


def test_a_name_in_the_explanation_is_said_while_typing_and_not_saved(visit, home):
    app = fill(visit("ALDER1"), "ALDER1")
    app.text_input[0].set_value("Sarah was on leave")
    app = app.run()
    assert "“Explanation” seems to name or identify someone." in words(app)
    app = button(app, "Save the draft").click().run()
    assert "Nothing was saved: “Explanation” looks as if it holds a person" in words(app)
    assert kept(home) == {}


def test_a_return_that_forms_begin_with_and_cant_be_read_is_named(visit, home):
    last = max(home.archive.receipts(), key=lambda r: (r.trust_code == "Z01", r.month))
    (home.archive.folder(last) / ROWS).write_bytes(b"PAR1" + bytes(64) + b"PAR1")
    app = visit()
    assert f"Z01/{LAST}/1 can’t be read" in words(app)
    assert "1. Fill in" in words(button(app, "Use a workbook instead").click().run())


def test_each_save_and_delete_is_a_line_of_the_audit_log_without_figures(visit, home, caplog):
    caplog.set_level("INFO", audit.LOG)
    app = fill(visit("ALDER1"), "ALDER1", occupied_bed_days=443)
    app = button(app, "Save the draft").click().run()
    button(app, "Delete this draft").click().run()
    lines = [json.loads(r.getMessage()) for r in caplog.records if r.name == audit.LOG]
    done = [line for line in lines if line["action"] in ("save_draft", "delete_draft")]
    target = {"trust": "Z01", "month": str(NEXT), "ward": "ALDER1"}
    assert [line["action"] for line in done] == ["save_draft", "delete_draft"]
    assert all(line["target"] == target for line in done)
    assert "443" not in json.dumps(done)
    assert kept(home) == {}


def test_a_file_of_drafts_that_cant_be_read_is_a_sentence_and_the_workbook_still_works(
    home, open_screen
):
    (home.root / drafts.FILE).write_bytes(b"this is no database, however long one reads it" * 30)
    app = open_screen(worlds.LEAD, "send")
    told = words(app)
    assert "Drafts can’t be read or saved at the moment" in told
    assert "1. Fill in the workbook" in told
