"""The monthly pack as a document to edit (DOCX): headings, sentences, charts and tables.

Everything but the charts is text; a chart is a picture with its alternative text. The notices of
the pack are on the head of every page, and tables come after all sections, as in the PDF.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from dashboard.charts.table import Column, Table
from dashboard.exports import office
from dashboard.exports.chart_pictures import png_of
from dashboard.exports.html_document import Picture, Report, Section
from pipelines.typography import OFFICE, POINTS

_INK, _BLUE = RGBColor(0x21, 0x2B, 0x32), RGBColor(0, 0x30, 0x87)
_SIZES = {
    "Normal": POINTS["small"],
    "List Bullet": POINTS["small"],
    "Caption": POINTS["small"],
    "Header": POINTS["mark"],
    "Title": POINTS["title"],
}
_HEADINGS = {"Heading 1": POINTS["heading"], "Heading 2": POINTS["answer"]}
_PLAIN = ("Normal", "List Bullet", "Header")
_NUMBER, _FIRST = Mm(21), Mm(30)  # widths of columns; those of words share what is left
_PAGE = (Mm(210), Mm(297))  # A4
_EDGE = Mm(18)
_WIDE, _HIGH = Mm(210 - 2 * 18), Mm(110)  # of a picture, at most


def of_report(report: Report) -> bytes:
    """A report as a document: its front page, its sections, then every other table."""
    paper = _paper(report)
    paper.add_paragraph(office.plain(report.title), style="Title")
    for notice in report.notices:
        paper.add_paragraph().add_run(office.plain(notice)).bold = True
    _say(paper, report.lead)
    for section in (*report.front, *report.sections):
        _section(paper, section)
    tables = [s.table for s in report.sections if s.table and not s.in_place]
    if tables:
        paper.add_heading("Tables", 1)
    for table in tables:
        paper.add_heading(office.plain(table.caption), 2)
        _table(paper, table)
    made = BytesIO()
    paper.save(made)
    return office.packed(made.getvalue())


def _paper(report: Report) -> Paper:
    """An empty A4 document in Arial and British English, with the notices on every page."""
    paper = Document()
    office.without_leftovers(paper.part.package.rels, paper.part.rels)
    office.describe(paper.core_properties, report.title, report.made)
    page = paper.sections[0]
    page.page_width, page.page_height = _PAGE
    page.left_margin = page.right_margin = page.bottom_margin = _EDGE
    page.top_margin, page.header_distance = Mm(26), Mm(9)
    for name, size in (_SIZES | _HEADINGS).items():
        _dress(paper.styles[name], size, _INK if name in _PLAIN else _BLUE)
    languages = paper.styles.element.iter(qn("w:lang"))
    for language in languages:
        language.set(qn("w:val"), "en-GB")
    head = page.header.paragraphs[0]
    head.text = office.plain(" ".join((f"{report.title}.", *report.notices)))
    return paper


def _dress(style: ParagraphStyle, size: float, colour: RGBColor) -> None:
    style.font.name, style.font.size, style.font.color.rgb = OFFICE, Pt(size), colour
    fonts = style.element.rPr.rFonts
    for name in list(fonts.attrib):  # a font of the theme would go before ours
        if name.endswith("Theme"):
            del fonts.attrib[name]
    fonts.set(qn("w:hAnsi"), OFFICE)


def _section(paper: Paper, section: Section) -> None:
    paper.add_heading(office.plain(section.heading), 1)
    for said in _say(paper, section.sentences):
        said.paragraph_format.keep_with_next = section.picture is not None
    for point in section.points:
        paper.add_paragraph(office.plain(point), style="List Bullet")
    if section.picture:
        _picture(paper, section.picture)
    if section.table and section.in_place:
        _table(paper, section.table)
    _say(paper, section.under)


def _say(paper: Paper, sentences: Iterable[str]) -> list[Paragraph]:
    return [paper.add_paragraph(office.plain(sentence)) for sentence in sentences]


def _picture(paper: Paper, drawn: Picture) -> None:
    shown = paper.add_picture(BytesIO(png_of(drawn.svg)), width=_WIDE)
    if shown.height > _HIGH:
        shown.width, shown.height = Length(shown.width * _HIGH // shown.height), _HIGH
    about = shown._inline.docPr  # python-docx has no name for alternative text
    about.set("descr", office.plain(drawn.alt))
    about.set("name", "Chart")


def _table(paper: Paper, table: Table) -> None:
    """A table whose first row is its heading on every page, with its caption for screen readers."""
    lines = [[column.heading for column in table.columns], *table.texts()]
    made = paper.add_table(len(lines), len(table.columns), style="Table Grid")
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), office.plain(table.caption))
    made._tblPr.append(caption)
    made.autofit = False
    widths = _widths(table.columns)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for number, (row, texts) in enumerate(zip(made.rows, lines, strict=True)):
        cells = row.cells
        for cell, width in zip(cells, widths, strict=True):
            cell.width = width  # Word goes by the cells, LibreOffice by the columns
        _row(cells, texts, [column.number for column in table.columns], heads=number == 0)
    first = made.rows[0]._tr.get_or_add_trPr()
    first.append(OxmlElement("w:tblHeader"))
    paper.add_paragraph()


def _widths(columns: Sequence[Column]) -> list[Length]:
    """How wide each column is: numbers and names as much as they need, words the rest."""
    narrow = [_NUMBER if c.number else _FIRST if c.row_header else None for c in columns]
    left = _WIDE - sum(width for width in narrow if width)
    words = max(narrow.count(None), 1)
    return [Length(width if width else max(left // words, _NUMBER)) for width in narrow]


def _row(cells: Sequence, texts: Sequence[str], numbers: Sequence[bool], *, heads: bool) -> None:
    for cell, text, number in zip(cells, texts, numbers, strict=True):
        (paragraph,) = cell.paragraphs
        run = paragraph.add_run(office.plain(text))
        run.font.size, run.bold = Pt(POINTS["mark"]), heads
        if number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
