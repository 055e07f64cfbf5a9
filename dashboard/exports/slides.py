"""Slides to edit and present (PPTX): the monthly pack, or one chart.

Titles, sentences and tables are text; a chart is a picture with its alternative text. Each slide
has the notices of the pack, as slides are copied singly. Its long tables are left to the document.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from itertools import accumulate
from textwrap import wrap

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
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
_TOP, _GAP = Inches(0.35), Inches(0.1)
_FLAGS = "What the flags mean"
_KEY = Inches(3.1)  # the width of the key of the flags, beside the chart
_OPENING, _TEXT, _BARE = 0, 1, 5  # layouts of the empty deck: title, title with text, title alone
_INK, _BLUE, _GREY = RGBColor(0x21, 0x2B, 0x32), RGBColor(0, 0x30, 0x87), RGBColor(0x4C, 0x62, 0x72)
_LETTER, _LINE = 0.6, 1.2  # a letter of a wide font and a line, in sizes of the text
_INSET = 7.2  # points between a box and its text


@dataclass(frozen=True)
class _Look:
    """How big text is, in points for the pixels of a screen, and its colour."""

    size: float
    colour: RGBColor = _INK
    bold: bool = False


_TITLE = _Look(SIZES["heading"], _BLUE, bold=True)
_LARGEST = _Look(SIZES["heading"])
_LARGE, _PLAIN, _SMALL = _Look(SIZES["answer"]), _Look(SIZES["text"]), _Look(SIZES["small"])
_MARK = _Look(SIZES["mark"])


def of_report(report: Report) -> bytes:
    """A report as slides: its title, then one or more for each section."""
    deck = _deck(report.title, report.made)
    opening = deck.slides.add_slide(deck.slide_layouts[_OPENING])
    name = _Look(SIZES["title"], _BLUE, bold=True)
    high = _high((report.title,), name)
    _place(opening.shapes.title, Inches(1.2), high)
    _write(opening.shapes.title.text_frame, (report.title,), name)
    said = (*report.notices, *report.lead)
    under = opening.placeholders[1]
    _place(under, Inches(1.5) + high, _high(said, _PLAIN))
    _write(under.text_frame, said, _PLAIN)
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
        slide, top, room = _slide(deck, _BARE, section.heading, foot)
        if words:
            _boxed(slide, (_LEFT, top, _INSIDE), words, _SMALL)
            used = Emu(_high(words, _SMALL) + _GAP)
            top, room = Emu(top + used), room - used
        key = (_FLAGS, *section.flags)
        beside = next((each for each in (_SMALL, _MARK) if _high(key, each, _KEY) < room), None)
        if section.flags and beside:
            _boxed(slide, (_LEFT + _INSIDE - _KEY, top, _KEY), key, beside)
        wide = _INSIDE - _KEY if section.flags else _INSIDE
        _draw(slide, top, section.picture, wide, max(room, Inches(1)))
        _speak(slide, section.under)
        if section.flags and not beside:
            _list(deck, section, (_FLAGS, *section.flags), foot)
    elif words or section.points:
        _list(deck, section, (*words, *section.points), foot)
    while tabled and tabled.rows:
        slide, top, room = _slide(deck, _BARE, section.heading, foot)
        first, tabled = _cut(tabled, room)
        _with_table(slide, top, first)


def _list(deck: Deck, section: Section, texts: Sequence[str], foot: str) -> None:
    """Sentences alone, as large as they fit, on as many slides as they need."""
    while texts:
        slide, top, room = _slide(deck, _TEXT, section.heading, foot)
        looks = (_LARGEST, _LARGE, _PLAIN)
        look = next((each for each in looks if _high(texts, each) <= room), _SMALL)
        fit = sum(_high(texts[:number], look) <= room for number in range(1, len(texts) + 1))
        body = slide.placeholders[1]
        _place(body, top, room)
        _write(body.text_frame, texts[: max(fit, 1)], look)
        _speak(slide, section.under)
        texts = texts[max(fit, 1) :]


def _cut(table: Table, room: int) -> tuple[Table, Table]:
    """As many rows of a table as there is room for, and the rest."""
    wide = _INSIDE // len(table.columns)
    headings = [column.heading for column in table.columns]
    high = [max(_high((text,), _MARK, wide) for text in row) for row in (headings, *table.texts())]
    fit = sum(total <= room for total in accumulate(high)) - 1
    cut = max(fit, 1)
    fits, rest = table.rows[:cut], table.rows[cut:]
    return replace(table, rows=fits), replace(table, rows=rest)


def _slide(deck: Deck, layout: int, heading: str, foot: str) -> tuple[Slide, Emu, int]:
    """A slide with its title and foot, however long; where the room between begins; its height."""
    slide = deck.slides.add_slide(deck.slide_layouts[layout])
    high = _high((heading,), _TITLE)
    _place(slide.shapes.title, _TOP, high)
    _write(slide.shapes.title.text_frame, (heading,), _TITLE)
    top = Emu(_TOP + high + _GAP)
    if not foot:
        return slide, top, _HEIGHT - _GAP - top
    end = _HEIGHT - _GAP - _high((foot,), _MARK)
    _boxed(slide, (_LEFT, end, _INSIDE), (foot,), replace(_MARK, colour=_GREY))
    return slide, top, end - top


def _draw(slide: Slide, top: Emu, drawn: Picture, wide: int, high: int) -> None:
    shown = slide.shapes.add_picture(BytesIO(png_of(drawn.svg)), _LEFT, top, width=wide)
    if shown.height > high:
        shown.width, shown.height = Emu(shown.width * high // shown.height), Emu(high)
    shown.name = "Chart"
    shown._element.nvPicPr.cNvPr.set(
        "descr", office.plain(drawn.alt)
    )  # python-pptx has no name for it


def _with_table(slide: Slide, top: Emu, table: Table) -> None:
    rows = [[column.heading for column in table.columns], *table.texts()]
    frame = slide.shapes.add_table(
        len(rows), len(table.columns), _LEFT, top, _INSIDE, Inches(0.3 * len(rows))
    )
    frame.name = "Table"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", office.plain(table.caption))
    for line, cells in enumerate(rows):
        for place, words in enumerate(cells):
            white = replace(_MARK, colour=RGBColor(0xFF, 0xFF, 0xFF), bold=True)
            frame_of = frame.table.cell(line, place).text_frame
            _write(frame_of, (words,), white if line == 0 else _MARK)


def _boxed(slide: Slide, at: tuple[int, int, int], texts: Sequence[str], look: _Look) -> None:
    """Texts in a box of their own; `at` is its left, its top and its width."""
    left, top, wide = at
    box = slide.shapes.add_textbox(left, top, wide, _high(texts, look, wide))
    _write(box.text_frame, texts, look)


def _high(texts: Sequence[str], look: _Look, wide: int = _INSIDE) -> Emu:
    """How high some texts are in a box, with room to spare where another font takes our place."""
    letters = max(int((Emu(wide).pt - 2 * _INSET) / (look.size * _LETTER)), 1)
    lines = sum(len(wrap(text, letters)) or 1 for text in texts)
    return Pt(lines * look.size * _LINE + len(texts) * look.size / 3 + _INSET)


def _speak(slide: Slide, notes: Sequence[str]) -> None:
    """Caveats go into the notes of the speaker."""
    if any(notes):
        slide.notes_slide.notes_text_frame.text = office.plain("\n".join(filter(None, notes)))


def _write(frame: TextFrame, texts: Sequence[str], look: _Look) -> None:
    """One paragraph for each text, in British English."""
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
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
