"""Files made to do harm, or so odd that they might, are refused before anything is parsed."""

import struct
import tracemalloc
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest

from pipelines.checking.check import check
from pipelines.reading.file_kind import LARGEST_FILE
from pipelines.reading.read import Unreadable, read
from schemas.problems import Outcome
from tests.returns import scene
from tests.returns.cases import zipped

BOOK = (
    b'<workbook xmlns:r="r"><sheets><sheet name="monthly" sheetId="1" r:id="rId1"/></sheets>'
    b"</workbook>"
)
RELS = b'<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet><sheetData><row r="1">'
    b'<c r="A1" t="str"><v>&b;</v></c></row></sheetData></worksheet>'
)


def book_with(sheet: bytes, **parts: bytes) -> bytes:
    """A workbook whose only sheet is this XML."""
    return zipped(
        {
            "xl/workbook.xml": BOOK,
            "xl/_rels/workbook.xml.rels": RELS,
            "xl/worksheets/sheet1.xml": sheet,
            **{f"xl/{name}.xml": part for name, part in parts.items()},
        }
    )


def cells(*cells: str) -> bytes:
    rows = "".join(f"<row>{cell}</row>" for cell in cells)
    return f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()


def refusal(content: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert refused.value.problem.code == "F01"
    return refused.value.problem.message


def test_a_zip_bomb() -> None:
    bomb = BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60_000_000))
    assert len(bomb.getvalue()) < LARGEST_FILE
    assert "unpacks to far more" in refusal(bomb.getvalue())


def test_a_zip_of_very_many_files() -> None:
    assert "unpacks to far more" in refusal(zipped({f"{n}.csv": b"a" for n in range(501)}))


