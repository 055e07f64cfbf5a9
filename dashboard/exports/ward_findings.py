"""What a ward must look at in a return before it is sent: a workbook, or a page to print.

It goes to somebody on the ward who has no account, so it holds nothing of any other ward.
"""

from dataclasses import dataclass
from datetime import date, datetime
from html import escape

import polars as pl

from dashboard.charts.table import Column, html
from dashboard.exports import html_document
from dashboard.exports.order import MIME, File, Order, name_of
from dashboard.exports.workbook import Sheet, xlsx
from dashboard.words import findings as words
from pipelines.workbooks.problem_report import KIND, title_of
from pipelines.workbooks.ward_part import OwnRows, WardPart
from schemas.periods import Month

KINDS = {"xlsx": "Spreadsheet (XLSX)", "html": "Page to print (HTML)"}
_FINDINGS = ("What", "Where", "Column", "In the file", "Problem", "How to fix", "What is right")
_STYLE = ".fs-table td:last-child { min-width: 8em; border-left: 1px solid #aeb7bd; }"


@dataclass(frozen=True)
class About:
    """Whose return it is, for which month, until when it is due, and when it was checked."""

    trust: str
    trust_name: str
    month: Month
    due: date
    at: datetime
    fictional: bool


def order(about: About, part: WardPart, kind: str) -> Order:
    """What such a file is, as other downloads say it: exact, and about one ward."""
    return Order("findings", "own", kind, about.trust, f"{about.trust}-{part.code}")


def file(about: About, part: WardPart, kind: str) -> File:
    """The ward's findings and its rows as a file; `kind` is one of KINDS."""
    content = _workbook(about, part) if kind == "xlsx" else _page(about, part).encode()
    return File(name_of(order(about, part, kind), str(about.month)), MIME[kind], content)


def _title(about: About, part: WardPart) -> str:
    return f"{part.name} ({part.code}): findings in the return for {about.month.label}"


def _sentences(about: About, part: WardPart) -> list[str]:
    checked = words.part_of(part, about.trust_name, about.at)
    return [*([words.FICTIONAL] if about.fictional else []), words.EXACT, checked, words.TASK]


def _lines(part: WardPart) -> list[tuple[str, ...]]:
    return [
        (
            KIND[found.severity],
            words.where(found),
            title_of(found) or "–",
            found.value or "Blank",
            found.message,
            found.fix,
            "",
        )
        for found in part.findings
    ]


def _workbook(about: About, part: WardPart) -> bytes:
    title = _title(about, part)
    found = pl.DataFrame(_lines(part), schema=dict.fromkeys(_FINDINGS, pl.String), orient="row")
    sheets = [Sheet("Findings", title, found)]
    for own in part.rows:
        columns = dict.fromkeys(own.headings, pl.String)
        texts = [[str(value) for value in row] for row in own.rows]
        frame = pl.DataFrame(texts, schema=columns, orient="row")
        sheets.append(Sheet(f"Rows of {own.sheet}", f"Sheet “{own.sheet}”, as in the file", frame))
    made = about.at.replace(tzinfo=None)
    return xlsx(title, [*_sentences(about, part), words.until(about.due, about.at)], sheets, made)


def _page(about: About, part: WardPart) -> str:
    title = _title(about, part)
    notice, *sentences = _sentences(about, part)
    columns = [
        Column(name, name, row_header=name == "Where", markup=name == "What is right")
        for name in _FINDINGS
    ]
    rows = [dict(zip(_FINDINGS, (*line[:-1], "&nbsp;"), strict=True)) for line in _lines(part)]
    body = [f"<h1>{escape(title)}</h1>", f'<p class="fs-notice">{escape(notice)}</p>']
    body += [f"<p>{escape(each)}</p>" for each in (*sentences, words.until(about.due, about.at))]
    body += ["<h2>Findings</h2>", html("What the check found", columns, rows)]
    body += ["<h2>The ward’s rows, as in the file</h2>", *map(_rows, part.rows)]
    return html_document.html(title, "".join(body), _STYLE)


def _rows(own: OwnRows) -> str:
    """Each row from top to bottom, as a sheet has more columns than paper; blank cells left out."""
    columns = (Column("column", "Column", row_header=True), Column("value", "In the file"))
    return "".join(
        html(
            f"Sheet “{own.sheet}”, row {row[1]}",
            columns,
            [
                {"column": heading, "value": str(value)}
                for heading, value in list(zip(own.headings, row, strict=True))[2:]
                if value != ""
            ],
        )
        for row in own.rows
    )
