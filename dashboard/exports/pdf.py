"""PDFs to print. A report for a board paper has words and pictures; its tables are in the HTML."""

from datetime import datetime

from fpdf import FPDF
from vl_convert import svg_to_png

from dashboard.exports.html_document import Picture, Report, Section
from schemas.london_time import in_london

# The fonts that every PDF reader has lack curly quotes and dashes.
_PLAIN = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "\u00a0": " "})


def report_pdf(report: Report) -> bytes:
    """A report as A4 pages, with headings in the outline and alternative text for each picture."""
    paper = Paper(report.title, report.made, foot=" ".join([f"{report.title}.", *report.notices]))
    paper.add_page()
    paper.words(report.title, 20, bold=True)
    for notice in report.notices:
        paper.words(notice, 11, bold=True)
    for sentence in report.lead:
        paper.words(sentence, 10)
    for section in report.sections:
        _section(paper, section)
    return bytes(paper.output())


class Paper(FPDF):
    """A4 pages of text; a foot, if there is one, is at the bottom of each page with its number.

    The date is when the figures were built: the same figures give the same file, byte for byte.
    """

    MARGIN = 18

    def __init__(self, title: str, made: datetime, foot: str = "") -> None:
        super().__init__(format="A4")
        self.set_creation_date(in_london(made))
        self.set_lang("en-GB")
        self.set_title(self.plain(title))
        self.foot = self.plain(foot)
        self.set_margins(self.MARGIN, self.MARGIN)
        self.set_auto_page_break(True, margin=20 if foot else 10)

    def footer(self) -> None:
        if self.foot:
            self.set_y(-16)
            self.set_font("helvetica", size=7)
            self.multi_cell(0, 3.5, f"Page {self.page_no()}. {self.foot}", align="L")

    def words(self, text: str, size: float, *, bold: bool = False, width: float = 0) -> None:
        """A paragraph `size` points high, as wide as the page or `width` millimetres."""
        self.set_font("helvetica", style="B" if bold else "", size=size)
        plain = self.plain(text)
        self.multi_cell(width, size * 0.5, plain, new_x="LMARGIN", new_y="NEXT", align="L")
        self.ln(2)

    def drawing(self, picture: Picture, width: float) -> None:
        """A picture `width` millimetres wide, with its alternative text."""
        png = svg_to_png(picture.svg, scale=2)
        self.image(png, w=width, alt_text=self.plain(picture.alt))
        self.ln(2)

    @staticmethod
    def plain(text: str) -> str:
        """Text in characters that the fonts of every PDF reader have."""
        return text.translate(_PLAIN).encode("latin-1", "replace").decode("latin-1")


def _section(paper: Paper, section: Section) -> None:
    needed = 46 + (_height(paper, section.picture) if section.picture else 0)
    if paper.will_page_break(needed):
        paper.add_page()
    paper.ln(4)
    paper.start_section(paper.plain(section.heading))
    paper.words(section.heading, 14, bold=True)
    for sentence in section.sentences:
        paper.words(sentence, 10)
    if section.picture:
        paper.drawing(section.picture, paper.epw)
    for note in filter(None, section.notes):
        paper.words(note, 8)


def _height(paper: Paper, picture: Picture) -> float:
    """The height of a picture in millimetres when it is as wide as the page."""
    width, height = (
        float(picture.svg.split(f' {side}="', 1)[1].split('"', 1)[0])
        for side in ("width", "height")
    )
    return paper.epw * height / width
