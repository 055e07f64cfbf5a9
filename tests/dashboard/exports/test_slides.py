"""Slides can be edited, read by a screen reader and opened elsewhere, and are always the same."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

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
        REPORT.title, "What to ask next", "Who changed", "Who changed", "Who changed",
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
