"""From an order to its file: the only way that figures are exported, on screen or by command."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import polars as pl

from dashboard.exports import (
    change_tests,
    charters,
    easy_read_files,
    figures,
    forums,
    foundations,
    html_document,
    masked,
    monthly_pack,
    pairs,
    pdf,
    process_chart,
    tidy,
    ward_sheet_files,
    word,
)
from dashboard.exports.html_document import Report
from dashboard.exports.masked import Ask
from dashboard.exports.order import MIME, CannotMake, File, Order, name_of
from schemas.disclosure import Audience
from schemas.measures import Measure
from schemas.programme import Programme

_ONLY_TODAY = (
    "Files for sharing are made from today’s figures only, because comparing one day with another "
    "could reveal hidden numbers. Go back to today’s figures, or choose exact figures instead."
)
_GROUPS_ONLY_TODAY = (
    "Files about a group are made from today’s figures only, as today’s register says which wards "
    "its readers may see. Go back to today’s figures."
)


@dataclass(frozen=True)
class Source:
    """Where figures come from: queries in a person's scope, the release, and its settings.

    `table` gives the whole masked table for an audience, and `pack` what the pack of an order says
    in any kind of file, so that both can be kept between orders.
    """

    ask: Ask
    facts: Mapping[str, object]
    measures: Sequence[Measure]
    programme: Programme
    table: Callable[[Audience], pl.DataFrame]
    pack: Callable[[Order], Report]


def source(
    ask: Ask, facts: Mapping[str, object], measures: Sequence[Measure], programme: Programme
) -> Source:
    """A source that masks the whole table once for each audience, and keeps the last pack."""
    policy = programme.disclosure
    table = cache(lambda audience: masked.observations(ask, measures, policy, audience))

    @lru_cache(maxsize=1)  # its kinds of file are ordered one after another
    def pack(order: Order) -> Report:
        shown = table(order.audience) if order.shared else None
        return monthly_pack.pack(ask, facts, measures, order, shown, programme)

    return Source(ask, facts, measures, programme, table, pack)


def make(source: Source, order: Order) -> File:
    """The file that was ordered; raises CannotMake with a sentence."""
    if source.facts["data_to"] is None:
        raise CannotMake("There are no figures yet: no return has been received.")
    known_on = source.facts["as_at"]
    if known_on and order.shared:
        raise CannotMake(_ONLY_TODAY)
    if order.shared and order.group:
        raise CannotMake("Nothing about a group is made for sharing: choose exact figures.")
    if known_on and order.group:
        raise CannotMake(_GROUPS_ONLY_TODAY)
    content = _MAKERS[order.what](source, order)
    upto = f"{source.facts['data_to']:%Y-%m}"
    upto += f"_as-known-{known_on}" if known_on else ""
    return File(name_of(order, upto), MIME[order.kind], content)


def _figures(source: Source, order: Order) -> bytes:
    table = source.table(order.audience)
    contact = source.programme.contact
    return figures.content(source.ask, source.facts, source.measures, table, order, contact)


def _tidy(source: Source, order: Order) -> bytes:
    table = source.table(order.audience)
    rows = tidy.rows(source.ask, source.facts, source.measures, table, order, source.programme)
    return tidy.parquet(rows) if order.kind == "parquet" else tidy.csv(rows)


def _tests_of_change(source: Source, order: Order) -> bytes:
    return change_tests.content(source.ask, source.facts, order)


def _charters(source: Source, order: Order) -> bytes:
    return charters.content(source.ask, source.facts, order)


def _foundations(source: Source, order: Order) -> bytes:
    return foundations.content(source.ask, source.facts, order)


def _pairs(source: Source, order: Order) -> bytes:
    return pairs.content(source.ask, source.facts, order)


def _chart(source: Source, order: Order) -> bytes:
    measure = next((m for m in source.measures if m.id == order.measure), None)
    if measure is None:
        raise CannotMake("A chart shows one measure: choose which.")
    table = source.table(order.audience) if order.shared else pl.DataFrame()
    return process_chart.content(source.ask, source.facts, measure, table, order)


def _sheets(source: Source, order: Order) -> bytes:
    if order.shared:
        raise CannotMake(
            "This sheet contains exact figures: it is for the ward itself. The easy-read sheet can "
            "be made for sharing."
        )
    return ward_sheet_files.content(
        source.ask, source.facts, source.measures, source.programme, order
    )


def _easy_read(source: Source, order: Order) -> bytes:
    table = source.table(order.audience) if order.shared else None
    return easy_read_files.content(source.ask, source.facts, order, table)


def _forums(source: Source, order: Order) -> bytes:
    if order.shared:
        raise CannotMake("Attendance and answers are exact: there is no file of them for sharing.")
    return forums.content(source.ask, source.facts, order)


def _pack(source: Source, order: Order) -> bytes:
    report = source.pack(replace(order, kind="any"))
    if order.kind == "pdf":
        return pdf.report_pdf(report)
    if order.kind == "pptx":
        from dashboard.exports import slides  # slow to import, and few people ask for slides

        return slides.of_report(report)
    if order.kind == "docx":
        return word.of_report(report)
    return html_document.report_html(report).encode()


_MAKERS = {
    "figures": _figures,
    "tidy": _tidy,
    "tests-of-change": _tests_of_change,
    "charters": _charters,
    "ratings": _foundations,
    "confidence": _foundations,
    "pairs": _pairs,
    "chart": _chart,
    "sheet": _sheets,
    "sheets": _sheets,
    "easy-read": _easy_read,
    "large-print": _easy_read,
    "pack": _pack,
    "attendance": _forums,
    "evaluation": _forums,
}
