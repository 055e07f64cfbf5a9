"""The sheets of one ward, or of all wards of a trust, made of what the release holds."""

from collections.abc import Mapping

import polars as pl

from dashboard.exports.masked import Ask
from dashboard.exports.order import CannotMake, Order
from dashboard.exports.ward_html import sheets_html
from dashboard.exports.ward_paper import sheets_pdf
from dashboard.exports.ward_sheet import sheet
from dashboard.queries.charters_now import charters_now
from dashboard.queries.measures import measures
from dashboard.queries.series import series
from dashboard.queries.signals import signals
from dashboard.queries.twelve_months import twelve_months
from dashboard.queries.wards import wards
from dashboard.words import caveats, phrases

_FELT, _INCIDENTS = ("SS-O1", "SS-O2"), "SS-I1"


def content(ask: Ask, facts: Mapping[str, object], order: Order) -> bytes:
    """One file with a page for each ward that is open in the latest month."""
    last = facts["data_to"]
    found = ask(wards, trust=order.trust)
    if order.ward:
        found = found.filter(pl.col("ward_id") == order.ward)
    else:
        found = found.filter(pl.col("open_to").is_null() | (pl.col("open_to") >= pl.lit(last)))
    if last is None or found.is_empty():
        raise CannotMake("There is no ward with figures here yet: choose another ward or trust.")
    units = tuple(found["ward_id"])
    known = {row["measure"]: row for row in ask(measures).iter_rows(named=True)}
    points = pl.concat([ask(series, level="ward", units=units, measure=m) for m in _FELT])
    said = ask(signals, level="ward", units=units, measures=_FELT)
    year = _by_unit(ask(twelve_months, level="ward", measures=(_INCIDENTS,), last=last))
    charters = {row["ward_id"]: row for row in ask(charters_now, wards=units).iter_rows(named=True)}
    pages = [
        sheet(
            row["ward_name"],
            row["trust_name"],
            last,
            known,
            points.filter(pl.col("unit_id") == row["ward_id"]),
            said.filter(pl.col("unit_id") == row["ward_id"]),
            year.get(row["ward_id"]),
            charters.get(row["ward_id"]),
            bool(facts["fictional"]),
            caveats.known_on(facts),
        )
        for row in found.iter_rows(named=True)
    ]
    whose = found["ward_name"][0] if order.ward else found["trust_name"][0]
    title = f"{whose}: figures for our community meeting, {phrases.month(last)}"
    if order.kind == "pdf":
        return sheets_pdf(title, pages, facts["built_at"])
    return sheets_html(title, pages).encode()


def _by_unit(frame: pl.DataFrame) -> dict[str, dict[str, object]]:
    return {row["unit_id"]: row for row in frame.iter_rows(named=True)}
