"""What lies outside the limits of the funnels, over all measures, for the chosen wards."""

from collections.abc import Mapping
from html import escape
from math import floor
from urllib.parse import quote

import polars as pl

from dashboard.charts import funnel as chart
from dashboard.charts.figure_links import linked
from dashboard.charts.table import Column, html
from dashboard.page import filters, measures, page
from dashboard.page.session import Visit
from dashboard.panels import funnel, side_by_side
from dashboard.queries.organisations import wards
from dashboard.queries.peers import comparisons
from schemas import wording

_ROWS = 50
_BY_CHANCE = 0.002  # the most of the wards that chance alone puts outside the 99.8% limits
_COLUMNS = (
    Column("name", "Ward", row_header=True, markup=True),
    Column("measure", "Funnel of", markup=True),
    Column("group", "Peer group"),
    Column("read", "Value", markup=True),
    Column("based_on", "Based on"),
    Column("category", "Compared with similar wards"),
)


def show(visit: Visit, of: tuple[str, ...]) -> None:
    """Each comparison of some wards that lies outside its limits, in order of measure and trust."""
    page.section("Outside the expected range, over all measures", visit.keep(_counted, of=of))
    shown = filters.places(visit.keep(_outside, of=of).height, _ROWS, "results", "outside")
    if shown:
        page.cached(visit, _table, of=of, shown=shown)


def _charted(visit: Visit) -> dict[str, dict[str, object]]:
    return {m: about for m, about in measures.all_of(visit).items() if not about["restricted"]}


def _compared(visit: Visit, of: tuple[str, ...]) -> pl.DataFrame:
    """Every comparison of some wards that has limits, of the measures that may be charted."""
    judged = pl.col("measure").is_in(list(_charted(visit))) & (pl.col("category") != "too_few")
    return visit.ask(comparisons, units=of).filter(judged)


def _outside(visit: Visit, of: tuple[str, ...]) -> pl.DataFrame:
    """Those outside their limits, with the names of the wards, in the order they are shown."""
    order = {code: place for place, code in enumerate(_charted(visit))}
    named = visit.ask(wards).select("ward_id", "ward_name", "trust_name", "peer_group_name")
    return (
        visit.keep(_compared, of=of)
        .filter(pl.col("category").is_in(funnel.OUTSIDE))
        .join(named, left_on="unit_id", right_on="ward_id")
        .sort(
            pl.col("measure").replace_strict(order, return_dtype=pl.Int64),
            "trust_name",
            "ward_name",
            "unit_id",
        )
    )


def _counted(visit: Visit, of: tuple[str, ...]) -> str:
    compared, out = visit.keep(_compared, of=of).height, visit.keep(_outside, of=of).height
    if not compared:
        return "None of these wards can be compared with similar wards yet."
    are = "is" if out == 1 else "are"
    fewer = floor(compared * _BY_CHANCE) + 1
    return (
        f"Of {wording.counted(compared, 'comparison')} of these wards, {out or 'none'} {are} "
        f"outside. On average, chance alone would put fewer than {fewer} there."
    )


def _table(visit: Visit, of: tuple[str, ...], shown: range) -> str:
    about = _charted(visit)
    found = visit.keep(_outside, of=of).slice(shown.start, len(shown))
    rows = [_row(seen, about[str(seen["measure"])]) for seen in found.iter_rows(named=True)]
    order = "in order of measure, trust and ward"
    return html(f"Wards outside the limits of their peer group, {order}", _COLUMNS, rows)


def _row(seen: Mapping[str, object], about: Mapping[str, object]) -> dict[str, object]:
    (drawn,) = chart.rows(pl.DataFrame([seen], infer_schema_length=None), about)
    unit, code = str(seen["unit_id"]), str(seen["measure"])
    name = f"{seen['ward_name']}, {seen['trust_name']}"
    return {
        "name": side_by_side.linked_name(unit, name, "ward", code),
        "measure": linked(str(about["short_name"]), _funnel(seen)),
        "group": wording.starting(str(seen["peer_group_name"])),
        "read": funnel.linked_value(seen, str(drawn["read"])),
        "based_on": drawn["based_on"],
        "category": drawn["category"],
    }


def _funnel(seen: Mapping[str, object]) -> str:
    """The address of the funnel that a ward lies outside of, with the ward marked on it."""
    chosen = {
        "measure": seen["measure"],
        funnel.GROUP: seen["peer_group"],
        funnel.MARK: seen["unit_id"],
    }
    return escape(
        "compare?look=Funnel"
        + "".join(f"&{key}={quote(str(code))}" for key, code in chosen.items())
    )
