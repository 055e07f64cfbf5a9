"""Tables to download: no cell is a formula, no number is changed, every sheet can be read."""

import csv
from datetime import date, datetime
from io import BytesIO, StringIO

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.exports import tables, workbook
from pipelines import measures as measure_files
from schemas import disclosure
from schemas.programme import DisclosurePolicy

MADE = datetime.fromisoformat("2026-04-15T09:30")
FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "=1,2"]
NUMBERS = ["-5", "+0.5", "12", ".5"]
CODES = ["007", "Z01", "12E3", "1e999", "1234567890123456"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_becomes_text(text: str) -> None:
    assert tables.harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", [*NUMBERS, *CODES, "Elm Ward", "", "[c]", "Alder-Beech", "O'Neil"])
def test_numbers_and_plain_text_are_left_alone(text: str) -> None:
    assert tables.harmless(text) == text


@given(st.text(max_size=12))
def test_no_text_can_start_a_formula(text: str) -> None:
    safe = tables.harmless(text)
    starts = safe.lstrip(" \u00a0")[:1]
    assert starts not in {"=", "@", "\t", "\r"} or not safe
    assert safe in (text, f"'{text}")


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8"), newline="")))


def test_a_csv_is_one_table_with_a_header() -> None:
    frame = pl.DataFrame({"=Name": ["=A1", 'Say "hi",\nthere'], "n": [-1, 0], "x": [0.1, None]})
    assert _rows(tables.csv(frame)) == [
        ["'=Name", "n", "x"],
        ["'=A1", "-1", "0.1"],
        ['Say "hi",\nthere', "0", "No data"],
    ]
    assert _rows(tables.csv(frame.clear())) == [["'=Name", "n", "x"]]


def _book(*sheets: workbook.Sheet) -> openpyxl.Workbook:
    content = workbook.xlsx("Figures to share", ["For the public."], sheets, MADE)
    return openpyxl.load_workbook(BytesIO(content))


def test_a_workbook_opens_on_its_contents_and_has_one_table_a_sheet() -> None:
    frame = pl.DataFrame({"Ward": ["Elm"], "Number": [3]})
    book = _book(workbook.Sheet("Wards", "Wards today", frame, ("A note",)))
    assert book.sheetnames == ["Contents", "Wards"]
    assert book.active.title == "Contents"
    assert book.properties.created == MADE, "not when it was taken: that would be another file"
    contents, wards = book["Contents"], book["Wards"]
    assert contents["A1"].value == "Figures to share"
    assert contents["A2"].value == "For the public."
    assert [cell.value for cell in contents["A"]][-1] == "Wards: Wards today"
    assert contents.cell(contents.max_row, 1).hyperlink.location == "'Wards'!A1"
    assert [[cell.value for cell in row] for row in wards.iter_rows()] == [
        ["Wards today", None],
        ["A note", None],
        ["Ward", "Number"],
        ["Elm", 3],
    ]
    assert wards.merged_cells.ranges == set()
    assert wards.freeze_panes == "A4"
    assert wards.print_title_rows == "$3:$3"


def test_each_sheet_is_marked_as_a_table_with_its_header_row() -> None:
    frame = pl.DataFrame({"Ward": ["Elm", "Oak"], "Number": [3, 4]})
    sheets = [workbook.Sheet("SS-O1", "Patients", frame, ("A note",))]
    book = _book(*sheets, workbook.Sheet("2 wards", "None yet", frame.clear()))
    (full,), (empty,) = (book[name].tables.values() for name in ("SS-O1", "2 wards"))
    assert (full.displayName, full.ref, full.headerRowCount) == ("Table_SS_O1", "A3:B5", 1)
    assert [column.name for column in full.tableColumns] == ["Ward", "Number"]
    assert (empty.displayName, empty.ref) == ("Table_2_wards", "A2:B3")
    assert [cell.value for cell in book["2 wards"][3]] == [None, None]


def test_a_workbook_holds_numbers_as_numbers_and_no_formulas() -> None:
    texts = [*FORMULAS, *NUMBERS, "[c]", *CODES]
    book = _book(workbook.Sheet("All", "All", pl.DataFrame({"Text": texts})))
    cells = [cell for (cell,) in book["All"].iter_rows(min_row=3)]
    assert len(cells) == len(texts)
    assert "f" not in {cell.data_type for cell in cells}
    by_text = dict(zip(texts, cells, strict=True))
    assert [by_text[number].value for number in NUMBERS] == [-5, 0.5, 12, 0.5]
    assert [by_text[code].value for code in CODES] == CODES
    assert by_text["[c]"].value == "[c]"


def test_states_that_are_not_numbers_have_words() -> None:
    frame = pl.DataFrame({"a": [None, True, date(2026, 3, 1)]}, schema={"a": pl.Object})
    book = _book(workbook.Sheet("All", "All", frame))
    values = [cell.value for (cell,) in book["All"].iter_rows(min_row=3)]
    assert values == ["No data", "yes", "2026-03-01"]


@pytest.mark.parametrize("name", ["a" * 32, "a/b"])
def test_a_name_no_sheet_can_have_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="can't be the name of a sheet"):
        _book(workbook.Sheet(name, "All", pl.DataFrame({"a": [1]})))


