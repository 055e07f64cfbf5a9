"""A report as a PDF for a board paper: words and pictures; the tables are in the HTML."""

from fpdf import FPDF
from vl_convert import svg_to_png

from dashboard.exports.document import Picture, Report, Section

# The fonts that every PDF reader has know no curly quotes or dashes.
_PLAIN = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "\u00a0": " "})


def report_pdf(report: Report) -> bytes:
    """A report as A4 pages with a title, headings in its outline, and text for every picture."""
    paper = _Paper(format="A4")
    paper.set_lang("en-GB")
    paper.set_title(_plain(report.title))
    paper.foot = _plain(" ".join([f"{report.title}.", *report.notices]))
    paper.set_margins(18, 18)
    paper.set_auto_page_break(True, margin=20)
    paper.add_page()
    paper.words(report.title, 20, bold=True)
    for notice in report.notices:
        paper.words(notice, 11, bold=True)
    for sentence in report.lead:
        paper.words(sentence, 10)
    for section in report.sections:
        _section(paper, section)
    return bytes(paper.output())


class _Paper(FPDF):
    """A page with the standing notices at its foot."""

    foot = ""

    def footer(self) -> None:
        self.set_y(-16)
        self.set_font("helvetica", size=7)
        self.multi_cell(0, 3.5, f"Page {self.page_no()}. {self.foot}", align="L")

    def words(self, text: str, size: float, *, bold: bool = False) -> None:
        self.set_font("helvetica", style="B" if bold else "", size=size)
        self.multi_cell(0, size * 0.5, _plain(text), new_x="LMARGIN", new_y="NEXT", align="L")
        self.ln(2)


def _section(paper: _Paper, section: Section) -> None:
    room = 46 + (_height(paper, section.picture) if section.picture else 0)
    if paper.will_page_break(room):
        paper.add_page()
    paper.ln(4)
    paper.start_section(_plain(section.heading))
    paper.words(section.heading, 14, bold=True)
    for sentence in section.sentences:
        paper.words(sentence, 10)
    if section.picture:
        png = svg_to_png(section.picture.svg, scale=2)
        paper.image(png, w=paper.epw, alt_text=_plain(section.picture.alt))
        paper.ln(2)
    for note in filter(None, section.notes):
        paper.words(note, 8)


def _height(paper: _Paper, picture: Picture) -> float:
    """How high a picture is in millimetres when it is as wide as the page."""
    width, height = (
        float(picture.svg.split(f' {side}="', 1)[1].split('"', 1)[0])
        for side in ("width", "height")
    )
    return paper.epw * height / width


def _plain(text: str) -> str:
    return text.translate(_PLAIN).encode("latin-1", "replace").decode("latin-1")
