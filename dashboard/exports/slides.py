"""Slides to edit and present (PPTX): the monthly pack, or one chart.

Titles, sentences and tables are text; a chart is a picture with its alternative text. Each slide
has the notices of the pack, as slides are copied singly. Its long tables are left to the document.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import PP_ALIGN
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt

from dashboard.charts.table import Table
from dashboard.exports import office
from dashboard.exports.chart_pictures import png_of
from dashboard.exports.html_document import Picture, Report, Section
from pipelines.typography import OFFICE, SIZES

_WIDTH, _HEIGHT = Inches(13.333), Inches(7.5)
_LEFT, _INSIDE = Inches(0.6), Inches(12.13)
_TOP, _FOOT = Inches(1.35), Inches(6.95)
_OPENING, _TEXT, _BARE = 0, 1, 5  # layouts of the empty deck: title, title with text, title alone
_INK, _BLUE, _GREY = RGBColor(0x21, 0x2B, 0x32), RGBColor(0, 0x30, 0x87), RGBColor(0x4C, 0x62, 0x72)
_ROWS = 12  # of a table on a slide


@dataclass(frozen=True)
class _Look:
    """How big text is, in points for the pixels of a screen, and its colour."""

    size: float
    colour: RGBColor = _INK
    bold: bool = False


def of_report(report: Report) -> bytes:
    """A report as slides: its title, then one or more for each section."""
    deck = _deck(report.title, report.made)
    opening = deck.slides.add_slide(deck.slide_layouts[_OPENING])
    _place(opening.shapes.title, Inches(2), Inches(1.6))
    _write(
        opening.shapes.title.text_frame, (report.title,), _Look(SIZES["title"], _BLUE, bold=True)
    )
    under = opening.placeholders[1]
    _place(under, Inches(3.8), Inches(2.6))
    _write(under.text_frame, (*report.notices, *report.lead), _Look(SIZES["text"]))
    foot = " ".join((f"{report.title}.", *report.notices))
    for section in (*report.front, *report.sections):
        _add(deck, section, foot)
    return _bytes(deck)


def of_chart(title: str, made: datetime, notes: Sequence[str], drawn: Picture) -> bytes:
    """One chart on a slide of its own, with its notes under it; `made` is when its figures were."""
    deck = _deck(title, made)
    _add(deck, Section(title, picture=drawn, notes=tuple(notes)), "", said=tuple(notes))
    return _bytes(deck)


def _deck(title: str, made: datetime) -> Deck:
    deck = Presentation()
    deck.slide_width, deck.slide_height = _WIDTH, _HEIGHT
    office.without_leftovers(deck.part.package._rels, deck.part.rels)
    office.describe(deck.core_properties, title, made)
    return deck


def _add(deck: Deck, section: Section, foot: str, said: tuple[str, ...] = ()) -> None:
    """The slides of one section: its words with its picture, or its words and then its table."""
    words = said or section.sentences
    tabled = section.table if section.in_place else None
    if section.picture:
        slide = _slide(deck, _BARE, section.heading, foot)
        _with_picture(slide, words, section.picture)
        _speak(slide, section.notes)
    elif words or section.points:
        slide = _slide(deck, _TEXT, section.heading, foot)
        body = slide.placeholders[1]
        _place(body, _TOP, Inches(5.4))
        _write(body.text_frame, (*words, *section.points), _Look(SIZES["text"]))
        _speak(slide, section.notes)
    if tabled:
        for part in _parts(tabled):
            _with_table(_slide(deck, _BARE, section.heading, foot), part)


def _parts(table: Table) -> Iterator[Table]:
    """A table cut into as many rows as a slide holds."""
    for first in range(0, len(table.rows), _ROWS):
        yield Table(table.caption, table.columns, table.rows[first : first + _ROWS])


def _slide(deck: Deck, layout: int, heading: str, foot: str) -> Slide:
    slide = deck.slides.add_slide(deck.slide_layouts[layout])
    _place(slide.shapes.title, Inches(0.35), Inches(0.9))
    _write(slide.shapes.title.text_frame, (heading,), _Look(SIZES["heading"], _BLUE, bold=True))
    if foot:
        box = slide.shapes.add_textbox(_LEFT, _FOOT, _INSIDE, Inches(0.4))
        _write(box.text_frame, (foot,), _Look(SIZES["mark"], _GREY))
    return slide


def _with_picture(slide: Slide, words: Sequence[str], drawn: Picture) -> None:
    high = Inches(1.5)
    if words:
        box = slide.shapes.add_textbox(_LEFT, Inches(1.2), _INSIDE, high)
        _write(box.text_frame, words, _Look(SIZES["small"]))
    top = Inches(1.2) + high
    shown = slide.shapes.add_picture(BytesIO(png_of(drawn.svg)), _LEFT, top, width=_INSIDE)
    room = _FOOT - top
    if shown.height > room:
        shown.width, shown.height = Emu(shown.width * room // shown.height), Emu(room)
    shown.name = "Chart"
    shown._element.nvPicPr.cNvPr.set(
        "descr", office.plain(drawn.alt)
    )  # python-pptx has no name for it


def _with_table(slide: Slide, table: Table) -> None:
    rows = [[column.heading for column in table.columns], *table.texts()]
    frame = slide.shapes.add_table(
        len(rows), len(table.columns), _LEFT, _TOP, _INSIDE, Inches(0.35 * len(rows))
    )
    frame.name = "Table"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", office.plain(table.caption))
    for line, cells in enumerate(rows):
        for place, words in enumerate(cells):
            size = SIZES["mark"]
            white = _Look(size, RGBColor(0xFF, 0xFF, 0xFF), bold=True)
            look = white if line == 0 else _Look(size)
            _write(frame.table.cell(line, place).text_frame, (words,), look)


def _speak(slide: Slide, notes: Sequence[str]) -> None:
    """Caveats go into the notes of the speaker."""
    if any(notes):
        slide.notes_slide.notes_text_frame.text = office.plain("\n".join(filter(None, notes)))


def _write(frame: TextFrame, texts: Sequence[str], look: _Look) -> None:
    """One paragraph for each text, in British English."""
    frame.word_wrap = True
    for number, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.space_after = Pt(look.size / 3)
        run = paragraph.add_run()
        run.text = office.plain(text)
        run.font.size, run.font.bold, run.font.name = Pt(look.size), look.bold, OFFICE
        run.font.color.rgb = look.colour
        run.font.language_id = MSO_LANGUAGE_ID.ENGLISH_UK


def _place(shape, top: Emu, height: Emu) -> None:
    shape.left, shape.top, shape.width, shape.height = _LEFT, top, _INSIDE, height


def _bytes(deck: Deck) -> bytes:
    made = BytesIO()
    deck.save(made)
    return office.packed(made.getvalue())
