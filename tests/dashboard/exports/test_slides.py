"""Slides can be edited, read by a screen reader and opened elsewhere, and are always the same."""

import textwrap
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from dashboard.charts.table import Table
from dashboard.exports import slides
from dashboard.exports.html_document import Picture, Report, Section
from tests.dashboard.exports.a_report import DRAWING, MADE, REPORT, ROWS
from tests.dashboard.exports.libreoffice import saved_again


def read(made: bytes) -> list[list[str]]:
    """The texts of each slide, cells of tables included."""
    return [
        [
            text
            for shape in slide.shapes
            for text in (
                [cell.text for row in shape.table.rows for cell in row.cells]
                if shape.has_table
                else shape.text_frame.text.split("\n")
                if shape.has_text_frame
                else []
            )
        ]
        for slide in Presentation(BytesIO(made)).slides
    ]


def pictures(made: bytes) -> list[str | None]:
    return [
        shape._element.nvPicPr.cNvPr.get("descr")
        for slide in Presentation(BytesIO(made)).slides
        for shape in slide.shapes
        if shape.shape_type == MSO_SHAPE_TYPE.PICTURE
    ]


def test_every_sentence_is_text_and_every_slide_has_its_title_and_the_notices() -> None:
    made = slides.of_report(REPORT)
    opening, asked, changed, *tables, chart = read(made)
    assert opening == [REPORT.title, "Fictional.", "Do not share.", "Built on Tuesday."]
    foot = "Programme, March 2026. Fictional. Do not share."
    assert asked == ["What to ask next", "Who asked?", "Who answered?", foot]
    assert "One did." in changed
    assert [text for slide in tables for text in slide if text.startswith("Ward ")] == [
        row["ward"] for row in ROWS
    ]
    assert all({"Ward", "Shows"} <= set(slide) for slide in tables), "each part has the headings"
    assert "They said so." in chart
    deck = Presentation(BytesIO(made))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles == [
        REPORT.title, "What to ask next", "Who changed", "Who changed",
        "Patients feel safe",
    ]  # fmt: skip
    assert all(foot in slide for slide in read(made)[1:])
    assert deck.slides[-1].notes_slide.notes_text_frame.text == "It can’t tell why."
    assert not any(
        shape.text_frame.text == "" for slide in deck.slides for shape in slide.placeholders
    ), "an empty box would ask to be filled"


def test_a_chart_is_a_picture_with_its_words() -> None:
    assert pictures(slides.of_report(REPORT)) == ["A chart of 12 months."]
    made = slides.of_chart(
        "Patients feel safe", MADE, ["Higher is better."], REPORT.sections[1].picture
    )
    assert read(made) == [["Patients feel safe", "Higher is better."]]
    assert pictures(made) == ["A chart of 12 months."]


def test_the_same_figures_give_the_same_file_and_its_dates_are_theirs() -> None:
    made = slides.of_report(REPORT)
    assert slides.of_report(REPORT) == made
    with ZipFile(BytesIO(made)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in parts.namelist() if "thumbnail" in name or "printer" in name]
    about = Presentation(BytesIO(made)).core_properties
    assert about.created == about.modified == datetime.fromisoformat("2026-04-15T09:30:00")
    assert (about.title, about.author, about.last_modified_by) == (REPORT.title, "", "")


@given(st.text(min_size=1, max_size=30))
@settings(max_examples=20, deadline=None)
def test_any_text_can_be_put_on_a_slide(words: str) -> None:
    about = Section(words, (words,), Picture(DRAWING, words), notes=(words,), points=(words,))
    made = slides.of_report(Report(f"A {words}", MADE, (words,), (words,), (about,)))
    assert len(read(made)) == 2


@pytest.mark.libreoffice
def test_the_slides_open_in_libreoffice(tmp_path: Path) -> None:
    saved = saved_again(slides.of_report(REPORT), "pptx", tmp_path)
    assert pictures(saved) == ["A chart of 12 months."]
    words = {text for slide in read(saved) for text in slide}
    assert {REPORT.title, "Who asked?", "One did.", "Ward 14", "They said so."} <= words


LONG = "Patients who feel safe from sexual harm on the wards of a trust with a long name: " * 3
FLAGGED = Section(
    LONG,
    ("Higher than usual from March 2026 to October 2026, the latest month. " * 5, "It is better."),
    Picture(DRAWING, "A chart."),
    flags=tuple(f"{n} Learning set {n}: what safety means to us (May 2026)" for n in range(1, 6)),
)
TALL = [{"ward": "A ward with a name of several words " * 3, "says": str(n)} for n in range(30)]


@pytest.mark.parametrize("flags", [0, 5, 40])
def test_nothing_on_a_slide_lies_over_anything_else_or_beyond_it(flags: int) -> None:
    many = tuple(f"{n} {FLAGGED.flags[0]}" for n in range(flags))
    table = Table("Who", REPORT.sections[0].table.columns, TALL)
    listed = Section(LONG, (LONG,) * 4, table=table, in_place=True)
    about = Report(LONG, MADE, ("Built.",), ("Fictional.",), (replace(FLAGGED, flags=many), listed))
    made = slides.of_report(about)
    deck = Presentation(BytesIO(made))
    for slide in deck.slides:
        shapes = [(s, s.left, s.top, s.left + s.width, _bottom(s)) for s in slide.shapes]
        for one, left, top, right, bottom in shapes:
            assert right <= deck.slide_width, one.name
            assert bottom <= deck.slide_height, one.name
            for other, its_left, its_top, its_right, its_bottom in shapes:
                beside = right <= its_left or its_right <= left
                apart = beside or bottom <= its_top or its_bottom <= top
                assert one is other or apart, (one.name, other.name)
    said = [text for slide in read(made) for text in slide]
    assert all(flag in said for flag in many)
    assert [text for text in said if text in {str(n) for n in range(30)}] == list(
        map(str, range(30))
    )


def _bottom(shape) -> int:
    """Where a shape ends: of text, where its lines do in a font as wide as Verdana."""
    if shape.has_table:
        rows = [[cell.text_frame for cell in row.cells] for row in shape.table.rows]
        wide = [column.width for column in shape.table.columns]
        high = [max(_lines(*each) for each in zip(row, wide, strict=True)) for row in rows]
        return shape.top + sum(high)
    if shape.has_text_frame:
        return shape.top + _lines(shape.text_frame, shape.width)
    return shape.top + shape.height


def _lines(frame, width: int) -> int:
    """The height of a text: a letter is 0.58 of its size wide, a line 1.2 of it high."""
    high = 0.0
    for paragraph in frame.paragraphs:
        size = paragraph.runs[0].font.size.pt
        letters = int((width / 12_700 - 14.4) / (size * 0.58))
        high += len(textwrap.wrap(paragraph.text, letters)) * size * 1.2
    return round((high + 7.2) * 12_700)


def test_a_table_without_rows_has_no_slide() -> None:
    nobody = Table("Who", REPORT.sections[0].table.columns, [])
    empty = Section("Who changed", table=nobody, in_place=True)
    assert len(read(slides.of_report(Report("A pack", MADE, (), (), (empty,))))) == 1
