"""A self-contained document: one HTML file with its styles and pictures inside."""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from dashboard.charts import theme
from dashboard.charts.table import Table
from pipelines import typography

_STYLE = """
body { font: var(--fs-text)/1.5 var(--fs-font); color: #212b32; background: #fff;
  margin: 0 auto; padding: 24px; max-width: 960px; }
h1 { font-size: var(--fs-title); line-height: 1.2; margin: 0 0 8px; }
h2 { font-size: var(--fs-heading); line-height: 1.3; margin: 32px 0 8px; }
p { margin: 0 0 12px; max-width: 44em; }
.fs-table { font-size: var(--fs-small); }
.fs-table th, .fs-table td { padding: 4px 12px 4px 0; }
.fs-table td:last-child:not(.fs-number) { min-width: 9em; }
figure { margin: 0 0 16px; }
figure svg { max-width: 100%; height: auto; }
.fs-notice { border: 2px solid #212b32; padding: 8px 12px; font-weight: bold; }
.fs-small { font-size: var(--fs-small); color: #4c6272; }
@media print {
  body { padding: 0; max-width: none; font-size: var(--fs-small); }
  @page { size: A4; margin: 14mm; }
  section { break-inside: avoid; }
  .fs-scroll { overflow: visible; }
  .fs-table { font-size: var(--fs-mark); }
  .fs-table thead { display: table-header-group; }
  .fs-sheet { break-after: page; }
  .fs-sheet:last-child { break-after: auto; }
}
"""


@dataclass(frozen=True)
class Picture:
    """A picture as SVG, and what it shows in words."""

    svg: str
    alt: str


@dataclass(frozen=True)
class Section:
    """A part of a report: its heading, its sentences, points of a list, a picture, a table, notes.

    On paper, tables come after all sections, unless one belongs where it is (`in_place`). `flags`
    is what each numbered flag in its picture means.
    """

    heading: str
    sentences: tuple[str, ...] = ()
    picture: Picture | None = None
    table: Table | None = None
    notes: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    in_place: bool = False
    flags: tuple[str, ...] = ()

    @property
    def under(self) -> tuple[str, ...]:
        """What is said at its end: the flags of its picture, then its notes."""
        flags = f"Flags: {'; '.join(self.flags)}." if self.flags else ""
        return tuple(filter(None, (flags, *self.notes)))


@dataclass(frozen=True)
class Report:
    """Notices first, then the front page and the sections; `made` is when its figures were built.

    The sections of the front page are those that a reader without time must see.
    """

    title: str
    made: datetime
    lead: tuple[str, ...]
    notices: tuple[str, ...]
    sections: tuple[Section, ...]
    front: tuple[Section, ...] = ()


def html(title: str, body: str, style: str = "") -> str:
    """A whole HTML file around `body`, which is markup."""
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{typography.font_face()}{theme.css()}{_STYLE}{style}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )


def report_html(report: Report) -> str:
    """A report as one HTML file, with a table under every picture."""
    body = [f"<h1>{escape(report.title)}</h1>"]
    body += [f'<p class="fs-notice">{escape(notice)}</p>' for notice in report.notices]
    body += [f"<p>{escape(sentence)}</p>" for sentence in report.lead]
    body += [_section(section) for section in (*report.front, *report.sections)]
    return html(report.title, "".join(body))


def _section(section: Section) -> str:
    sentences = "".join(f"<p>{escape(sentence)}</p>" for sentence in section.sentences)
    picture = f"<figure>{section.picture.svg}</figure>" if section.picture else ""
    notes = "".join(f'<p class="fs-small">{escape(note)}</p>' for note in section.under)
    table = section.table.html() if section.table else ""
    points = "".join(f"<li>{escape(point)}</li>" for point in section.points)
    points = f"<ul>{points}</ul>" if points else ""
    said = f"<h2>{escape(section.heading)}</h2>{sentences}{points}{picture}"
    return f"<section>{said}</section>{table}{notes}"
