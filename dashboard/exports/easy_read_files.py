"""Easy-read sheets as files: for one ward or every ward of a trust, exact or for sharing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from html import escape
from importlib.resources import files

import polars as pl

from dashboard.exports import easy_read, html_document
from dashboard.exports.easy_read import Block, EasyRead
from dashboard.exports.easy_read_drawings import Mark
from dashboard.exports.masked import Ask
from dashboard.exports.order import Order
from dashboard.exports.pdf import document
from dashboard.exports.ward_sheet import notice
from dashboard.exports.ward_sheet_files import figures_of, ordered_wards, title_of
from dashboard.queries.organisations import measures
from dashboard.words import caveats

_SIZES = {"easy-read": 16, "large-print": 22}  # points
_SYMBOLS = files("dashboard.exports") / "paper" / "symbols"
_STYLE = """
.fs-easy { max-width: 36em; }
.fs-easy p { margin: 0 0 0.5em; }
.fs-subject { display: grid; grid-template-columns: 3.4em 1fr; gap: 1em; margin: 1.6em 0; }
.fs-subject h2 { margin: 0 0 0.5em; font-size: 1.25em; }
.fs-subject > svg { width: 100%; height: auto; }
.fs-subject .fs-people { max-width: 19em; width: 100%; height: auto; }
.fs-mark { display: flex; gap: 0.6em; align-items: center; }
.fs-mark svg { flex: none; width: 1.1em; height: 1.1em; }
.fs-lines { border-bottom: 1px solid #4c6272; height: 1.9em; }
@media print { .fs-subject { break-inside: avoid; } .fs-sheet { break-after: page; } }
"""


def content(
    ask: Ask, facts: Mapping[str, object], order: Order, table: pl.DataFrame | None
) -> bytes:
    """One file with a sheet for each ward; `table` is the masked table if it is for sharing."""
    last, found = facts["data_to"], ordered_wards(ask, facts, order)
    known = {row["measure"]: row for row in ask(measures).iter_rows(named=True)}
    if table is None:
        of = figures_of(ask, tuple(found["ward_id"]), last)
        blocks = {ward: easy_read.exact(known, of(ward), last) for ward in found["ward_id"]}
    else:
        wards = table.filter(pl.col("level") == "ward")
        blocks = {
            ward: easy_read.shared(known, wards.filter(pl.col("unit_id") == ward), last)
            for ward in found["ward_id"]
        }
    first = notice(bool(facts["fictional"]), caveats.known_on(facts))
    pages = [
        EasyRead(row["ward_name"], row["trust_name"], first, blocks[row["ward_id"]])
        for row in found.iter_rows(named=True)
    ]
    title, size = title_of(found, order, last), _SIZES[order.what]
    if order.kind == "pdf":
        about = {"size": size, "pages": [asdict(page) for page in pages]}
        return document("easy_read", title, facts["built_at"], about)
    return _html(title, pages, size).encode()


def _html(title: str, pages: Sequence[EasyRead], size: int) -> str:
    body = "".join(_html_sheet(page) for page in pages)
    text = f"body {{ font-size: {size}pt; }} @media print {{ body {{ font-size: {size}pt; }} }}"
    return html_document.html(title, body, _STYLE + text)


def _html_sheet(page: EasyRead) -> str:
    first = f'<p class="fs-notice">{escape(page.notice)}</p>' if page.notice else ""
    return (
        f'<article class="fs-sheet fs-easy"><h1>{escape(page.ward)}</h1>'
        f"<p>{escape(page.trust)}</p>{first}{''.join(map(_html_block, page.blocks))}</article>"
    )


def _html_block(block: Block) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in block.lines)
    drawn = "".join(picture.svg for picture in (block.figures, block.chart) if picture)
    room = '<div class="fs-lines"></div>' * 3
    questions = "".join(f"<p>{escape(asked)}</p>{room}" for asked in block.questions)
    return (
        f'<section class="fs-subject">{_symbol(block.symbol)}<div><h2>{escape(block.heading)}</h2>'
        f"{lines}{drawn}{''.join(map(_html_mark, block.marks))}{questions}</div></section>"
    )


def _html_mark(mark: Mark) -> str:
    return f'<p class="fs-mark">{mark.svg}<span>{escape(mark.words)}</span></p>'


@cache
def _symbol(name: str) -> str:
    """A symbol as markup; it repeats what its heading says, so screen readers pass over it."""
    drawn = (_SYMBOLS / f"{name}.svg").read_text(encoding="utf-8")
    return drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