def test_a_file_that_is_too_large() -> None:
    assert "5.0 MB" in refusal(b"a,b\n" * (LARGEST_FILE // 4 + 1))


def test_an_encrypted_zip() -> None:
    content = bytearray(zipped({"monthly.csv": b"a,b\n1,2\n"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in refusal(bytes(content))


def test_entities_are_never_expanded() -> None:
    assert "damaged" in refusal(book_with(LAUGHS))


def test_one_cell_in_the_last_corner_costs_nothing() -> None:
    book = book_with(cells('<c r="XFD1048576"><v>1</v></c>'))
    tracemalloc.start()
    try:
        (sheet,) = read(book).sheets
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1_048_576  # not even a byte for each row above it
    assert list(sheet.rows) == [1_048_576]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="XFE1"><v>1</v></c>',
        '<c r="A9999999"><v>1</v></c>',
        '<c r="A0"><v>1</v></c>',
        '<c r="?"><v>1</v></c>',
        '<c r="A1" t="s"><v>7</v></c>',
        '<c r="A1" s="x"><v>7</v></c>',
        '<c r="A1"><v>seven</v></c>',
    ],
)
def test_a_cell_that_can_not_be(cell: str) -> None:
    assert "damaged" in refusal(book_with(cells(cell)))


def test_more_cells_than_any_return_has() -> None:
    many = cells(*["<c><v>1</v></c>" * 1000] * 81)
    assert "more than 80,000 cells" in refusal(book_with(many))


def test_more_csv_cells_than_any_return_has() -> None:
    assert "more than 80,000 cells" in refusal(b"1,1,1,1,1\n" * 16_001)


@pytest.mark.parametrize(
    "content",
    [
        book_with(cells(*["<c><v>1</v></c>"] * 20_001)),
        b"1\n" * 20_001,
        zipped({f"{n}.csv": b"1\n\n" * 10_001 for n in range(2)}),
    ],
)
def test_more_rows_than_any_return_has(content: bytes) -> None:
    assert "more than 20,000 rows" in refusal(content)


def test_blank_rows_are_not_counted() -> None:
    (sheet,) = read(book_with(cells(*["<c/>"] * 20_001, "<c><v>1</v></c>"))).sheets
    assert len(sheet.rows) == 1


def test_the_cells_of_all_sheets_are_counted_together_whatever_they_are_called() -> None:
    named = "".join(f'<sheet name="s{n}" r:id="rId1"/>' for n in range(9))
    book = f'<workbook xmlns:r="r"><sheets>{named}</sheets></workbook>'.encode()
    sheet = cells(*["<c><v>1</v></c>" * 1000] * 10)
    parts = {"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": RELS}
    large = zipped({**parts, "xl/worksheets/sheet1.xml": sheet})
    assert "80,000 cells" in refusal(large)
    of_those = read(large, asked=["s3"]).sheets  # others have a name and cost nothing more
    assert [(each.name, len(each.rows)) for each in of_those if each.rows] == [("s3", 10)]
    assert len(of_those) == 9


def test_a_text_counts_as_often_as_it_is_used() -> None:
    used = cells(*["".join('<c t="s"><v>0</v></c>' for _ in range(100))] * 50)
    strings = f"<sst><si><t>{'a' * 1000}</t></si></sst>".encode()
    assert "4,000,000 characters" in refusal(book_with(used, sharedStrings=strings))


def test_a_formula_costs_no_more_than_anyone_reads_of_it() -> None:
    """The largest trust's baseline has such formulas in hundreds of rows, without a result."""
    formula = f"<c><f>{'A1+' * 2_600}A1</f></c>"
    (sheet,) = read(book_with(cells(*[formula] * 600))).sheets
    assert len(sheet.rows) == 600


@pytest.mark.parametrize("stated", [10, 4_000_000_000])
def test_the_size_that_an_archive_states_is_not_relied_on(stated: int) -> None:
    content = bytearray(zipped({"monthly.csv": b"1" * 30_000_000}))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.index(signature) + place, stated)
    assert refusal(bytes(content))


def test_one_file_that_an_archive_names_many_times_is_read_no_more_than_all_may_be() -> None:
    content = zipped({"0001.csv": b"1,2\n" * 2_000})
    start = content.index(b"PK\x01\x02")
    end = bytearray(content[content.index(b"PK\x05\x06") :])
    entries = content[start : content.index(b"PK\x05\x06")] * 400
    struct.pack_into("<HHII", end, 8, 400, 400, len(entries), start)
    assert refusal(content[:start] + entries + bytes(end))


@pytest.mark.parametrize("how", [ZIP_BZIP2, ZIP_LZMA])
def test_a_zip_that_is_compressed_in_another_way(how: int) -> None:
    content = BytesIO()
    with ZipFile(content, "w", how) as archive:
        archive.writestr("monthly.csv", b"a,b\n1,2\n")
    assert "damaged" in refusal(content.getvalue())


@pytest.mark.parametrize(
    "sheet",
    [
        cells(f'<c r="{"Z" * 100}1"><v>1</v></c>'),
        b"<a>" * 300 + b"</a>" * 300,
        b"<worksheet " + b" ".join(b'a%d=""' % n for n in range(10_000)) + b"/>",
    ],
    ids=["a long reference", "deeply nested", "very many attributes"],
)
def test_a_sheet_as_no_program_writes_it(sheet: bytes) -> None:
    assert "damaged" in refusal(book_with(sheet))


@pytest.mark.parametrize(
    "sheet",
    [
        b'<worksheet><cols><col min="1" max="16384" hidden="1"/></cols></worksheet>',
        b"<worksheet><sheetData><row>" + b"<c/>" * 16_384 + b"</row></sheetData></worksheet>",
    ],
    ids=["hidden columns", "empty cells"],
)
def test_parts_without_a_cell_are_counted_too(sheet: bytes) -> None:
    inside = sheet.removeprefix(b"<worksheet>").removesuffix(b"</worksheet>")
    assert "300,000 parts" in refusal(book_with(b"<worksheet>" + inside * 30 + b"</worksheet>"))


@pytest.mark.parametrize("text", [b"\n" * 400_001, b"," * 400_001])
def test_the_lines_and_values_of_a_csv_file_are_counted_blank_ones_too(text: bytes) -> None:
    assert "300,000 parts" in refusal(b"a,b\n" + text)


def test_a_sheet_with_far_more_rows_than_a_trust_has_wards() -> None:
    row = b"ALDER1,2026-03\n"
    content = zipped({"monthly.csv": b"ward_code,period\n" + row * 501})
    checked = check(content, "x", scene.context())
    assert checked.outcome is Outcome.UNREADABLE
    assert checked.problems[0].message == (
        "The sheet “monthly” has 501 rows. It can have at most 500, far more than any trust needs."
    )


def test_cells_without_an_address_stand_one_after_another() -> None:
    (sheet,) = read(book_with(cells("<c><v>1</v></c><c><v>2</v></c>", "<c><v>3</v></c>"))).sheets
    found = {cell.place: cell.text for row in sheet.rows.values() for cell in row.values()}
    assert found == {"A1": "1", "B1": "2", "A2": "3"}


def test_text_in_runs_and_with_reading_aids_is_joined() -> None:
    strings = b"<sst><si><r><t>Ald</t></r><r><t>er</t></r><rPh><t>aid</t></rPh></si></sst>"
    (sheet,) = read(book_with(cells('<c r="A1" t="s"><v>0</v></c>'), sharedStrings=strings)).sheets
    assert sheet.rows[1][1].text == "Alder"


def test_dates_counted_from_1904() -> None:
    book = BOOK.replace(b"<sheets>", b'<workbookPr date1904="1"/><sheets>')
    styles = b'<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    parts = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": RELS,
        "xl/styles.xml": styles,
        "xl/worksheets/sheet1.xml": cells('<c r="A1" s="1"><v>44620</v></c>'),
    }
    (sheet,) = read(zipped(parts)).sheets
    assert (sheet.rows[1][1].text, sheet.rows[1][1].kind) == ("2026-03-01", "date")


@pytest.mark.parametrize("cut", [100, 5000, 20000])
def test_half_an_upload(cut: int) -> None:
    assert "damaged" in refusal(scene.workbook()[:cut])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture"),
        (b"{\\rtf1 x}", "a text document"),
        (b"\x01\x02\x03\x04 binary", "neither a workbook nor a CSV file"),
    ],
)
def test_other_kinds_of_file_are_named(content: bytes, name: str) -> None:
    assert name in refusal(content)


def test_a_word_document_is_named() -> None:
    assert "a Word document" in refusal(zipped({"word/document.xml": b"<x/>"}))


def test_the_name_of_a_file_decides_nothing() -> None:
    checked = check(scene.workbook(), "holiday.jpg", scene.context())
    assert checked.outcome is not Outcome.UNREADABLE
