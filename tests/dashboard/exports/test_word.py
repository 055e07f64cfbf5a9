"""The pack in Word can be edited, read by a screen reader and opened elsewhere."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as Paper
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.exports import word
from dashboard.exports.html_document import Picture, Report, Section
from tests.dashboard.exports.a_report import DRAWING, MADE, REPORT
from tests.dashboard.exports.libreoffice import saved_again


def opened(made: bytes) -> Paper:
    return Document(BytesIO(made))


def headings(paper: Paper) -> list[tuple[str, str]]:
    named = [(str(p.style.name), p.text) for p in paper.paragraphs]
    return [(name, text) for name, text in named if name.startswith(("Title", "Heading"))]


def pictures(paper: Paper) -> list[str]:
    return [shape._inline.docPr.get("descr") for shape in paper.inline_shapes]


def test_every_part_of_the_report_is_there_under_its_heading() -> None:
    paper = opened(word.of_report(REPORT))
    assert headings(paper) == [
        ("Title", REPORT.title),
        ("Heading 1", "What to ask next"),
        ("Heading 1", "Who changed"),
        ("Heading 1", "Patients feel safe"),
        ("Heading 1", "Tables"),
        ("Heading 2", "Who"),
    ]
    said = [p.text for p in paper.paragraphs]
    for text in ("Fictional.", "Built on Tuesday.", "Who asked?", "They said so."):
        assert text in said
    assert "Do not share." in paper.sections[0].header.paragraphs[0].text, "on every page"
    first, last = paper.tables
    assert [c.text for c in last.rows[15].cells] == ["Ward 14", "Concern, lower than usual"]
    assert len(first.rows) == len(last.rows) == 16


def test_a_screen_reader_gets_the_chart_the_heading_row_and_the_language() -> None:
    paper = opened(word.of_report(REPORT))
    assert pictures(paper) == ["A chart of 12 months."]
    for table in paper.tables:
        assert table._tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Who"
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    languages = {each.get(qn("w:val")) for each in paper.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}


def test_the_same_figures_give_the_same_file_and_its_dates_are_theirs() -> None:
    made = word.of_report(REPORT)
    assert word.of_report(REPORT) == made
    with ZipFile(BytesIO(made)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in parts.namelist() if "thumbnail" in name or "custom" in name]
    about = opened(made).core_properties
    assert about.created.replace(tzinfo=None) == datetime.fromisoformat("2026-04-15T09:30:00")
    assert (about.title, about.author, about.comments) == (REPORT.title, "", "")


@given(st.text(min_size=1, max_size=30))
@settings(max_examples=20, deadline=None)
def test_any_text_can_be_put_in_a_document(words: str) -> None:
    about = Section(words, (words,), Picture(DRAWING, words), notes=(words,), points=(words,))
    made = word.of_report(Report(f"A {words}", MADE, (words,), (words,), (about,)))
    assert len(pictures(opened(made))) == 1


@pytest.mark.libreoffice
def test_the_document_opens_in_libreoffice(tmp_path: Path) -> None:
    saved = saved_again(word.of_report(REPORT), "docx", tmp_path)
    again = opened(saved)
    assert pictures(again) == ["A chart of 12 months."]
    assert [text for _, text in headings(again)] == [
        text for _, text in headings(opened(word.of_report(REPORT)))
    ]
    assert again.tables[1].rows[15].cells[0].text == "Ward 14"
