"""The downloaded workbook: what is filled in already, and what may be typed."""

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.utils import get_column_letter
from xlsxwriter.worksheet import Worksheet

from pipelines.checking.check import check
from pipelines.registers.trust_acts import merge_trust
from pipelines.workbooks import template_sheets
from pipelines.workbooks.template import CARRIED_ON, template
from schemas.periods import Month
from schemas.problems import Outcome
from schemas.returns import columns_of, sheets_of
from schemas.sheets.charter import MAY_STAY_SHUT
from schemas.sheets.pairs import PAIRS
from tests.patience import PATIENCE
from tests.returns import scene
from tests.returns.cases import history_with
from tests.returns.scene import COVER, MONTH, PROGRAMME, TRUST, register, workbook


def opened(**options: Any) -> Any:
    return openpyxl.load_workbook(BytesIO(template(PROGRAMME, register(), TRUST, MONTH, **options)))


def rows(sheet: Any) -> list[dict[str, Any]]:
    header, *lines = list(sheet.iter_rows(values_only=True))
    return [dict(zip(header, line, strict=True)) for line in lines if any(line)]


def cover(book: Any) -> dict[str, Any]:
    return {row[0].value: row[2].value for row in book["cover"].iter_rows(min_row=5)}


def last_return() -> Any:
    month = MONTH + -1
    sent = history_with(month, charter=scene.values()["charter"])
    return sent.filter(month=month.first_day).drop("trust_code", "month")


def test_wards_and_months_are_filled_in_and_figures_are_not() -> None:
    book = opened()
    assert [row["Ward code"] for row in rows(book["monthly"])] == list(scene.WARDS)
    assert {row["Month"] for row in rows(book["monthly"])} == {"2026-03"}
    filled_in = {k for row in rows(book["monthly"]) for k, v in row.items() if v is not None}
    assert filled_in == {"Month", "Ward code", "Row status"}
    assert rows(book["wards"])[0]["Ward name"] == "Alder Ward"
    assert cover(book)["declaration"] is None


def test_the_last_return_is_carried_on_but_for_its_figures() -> None:
    book = opened(previous=last_return())
    columns = columns_of("cover")
    as_read = {field: columns[field].in_words(COVER[field]) for field in CARRIED_ON}
    assert {field: cover(book)[field] for field in CARRIED_ON} == as_read
    assert cover(book)["period"] == "2026-03"
    assert cover(book)["declaration"] is None
    assert rows(book["charter"])[0]["Stage"] == "Displayed"
    assert rows(book["charter"])[0]["Agreed on"].date().isoformat() == "2025-11-04"
    assert rows(book["monthly"])[0].get("Occupied bed days") is None


def test_the_items_of_the_confidence_survey_are_there_in_the_words_of_the_month() -> None:
    new = scene.question(
        "confident_talk",
        "I can talk about it.",
        item_of="staff_confident",
        valid_from=date(2026, 4, 1),
    )
    dated = register().questions.with_columns(
        valid_to=pl.when(question_id="confident_talk").then(pl.lit(date(2026, 3, 31)))
    )
    both = replace(
        register(), questions=pl.concat([dated, pl.DataFrame([new], schema=dated.schema)])
    )

    def asked(month: Month) -> list[str]:
        content = template(PROGRAMME, both, TRUST, month)
        sheet = openpyxl.load_workbook(BytesIO(content))["confidence"]
        return [row["Item"] for row in rows(sheet) if row["Ward code"] == "ALDER1"]

    report = "Placeholder: I feel confident to report an incident."
    assert asked(MONTH) == ["Placeholder: I feel confident to talk about sexual safety.", report]
    assert set(asked(MONTH + 1)) == {"Placeholder: I can talk about it.", report}
    row = {"ward_code": "ALDER1", "item_answered": 12, "item_confident": 7}
    for words in ("Placeholder: I can TALK about it.", "CONFIDENT_TALK", asked(MONTH)[0]):
        file = workbook(confidence=[row | {"question_id": words}])
        checked = check(file, "r.xlsx", scene.context(register=both))
        assert checked.cells is not None
        found = checked.cells.filter(sheet="confidence", field="question_id")
        assert found["text"].to_list() == ["confident_talk"]
        again = template(PROGRAMME, both, TRUST, MONTH, in_use=checked.cells)
        first = rows(openpyxl.load_workbook(BytesIO(again))["confidence"])[0]
        assert (first["Item"], first["Answered"]) == (asked(MONTH)[0], 12)


