"""PDFs to print, which a screen reader reads in order: headings, sentences, charts and tables.

Every PDF of the product is laid out by a template in `paper/` and claims PDF/UA-1. The compiler
refuses a file without a title or with a picture that has no alternative text.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst

from dashboard.charts.table import Table
from dashboard.exports.html_document import Picture, Report, Section
from pipelines import typography
from schemas.london_time import as_utc

_PAPER = Path(str(files("dashboard.exports") / "paper"))

# What the font has a shape for: Latin, Greek and Cyrillic letters, and the usual signs.
_SHOWN = (
    "\n -~\u00a0-\u0377\u0391-\u03a1\u03a3-\u052f\u1e00-\u1eff\u2000-\u2064\u20a0-\u20be"
    "\u2100-\u214f\u2190-\u2195\u2211\u2212\u221e\u2248\u2260\u2264\u2265\u25a0\u25a1\u25b2\u25bc\u25cf"
)
_NOT_SHOWN = re.compile(f"[^{_SHOWN}]")
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def report_pdf(report: Report) -> bytes:
    """A report as A4 pages: the front page, its sections, then every table."""
    about = {
        "notices": report.notices,
        "lead": report.lead,
        "front": [_section(section) for section in report.front],
        "sections": [_section(section) for section in report.sections],
    }
    return document("report", report.title, report.made, about)


def chart_pdf(title: str, made: datetime, notes: list[str], picture: Picture) -> bytes:
    """One chart on a page of its own; `made` is when its figures were built."""
    return document("chart", title, made, {"notes": notes, "picture": asdict(picture)})


def document(template: str, title: str, made: datetime, about: Mapping[str, object]) -> bytes:
    """A PDF from one of the templates; the same figures give the same file, byte for byte.

    `about` holds texts, lists and mappings only: nothing in it is read as markup. A character that
    the font lacks is shown as “\N{REPLACEMENT CHARACTER}”.
    """
    data = _showable({"title": title, "sizes": typography.POINTS, **about})
    return typst.compile(
        _PAPER / f"{template}.typ",
        root=_PAPER,
        format="pdf",
        pdf_standards="ua-1",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=as_utc(made).replace(microsecond=0),
    )


@cache
def _fonts() -> typst.Fonts:
    """Our typeface alone, so that a file looks the same wherever it is made."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(typography.FOLDER)],
    )


def _showable(value: object) -> object:
    """The same data with texts that the font can show."""
    if isinstance(value, str):
        return _NOT_SHOWN.sub(lambda c: " " if c[0].isspace() else _UNKNOWN, value)
    if isinstance(value, Mapping):
        return {key: _showable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_showable(inner) for inner in value]
    return value


def _section(section: Section) -> dict[str, object]:
    table = _table(section.table) if section.table else None
    return {**asdict(section), "table": table, "notes": section.under}


def _table(table: Table) -> dict[str, object]:
    columns = [
        {"heading": c.heading, "number": c.number, "fills": not (c.number or c.row_header)}
        for c in table.columns
    ]
    return {"caption": table.caption, "columns": columns, "rows": table.texts()}
