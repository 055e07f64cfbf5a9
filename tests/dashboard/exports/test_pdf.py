"""A PDF claims to be readable by anyone: its tags are walked as a screen reader walks them."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from dashboard.charts.table import Column, Table
from dashboard.exports import pdf
from dashboard.exports.html_document import Picture, Report, Section
from tests.dashboard.exports import tags

MADE = datetime.fromisoformat("2026-04-15T09:30:00.123456")
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="820" height="300" viewBox="0 0 820 300">'
    '<text x="20" y="40" font-family="Arial, Helvetica, sans-serif">Average 84%</text></svg>'
)
COLUMNS = [
    Column("when", "Month", row_header=True),
    Column("read", "Per 1,000 occupied bed days", number=True),
    Column("says", "What it shows"),
]
ROWS = [{"when": f"Month {n}", "read": f"{n}.5", "says": f"Point {n}"} for n in range(70)]
SECTION = Section(
    "Patients feel safe",
    ("They said so.", "Higher is better."),
    Picture(DRAWING, "A chart of 12 months."),
    Table("Patients, month by month", COLUMNS, ROWS),
    ("It can’t tell why.", ""),
)
REPORT = Report(
    "Programme, March 2026",
    MADE,
    ("Built on Tuesday.",),
    ("Fictional.", "Do not share."),
    (SECTION, Section("Returns", ("All have sent.",))),
)


@pytest.fixture(scope="module")
def made() -> bytes:
    return pdf.report_pdf(REPORT)


def test_a_report_is_read_in_order_and_each_sentence_once(made: bytes) -> None:
    headings = ["Month", "Per 1,000 occupied bed days", "What it shows"]
    cells = [text for row in ROWS for text in row.values()]
    assert tags.sentences(made) == [
        "Programme, March 2026",
        "Fictional. Do not share.",
        "Built on Tuesday.",
        "In this pack",
        "Patients feel safe",
        "They said so.",
        "Higher is better.",
        "A chart of 12 months.",
        "It can’t tell why.",
        "Returns",
        "All have sent.",
        "Tables",
        "The figures of each chart, the latest first.",
        "Patients, month by month",
        *headings,
        *cells,
    ]


def test_headings_go_down_one_level_at_a_time(made: bytes) -> None:
    assert tags.headings(made) == [
        (1, "Programme, March 2026"),
        (2, "In this pack"),
        (2, "Patients feel safe"),
        (2, "Returns"),
        (2, "Tables"),
        (3, "Patients, month by month"),
    ]


def test_the_contents_lead_to_every_section(made: bytes) -> None:
    entries = [tag.words() for tag in tags.document(made).all() if tag.kind == "TOCI"]
    assert entries == ["Patients feel safe 1", "Returns 1", "Tables 1"]


def test_each_column_of_a_table_has_a_header_and_is_read_once_however_long(made: bytes) -> None:
    (table,) = [tag for tag in tags.document(made).all() if tag.kind == "Table"]
    heads = [tag for tag in table.all() if tag.kind == "TH"]
    assert [head.scope for head in heads] == ["Column"] * len(COLUMNS)
    rows = [tag for tag in table.all() if tag.kind == "TR"]
    assert len(rows) == 1 + len(ROWS)
    assert len(PdfReader(BytesIO(made)).pages) > 1, "the header is repeated on paper"


def test_a_pdf_says_what_it_is(made: bytes) -> None:
    reader = PdfReader(BytesIO(made))
    assert reader.root_object["/Lang"] == "en-GB"
    assert reader.metadata.title == "Programme, March 2026"
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.root_object["/MarkInfo"]["/Marked"]
    about = reader.root_object["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert '<rdf:li xml:lang="x-default">Programme, March 2026</rdf:li>' in about


def test_every_page_is_a4(made: bytes) -> None:
    sizes = {
        (round(p.mediabox.width), round(p.mediabox.height)) for p in PdfReader(BytesIO(made)).pages
    }
    assert sizes == {(595, 842)}


def test_the_same_figures_give_the_same_file_and_its_date_is_theirs(made: bytes) -> None:
    assert pdf.report_pdf(REPORT) == made
    created = PdfReader(BytesIO(made)).metadata.creation_date
    assert created == datetime.fromisoformat("2026-04-15T09:30:00+00:00")
    later = pdf.report_pdf(replace(REPORT, made=datetime.fromisoformat("2026-05-15T09:30")))
    assert later != made


def test_only_a_picture_with_words_is_printed() -> None:
    silent = replace(SECTION, picture=Picture(DRAWING, ""))
    with pytest.raises(typst.TypstError, match="alt"):
        pdf.report_pdf(replace(REPORT, sections=(silent,)))


MARKUP = "#1 *A* $x$ [b] @c _d_ `e` <f> \\ // g ~ -- 'h' \"i\" {j} = k + l - m / n &lt; 10%"


def test_text_is_never_markup() -> None:
    section = Section(
        MARKUP,
        (MARKUP,),
        Picture(DRAWING, MARKUP),
        Table(MARKUP, [Column("a", MARKUP)], [{"a": MARKUP}]),
        (MARKUP,),
    )
    made = pdf.report_pdf(Report(MARKUP, MADE, (MARKUP,), (MARKUP,), (section,)))
    fixed = {"In this pack", "Tables", "The figures of each chart, the latest first."}
    assert [text for text in tags.sentences(made) if text not in fixed] == [MARKUP] * 10
    assert PdfReader(BytesIO(made)).metadata.title == MARKUP


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_printed(words: str) -> None:
    pdf.report_pdf(Report(f"A {words}", MADE, (words,), (words,), (Section(words, (words,)),)))


def test_a_character_without_a_shape_is_shown_as_unknown() -> None:
    made = pdf.report_pdf(replace(REPORT, lead=("Ward 日\t🎉\x07 → “é”",)))
    assert "Ward � �� → “é”" in tags.sentences(made)


def test_the_font_has_every_character_that_is_let_through() -> None:
    shown = [chr(n) for n in range(0x3000) if not pdf._NOT_SHOWN.match(chr(n))]
    assert len(shown) > 1500
    assert set("–—‘’“”…′→−≤≥±·×éŵŷḊ£€■▲") <= set(shown)
    words = " ".join(shown)
    drawn = DRAWING.replace("Average", words.replace("&", "&amp;").replace("<", "&lt;"))
    section = Section("All", (words,), Picture(drawn, "All"))
    assert pdf.report_pdf(replace(REPORT, sections=(section,))).startswith(b"%PDF")


def test_two_sections_share_a_page_however_much_they_say() -> None:
    long = replace(
        SECTION, sentences=("It was higher than usual, and usual since. " * 12,), table=None
    )
    made = pdf.report_pdf(replace(REPORT, sections=(long,) * 5))
    assert len(PdfReader(BytesIO(made)).pages) == 3


def test_a_chart_is_one_page_with_its_title_its_notes_and_its_words() -> None:
    notes = ["Higher is better.", "Flags: 1 a learning set. " * 20]
    made = pdf.chart_pdf("Patients feel safe", MADE, notes, Picture(DRAWING, "A chart."))
    first, second = (" ".join(note.split()) for note in notes)
    assert tags.sentences(made) == ["Patients feel safe", first, second, "A chart."]
    (page,) = PdfReader(BytesIO(made)).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 595)


def test_templates_take_nothing_from_elsewhere() -> None:
    """A template that imports a package would fetch it."""
    folder = Path(pdf.__file__).parent / "paper"
    imports = [
        line
        for path in folder.glob("*.typ")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "import" in line and not line.startswith("//")
    ]
    assert imports
    assert all('#import "look.typ"' in line for line in imports)