def test_only_wards_that_were_open_are_there() -> None:
    codes = [row["Ward code"] for row in rows(opened()["monthly"])]
    assert not {"OLDER9", "DOGWD4", "ELM5"} & set(codes)


def test_every_cell_to_fill_in_has_its_definition_and_is_free() -> None:
    book = opened()
    for name in sheets_of(scene.PROGRAMME):
        sheet = book[name]
        described = {v.promptTitle: v.prompt for v in sheet.data_validations.dataValidation}
        for column in columns_of(name).values():
            assert column.title[:32] in described
            assert described[column.title[:32]]
        grouped = name in ("monthly", "charter")
        assert sheet.protection.sheet is not grouped, "Excel opens no groups if it is"
    assert not book["standards"]["B2"].protection.locked
    assert book["standards"]["A1"].protection.locked


def shut(book: Any, sheet: str = "monthly") -> set[str]:
    """The columns of a sheet that are in a group which is shut."""
    look = book[sheet].column_dimensions
    ranges = {letter: (d.min, d.max) for letter, d in look.items() if d.hidden}
    assert all(look[letter].outlineLevel in (1, 2) for letter in ranges)
    titles = [cell.value for cell in book[sheet][1]]
    return {titles[n - 1] for first, last in ranges.values() for n in range(first, last + 1)}


VISITORS = {c.title for c in columns_of("monthly").values() if c.name.startswith("vs_")}


def optional() -> set[str]:
    columns = columns_of("monthly").values()
    return {c.title for c in columns if c.required == "optional" and c.kind != "text"}


def test_columns_that_nobody_needs_are_in_groups_that_are_shut() -> None:
    assert shut(opened()) == optional()
    assert len(columns_of("monthly")) - len(optional()) == 12


def test_who_took_part_in_a_charter_is_a_group_that_opens_once_it_is_used() -> None:
    titles = {columns_of("charter")[name].title for name in MAY_STAY_SHUT}
    assert shut(opened(), "charter") == titles
    counted = {"ward_code": "ALDER1", **scene.CHARTER, "patients_n": 6}
    before = history_with(MONTH + -1, charter=[counted])
    before = before.filter(month=(MONTH + -1).first_day).drop("trust_code", "month")
    book = opened(previous=before)
    assert shut(book, "charter") == set()
    header = [cell.value for cell in book["charter"][1]]
    assert book["charter"].cell(2, header.index("Patients who took part") + 1).value == 6


def test_a_group_that_was_used_last_time_or_holds_a_figure_is_open() -> None:
    used = {"patients_present": 17, "conf_valid": 14, "conf_positive": 9}
    before = history_with(MONTH + -1, monthly=[scene.figures("ALDER1", MONTH + -1, **used)])
    before = before.filter(month=(MONTH + -1).first_day).drop("trust_code", "month")
    last_group = {"Affecting patients", "Staff trained", "Restraint"}
    found = shut(opened(previous=before))
    assert not found & {"Patients present", "Confidence answers", *last_group}
    assert found == {
        *("Patients who preferred not to say", "Staff in post"),
        *("Staff who preferred not to say", "How people were asked"),
        *VISITORS,
        *(columns_of("monthly")[name].title for name in PAIRS),
    }
    assert shut(openpyxl.load_workbook(BytesIO(workbook()))) == found


def test_visitors_are_a_group_of_their_own_inside_the_one_beside_them() -> None:
    book = openpyxl.load_workbook(
        BytesIO(workbook(monthly=[scene.figures("ALDER1", st_declined=2)]))
    )
    assert shut(book) >= VISITORS
    assert "Staff who preferred not to say" not in shut(book)
    book = openpyxl.load_workbook(
        BytesIO(workbook(monthly=[scene.figures("ALDER1", vs_answered=2)]))
    )
    assert not VISITORS & shut(book)


def test_whoever_rates_a_statement_reads_it_at_its_cell() -> None:
    book = opened()
    for name, expected in (
        ("standards", ["Statement 1"] * len(scene.WARDS)),
        ("trust_standards", ["Statement 2", "Standard 1", "Standard 2"]),
    ):
        prompts = {
            str(cells): rule.prompt
            for rule in book[name].data_validations.dataValidation
            for cells in rule.sqref.ranges
        }
        header = [cell.value for cell in book[name][1]]
        found = rows(book[name])
        assert [row["Statement"] for row in found] == expected
        for number, row in enumerate(found, 2):
            for title in ("Statement", "Rating"):
                place = f"{get_column_letter(header.index(title) + 1)}{number}"
                assert prompts[place].startswith(row["Statement"])
                assert len(prompts[place]) <= 255