def _observation(month: date, numerator: float | None, **change: object) -> dict[str, object]:
    row = {
        "level": "programme",
        "unit_id": "programme",
        "trust_code": None,
        "measure": "SS-O1",
        "month": month,
        "numerator": numerator,
        "denominator": None if numerator is None else 120.0,
        "value": None if numerator is None else numerator / 120,
        "state": "value",
        "wards": 10,
        "wards_expected": 12,
        "provisional": False,
        "queried": False,
        "return_id": None,
        "peer_group": None,
    }
    return {**row, **change}


SENT = pl.DataFrame(
    [
        _observation(date(2026, 1, 1), 100.0),
        _observation(date(2026, 2, 1), 2.0),
        _observation(date(2026, 3, 1), None, state="missing"),
    ],
    infer_schema_length=None,
    schema_overrides={"trust_code": pl.String, "return_id": pl.String, "peer_group": pl.String},
)


def _taken(audience: disclosure.Audience) -> pl.DataFrame:
    measures = measure_files.load()
    masked = disclosure.mask(SENT, measures, DisclosurePolicy(), audience)
    return tables.observations(masked, measures, {"programme": "The whole programme"})


def test_an_export_keeps_its_precision_for_those_who_may_see_it() -> None:
    taken = _taken("programme")
    assert taken["Value"].to_list()[:2] == ["83.3333", "1.6667"]
    assert taken["Numerator"].to_list()[:2] == ["100", "2"]
    assert taken["Name"].unique().to_list() == ["The whole programme"]
    assert taken["Unit of value"].unique().to_list() == ["per cent"]


def test_a_figure_that_counts_a_year_says_so() -> None:
    measures = measure_files.load()
    year = SENT.with_columns(measure=pl.lit("SS-I8"))
    masked = disclosure.mask(year, measures, DisclosurePolicy(), "programme")
    taken = tables.observations(masked, measures, {})
    assert taken["Period from"].to_list() == ["2025-02", "2025-03", "2025-04"]
    assert taken["Period to"].to_list() == ["2026-01", "2026-02", "2026-03"]


def test_an_export_marks_what_is_hidden_and_says_why() -> None:
    hidden = _taken("public").filter(pl.col("State") == "suppressed")
    assert hidden.height >= 1
    assert hidden["Value"].unique().to_list() == ["[c]"]
    assert hidden["Numerator"].unique().to_list() == ["[c]"]
    assert "not suppressed" not in hidden["suppression_reason"].to_list()


@pytest.mark.parametrize("audience", ["own", "programme", "peer", "public"])
def test_no_cell_of_an_export_is_empty(audience: disclosure.Audience) -> None:
    rows = _rows(tables.csv(_taken(audience)))
    assert len(rows) == 1 + SENT.height
    for row in rows:
        assert all(row)


def test_every_sentence_of_the_contents_is_as_high_as_its_lines() -> None:
    frame = pl.DataFrame({"Ward": ["Elm"]})
    long = "Fewer than five people answered. " * 6
    content = workbook.xlsx("Figures", ["Short.", long], [workbook.Sheet("A", "B", frame)], MADE)
    rows = openpyxl.load_workbook(BytesIO(content))["Contents"].row_dimensions
    assert rows[3].height == 3 * rows[2].height
