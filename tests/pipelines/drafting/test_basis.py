"""What a form begins with, what the check says while it is typed, and which drafts count."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from pipelines.accepting.context import context_for
from pipelines.checking.check import check
from pipelines.drafting.basis import basis_of, look, set_aside, workbook_of
from pipelines.keeping.decisions import Decided
from pipelines.registers.register import register_of
from pipelines.sending import NotYours
from schemas.problems import Severity
from tests import worlds
from tests.pipelines.drafting.conftest import LAST, NEXT, NOW, OWN

SENT = ["sheet", "ward_code", "field", "text", "number", "state"]
COVER = {"declaration": "yes"}


def cells_of(content: bytes, basis, name: str) -> pl.DataFrame:
    checked = check(content, name, basis.context)
    assert checked.cells is not None, checked.as_dict()
    return checked.cells.select(SENT).filter(pl.col("sheet") == "monthly").sort(SENT)


def test_a_month_never_sent_begins_blank_and_one_that_was_sent_with_its_figures(basis):
    new, again = basis(), basis(LAST)
    assert new.wards == {code: f"{code.title()} Ward" for code in worlds.WARDS["Z01"]}
    assert new.typed("BIRCH1") == {"return_status": "data"}
    row = worlds.monthly_row("BIRCH1", LAST)
    assert again.typed("BIRCH1") == {
        name: value for name, value in row.items() if name not in ("period", "ward_code")
    }


def test_the_month_before_is_beside_each_field(basis):
    row = worlds.monthly_row("ALDER1", LAST)
    made = basis()
    assert made.sent_last_month
    assert made.last_month("ALDER1", "occupied_bed_days") == row["occupied_bed_days"]
    assert made.last_month("ALDER1", "restraint_n") is None


def test_nobody_gets_what_another_trusts_drafts_are_made_on(home):
    with pytest.raises(NotYours):
        basis_of(home, "Z02", NEXT, NOW.date(), OWN)


def test_what_is_blank_wrong_or_unusual_is_said_as_the_check_will_say_it(basis, draft):
    typed = draft(pt_safe=99, st_safe=None, occupied_bed_days=700).typed
    said = look(basis(), {"ALDER1": typed})["ALDER1"]
    assert said.blank == ("st_safe",)
    assert {(p.code, p.column) for p in said.errors} == {("E05", "pt_safe")}
    assert ("W04", "occupied_bed_days") in {(p.code, p.column) for p in said.queries}
    whole = workbook_of(basis(), [draft(pt_safe=99, occupied_bed_days=700)], COVER)
    later = {(p.code, p.column, p.message) for p in check(whole, "x", basis().context).problems}
    assert {(p.code, p.column, p.message) for p in (*said.errors, *said.queries)} <= later


@pytest.mark.parametrize(
    ("typed", "blank"),
    [
        ({"return_status": "data"}, 8),
        ({"return_status": "nil_incidents"}, 1),
        ({"return_status": "ward_closed"}, 0),
        ({"return_status": "not_collected"}, 0),
    ],
)
def test_which_figures_are_needed_depends_on_the_status(basis, typed, blank):
    said = look(basis(), {"ALDER1": typed})["ALDER1"]
    assert (len(said.blank), said.errors) == (blank, ())


def test_one_wards_figures_never_speak_of_another_ward(basis, draft):
    said = look(basis(LAST), {"ALDER1": draft(month=LAST, pt_safe=99).typed})["ALDER1"]
    assert {p.ward for p in (*said.errors, *said.queries)} == {"ALDER1"}


def test_drafts_of_every_ward_are_the_same_return_as_a_file(basis, draft):
    wards = worlds.WARDS["Z01"]
    typed = workbook_of(basis(), [draft(ward) for ward in wards], COVER)
    csv = worlds.return_file("Z01", NEXT)
    found, wanted = cells_of(typed, basis(), "x.xlsx"), cells_of(csv, basis(), "x.zip")
    filled = pl.col("number").is_not_null() | pl.col("text").is_not_null()
    assert found.filter(filled).equals(wanted.filter(filled))


def test_the_same_drafts_give_the_same_bytes(basis, draft):
    drafts = [draft(ward) for ward in worlds.WARDS["Z01"]]
    assert workbook_of(basis(), drafts, COVER) == workbook_of(basis(), drafts[::-1], COVER)


def test_a_ward_without_a_draft_is_blank_for_the_check(basis, draft):
    content = workbook_of(basis(), [draft("ALDER1"), draft("BIRCH1")], COVER)
    errors = [p for p in check(content, "x", basis().context).problems if p.severity == "error"]
    assert {(p.code, p.ward) for p in errors} == {("E03", "CEDAR1")}


def test_in_a_month_that_was_sent_a_ward_without_a_draft_stays_as_it_was(home, basis, draft):
    content = workbook_of(basis(LAST), [draft("ALDER1", LAST, pt_declined=4)], COVER)
    checked = check(content, "x", basis(LAST).context)
    assert not [p for p in checked.problems if p.severity is Severity.ERROR]
    sent = home.archive.cells(basis(LAST).active)
    typed = pl.col("text").is_not_null() & ~pl.col("sheet").is_in(["cover", "wards"])
    columns = ["sheet", "ward_code", "field", "text"]
    before, after = (
        set(frame.filter(typed).select(columns).iter_rows()) for frame in (sent, checked.cells)
    )
    assert after - before == {("monthly", "ALDER1", "pt_declined", "4")}
    assert before <= after


def test_a_draft_of_a_closed_month_a_closed_ward_or_other_questions_is_set_aside(
    home, basis, draft
):
    assert set_aside(basis(), draft()) == ""
    late = basis(when=datetime(2027, 1, 9, tzinfo=UTC))
    assert "March 2026 is closed" in set_aside(late, draft())
    assert "questions have changed" in set_aside(basis(), replace(draft(), template="0.9"))
    wards = worlds.register_frames()["wards"]
    gone = pl.col("ward_code") == "CEDAR1"
    moved = pl.col("ward_code") == "BIRCH1"
    end = date(2026, 2, 10)
    wards = wards.with_columns(
        open_to=pl.when(gone | moved).then(pl.lit(end)).otherwise(pl.lit(None, pl.Date)),
        valid_to=pl.when(moved).then(pl.lit(end)).otherwise(pl.lit(None, pl.Date)),
        successor_trust_code=pl.when(moved).then(pl.lit("Z02")).otherwise(None),
        successor_ward_code=pl.when(moved).then(pl.lit("ELDER1")).otherwise(None),
    )
    register = register_of(worlds.register_frames(wards=wards))
    home.archive.keep_register(register, Decided(worlds.TEAM, NOW, "Two wards have gone"))
    now = basis()
    assert list(now.wards) == ["ALDER1"]
    assert "says that CEDAR1 was not open in March 2026" in set_aside(now, draft("CEDAR1"))
    assert set_aside(now, draft("BIRCH1")) == (
        "BIRCH1 became ward ELDER1 of Z02 on 11 February 2026, so its figures belong there."
    )
    assert context_for(home, NOW.date()).register.version == now.context.register.version
