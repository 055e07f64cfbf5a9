"""Ward sheets as one PDF, an A4 page for each ward, to pin up or hand out."""

from collections.abc import Sequence
from datetime import datetime

from dashboard.exports.paper import Paper
from dashboard.exports.ward_sheet import CHARTER, FOOT, NEXT, REPORTED, Felt, Sheet

_GAP = 8
_LINES = 4
_LINE = 11


def sheets_pdf(title: str, pages: Sequence[Sheet], made: datetime) -> bytes:
    """Any number of ward sheets as A4 pages, each in the outline, with text for every chart.

    `made` is when their figures were.
    """
    paper = Paper(title, made)
    for sheet in pages:
        paper.add_page()
        paper.start_section(paper.plain(sheet.ward))
        _page(paper, sheet)
    return bytes(paper.output())


def _page(paper: Paper, sheet: Sheet) -> None:
    paper.words(sheet.ward, 24, bold=True)
    paper.words(sheet.about, 12)
    if sheet.notice:
        paper.words(sheet.notice, 12, bold=True)
    _side_by_side(paper, sheet.felt)
    for heading, said in ((REPORTED, sheet.incidents), (CHARTER, sheet.charter)):
        paper.words(heading, 16, bold=True)
        paper.words(said, 12)
    paper.words(NEXT, 16, bold=True)
    for _ in range(_LINES):
        paper.ln(_LINE)
        paper.line(paper.l_margin, paper.get_y(), paper.w - paper.r_margin, paper.get_y())
    paper.ln(4)
    paper.words(FOOT, 10)


def _side_by_side(paper: Paper, felt: Sequence[Felt]) -> None:
    """Each question in a column of its own; what follows begins under the longest."""
    wide = (paper.epw - _GAP) / 2
    top, lowest = paper.get_y() + 2, paper.get_y()
    for number, question in enumerate(felt):
        paper.set_left_margin(paper.l_margin + number * (wide + _GAP))
        paper.set_xy(paper.l_margin, top)
        paper.words(question.heading, 16, bold=True, width=wide)
        paper.words(question.said, 15, width=wide)
        if question.chart:
            paper.drawing(question.chart, width=wide)
        paper.words(question.change, 12, width=wide)
        lowest = max(lowest, paper.get_y())
        paper.set_left_margin(paper.MARGIN)
    paper.set_xy(paper.MARGIN, lowest + 2)
