"""Ward sheets as files: for one ward or for every ward of a trust, as HTML or PDF."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from html import escape

import polars as pl

from dashboard.exports import html_document
from dashboard.exports.masked import Ask
from dashboard.exports.order import CannotMake, Order
from dashboard.exports.pdf import document
from dashboard.exports.running_sums import running_sums
from dashboard.exports.ward_sheet import (
    CHARTER,
    FELT,
    FOOT,
    INCIDENTS,
    NEXT,
    REPORTED,
    Felt,
    Sheet,
    WardFigures,
    notice,
    sheet,
)
from dashboard.queries.charters import charters_now
from dashboard.queries.organisations import measures, wards
from dashboard.queries.series import series, signals
from dashboard.queries.windows import twelve_months
from dashboard.words import caveats
from dashboard.words.running_sum import of_a_ward
from schemas import wording
from schemas.measures import Measure
from schemas.periods import Month
from schemas.programme import Programme

_STYLE = """
.fs-sheet { padding-bottom: 24px; }
.fs-sheet h2 { margin-top: 24px; }
.fs-sheet .fs-say { font-size: var(--fs-answer); line-height: 1.35; }
.fs-pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(260px, 1fr)); gap: 24px; }
.fs-lines { border-bottom: 1px solid #4c6272; height: 2.2em; }
"""


def _sheets_html(title: str, pages: Sequence[Sheet]) -> str:
    """Any number of ward sheets in one self-contained file."""
    body = "".join(_html_page(sheet) for sheet in pages)
    return html_document.html(title, body, _STYLE)


def _html_page(sheet: Sheet) -> str:
    notice = f'<p class="fs-notice">{escape(sheet.notice)}</p>' if sheet.notice else ""
    return (
        f'<article class="fs-sheet"><h1>{escape(sheet.ward)}</h1><p>{escape(sheet.about)}</p>'
        f'{notice}<div class="fs-pair">{"".join(_html_felt(felt) for felt in sheet.felt)}</div>'
        f"<h2>{REPORTED}</h2><p>{escape(sheet.incidents)}</p>"
        f"<h2>{CHARTER}</h2><p>{escape(sheet.charter)}</p>"
        f"<h2>{NEXT}</h2>"
        '<div class="fs-lines"></div><div class="fs-lines"></div><div class="fs-lines"></div>'
        f'<p class="fs-small">{escape(FOOT)}</p></article>'
    )


def _html_felt(felt: Felt) -> str:
    chart = felt.chart.svg if felt.chart else ""
    return (
        f'<section><h2>{felt.heading}</h2><p class="fs-say">{escape(felt.answer)}</p>{chart}'
        f"<p>{escape(felt.change)}</p></section>"
    )


def _sheets_pdf(title: str, pages: Sequence[Sheet], made: datetime) -> bytes:
    """Any number of ward sheets, an A4 page each; `made` is when their figures were built."""
    fixed = {"reported": REPORTED, "charter": CHARTER, "next": NEXT, "foot": FOOT}
    return document("sheet", title, made, {**fixed, "pages": [asdict(page) for page in pages]})


def content(
    ask: Ask,
    facts: Mapping[str, object],
    counted: Sequence[Measure],
    programme: Programme,
    order: Order,
) -> bytes:
    """One file with a page for each ward that is open in the latest month."""
    last, found = facts["data_to"], ordered_wards(ask, facts, order)
    known = {row["measure"]: row for row in ask(measures).iter_rows(named=True)}
    units = tuple(found["ward_id"])
    incidents = [measure for measure in counted if measure.id == INCIDENTS]
    sums, _ = running_sums(ask, "ward", units, incidents, programme)
    figures = figures_of(ask, units, last, sums)
    warning = notice(bool(facts["fictional"]), caveats.known_on(facts))
    pages = [
        sheet(row["ward_name"], row["trust_name"], last, known, figures(row["ward_id"]), warning)
        for row in found.iter_rows(named=True)
    ]
    title = title_of(found, order, last)
    if order.kind == "pdf":
        return _sheets_pdf(title, pages, facts["built_at"])
    return _sheets_html(title, pages).encode()


def ordered_wards(ask: Ask, facts: Mapping[str, object], order: Order) -> pl.DataFrame:
    """The ward that was ordered, or a trust's wards that are open in the latest month."""
    last = facts["data_to"]
    found = ask(wards, trust=order.trust)
    if order.ward:
        found = found.filter(pl.col("ward_id") == order.ward)
    else:
        found = found.filter(pl.col("open_to").is_null() | (pl.col("open_to") >= pl.lit(last)))
    if last is None or found.is_empty():
        raise CannotMake("There is no ward with figures here yet: choose another ward or trust.")
    return found


def figures_of(
    ask: Ask, units: tuple[str, ...], last: date, sums: pl.DataFrame | None = None
) -> Callable[[str], WardFigures]:
    """The exact figures of each of these wards, by its id; `sums` are the running sums of some."""
    since = (Month.of(last) + -11).first_day
    points = pl.concat([ask(series, level="ward", units=units, measure=m) for m in FELT])
    now = ask(signals, level="ward", units=units, measures=tuple(FELT))
    year = _by_unit(ask(twelve_months, level="ward", measures=(INCIDENTS,), last=last))
    charters = {row["ward_id"]: row for row in ask(charters_now, wards=units).iter_rows(named=True)}

    def figures(ward: str) -> WardFigures:
        mine = pl.col("unit_id") == ward
        usual = "" if sums is None else of_a_ward(sums.filter(mine), since)
        return WardFigures(
            points.filter(mine), now.filter(mine), year.get(ward), charters.get(ward), usual
        )

    return figures


def title_of(found: pl.DataFrame, order: Order, last: date) -> str:
    """The title of a file of sheets: whose they are, and up to which month."""
    whose = found["ward_name"][0] if order.ward else found["trust_name"][0]
    return f"{whose}: figures for our community meeting, {wording.month_of(last)}"


def _by_unit(frame: pl.DataFrame) -> dict[str, dict[str, object]]:
    return {row["unit_id"]: row for row in frame.iter_rows(named=True)}