def test_sets_are_there_on_their_days_with_the_last_ratings_on_whichever_sheet_they_stood() -> None:
    before = opened()["trust_standards"]
    assert {row["Standards set"] for row in rows(before)} == {
        "Placeholder",
        "Placeholder of a framework",
    }
    early = template(PROGRAMME, register(), TRUST, MONTH + -1)
    sheet = openpyxl.load_workbook(BytesIO(early))["trust_standards"]
    assert [row["Statement"] for row in rows(sheet)] == ["Statement 2"]
    as_trust = {"org_level": "trust", "org_code": TRUST}
    rated = [
        {"set_id": "sexual_safety_placeholder", "statement_id": "P2", "rating": "met"} | as_trust
    ]
    file = workbook(
        standards=rated,
        trust_standards=[
            {
                "set_id": "Placeholder of a framework",
                "statement_id": "STANDARD 2",
                "rating": "not_met",
            }
        ],
    )
    checked = check(file, "return.xlsx", scene.context())
    assert checked.cells is not None, checked.as_dict()
    next_month = template(PROGRAMME, register(), TRUST, MONTH + 1, previous=checked.cells)
    carried = rows(openpyxl.load_workbook(BytesIO(next_month))["trust_standards"])
    assert [bool(row["Rating"]) for row in carried] == [True, False, True]
    again = template(PROGRAMME, register(), TRUST, MONTH, in_use=checked.cells)
    sheets = openpyxl.load_workbook(BytesIO(again))
    assert rows(sheets["standards"])[0]["Statement"] == "Statement 2"
    assert [row["Statement"] for row in rows(sheets["trust_standards"])] == [
        "Standard 2",
        "Standard 1",
    ]


def test_no_code_that_is_filled_in_is_cut_off() -> None:
    sheet = opened()["standards"]
    for column in sheet.iter_cols(min_row=2):
        if column[0].alignment.wrap_text:  # words, on as many lines as they need
            continue
        longest = max((len(str(cell.value)) for cell in column if cell.value), default=0)
        width = sheet.column_dimensions[column[0].column_letter].width or 13
        assert longest < width


def test_drop_downs_hold_the_words_of_the_contract() -> None:
    book = opened()
    lists = {cell.value: cell.column for cell in book["lists"][1]}
    values = [c.value for c in list(book["lists"].columns)[lists["monthly return_status"] - 1][1:]]
    assert [v for v in values if v] == list(columns_of("monthly")["return_status"].words)
    wards = [
        c.value
        for c in list(book["lists"].columns)[lists["monthly ward_code, charter ward_code"] - 1][1:]
    ]
    assert [v for v in wards if v] == list(scene.WARDS)


def test_it_is_one_table_a_sheet_with_frozen_headers() -> None:
    book = opened()
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes
    assert all(len(book[name].tables) == 1 for name in sheets_of(scene.PROGRAMME))
    assert book.active.title == "cover"


def test_the_same_template_twice_is_the_same_bytes() -> None:
    assert template(PROGRAMME, register(), TRUST, MONTH) == template(
        PROGRAMME, register(), TRUST, MONTH
    )


def test_formulas_prepared_once_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    once = workbook()
    monkeypatch.setattr(template_sheets, "_Sheet", Worksheet)
    assert workbook() == once


def test_a_trust_that_is_not_on_the_register_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="was not in the register in March 2026"):
        template(PROGRAMME, register(), "Z88", Month(2026, 3))


def test_a_trust_that_merged_gets_the_name_of_the_other_one() -> None:
    after = merge_trust(register(), TRUST, "Z02", date(2026, 3, 1))
    with pytest.raises(ValueError, match=r"Z01 became part of Z02 on 1 March 2026\.$"):
        template(PROGRAMME, after, TRUST, MONTH)


@pytest.mark.libreoffice
def test_a_return_survives_libreoffice(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if not office:
        pytest.skip("no LibreOffice: install libreoffice-calc")
    (tmp_path / "return.xlsx").write_bytes(workbook())
    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    command += ["--convert-to", "xlsx", "--outdir", str(tmp_path / "out")]
    run = subprocess.run(
        [*command, str(tmp_path / "return.xlsx")],
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    before = check(workbook(), "return.xlsx", scene.context())
    after = check((tmp_path / "out" / "return.xlsx").read_bytes(), "return.xlsx", scene.context())
    assert after.outcome is Outcome.CLEAN
    assert after.cells.equals(before.cells)
