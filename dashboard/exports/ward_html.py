"""Ward sheets as one HTML file, each on its own page when printed."""

from collections.abc import Sequence
from html import escape

from dashboard.exports import document
from dashboard.exports.ward_sheet import CHARTER, FOOT, NEXT, REPORTED, Felt, Sheet

_STYLE = """
.fs-sheet { padding-bottom: 24px; }
.fs-sheet h2 { margin-top: 20px; }
.fs-sheet .fs-say { font-size: 20px; line-height: 1.35; }
.fs-pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(260px, 1fr)); gap: 24px; }
.fs-lines { border-bottom: 1px solid #4c6272; height: 2.2em; }
"""


def sheets_html(title: str, pages: Sequence[Sheet]) -> str:
    """Any number of ward sheets in one file that fetches nothing."""
    body = "".join(_page(sheet) for sheet in pages)
    return document.html(title, body, _STYLE)


def _page(sheet: Sheet) -> str:
    notice = f'<p class="fs-notice">{escape(sheet.notice)}</p>' if sheet.notice else ""
    return (
        f'<article class="fs-sheet"><h1>{escape(sheet.ward)}</h1><p>{escape(sheet.about)}</p>'
        f'{notice}<div class="fs-pair">{"".join(_felt(felt) for felt in sheet.felt)}</div>'
        f"<h2>{REPORTED}</h2><p>{escape(sheet.incidents)}</p>"
        f"<h2>{CHARTER}</h2><p>{escape(sheet.charter)}</p>"
        f"<h2>{NEXT}</h2>"
        '<div class="fs-lines"></div><div class="fs-lines"></div><div class="fs-lines"></div>'
        f'<p class="fs-small">{escape(FOOT)}</p></article>'
    )


def _felt(felt: Felt) -> str:
    chart = felt.chart.svg if felt.chart else ""
    return (
        f'<section><h2>{felt.heading}</h2><p class="fs-say">{escape(felt.said)}</p>{chart}'
        f"<p>{escape(felt.change)}</p></section>"
    )
