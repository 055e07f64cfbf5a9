"""The spread of a peer group, with or without one ward's own line."""

from html import escape

import polars as pl
import streamlit as st

from dashboard import numbers
from dashboard.charts import peer_band
from dashboard.charts.figure_links import linked
from dashboard.charts.table import Column, html
from dashboard.page import measures, page
from dashboard.page.figure_reference import FigureReference
from dashboard.page.session import Visit
from dashboard.panels import figure_source
from dashboard.queries.peers import peer_bands
from dashboard.queries.windows import rolling_years
from dashboard.words import alt, titles
from schemas import wording
from schemas.periods import Month

_COLUMNS = (
    Column("when", "Twelve months to", row_header=True),
    Column("read", "This ward", number=True, markup=True),
    Column("based_on", "Based on", number=True),
    Column("peers", "Similar wards"),
)


def show(visit: Visit, measure: dict[str, object], chosen: pl.DataFrame) -> None:
    """The spread of every peer group among the chosen wards, without any ward's own line."""
    hidden = []
    groups = chosen.select("peer_group", "peer_group_name").unique().sort("peer_group_name")
    for group, name in groups.iter_rows():
        bands = visit.ask(peer_bands, measure=measure["measure"], peer_group=group)
        if "value" in bands["state"]:
            draw(visit, measure, group, name)
        else:
            hidden.append(name)
    if hidden:
        st.info(
            "Hidden, because there are too few wards to show without identifying one: "
            f"{'; '.join(hidden)}."
        )


def draw(
    visit: Visit,
    measure: dict[str, object],
    group: str,
    group_name: str,
    ward: dict[str, object] | None = None,
) -> None:
    """One peer group's deciles over rolling years, with one ward's own years if it is given."""
    ward_id = str(ward["ward_id"]) if ward else None
    ward_name = str(ward["ward_name"]) if ward else None
    drawn = visit.keep(
        _picture,
        measure=measure["measure"],
        group=group,
        group_name=group_name,
        ward_id=ward_id,
        ward_name=ward_name,
    )
    figure_source.show_chart(visit, drawn, f"chart_spread_{group}_{ward_id}_{measure['measure']}")


def _picture(
    visit: Visit,
    measure: str,
    group: str,
    group_name: str,
    ward_id: str | None,
    ward_name: str | None,
) -> page.Chart:
    about = measures.all_of(visit)[measure]
    bands = visit.ask(peer_bands, measure=measure, peer_group=group)
    least = measures.least_answers(measures.definition(visit, measure))
    own = visit.ask(rolling_years, ward=ward_id or "", measure=measure, least=least)
    rows = peer_band.rows(bands, own, about)
    columns = _COLUMNS if ward_id else (_COLUMNS[0], _COLUMNS[3])
    whose = f"{ward_name} and {group_name}" if ward_id else group_name
    return page.chart(
        _title(bands, own, about, group_name, ward_name),
        page.Drawing(
            peer_band.years(rows),
            peer_band.spec(str(about["unit"]), own=ward_id is not None),
            alt.peer_band(about, group_name, bands),
        ),
        table=html(f"{about['name']}, {whose}", columns, _linked(rows[::-1], measure, ward_id)),
        kind="peer_band",
        notes=(titles.direction(about), _counted(bands)),
        figures=_figures(rows, measure, ward_id, ward_name),
    )


def _linked(
    rows: list[dict[str, object]], measure: str, ward: str | None
) -> list[dict[str, object]]:
    """The rows of the table; a ward's own figure leads to where it came from."""
    if ward is None:
        return rows
    return [row | {"read": _source(row, measure, ward)} for row in rows]


def _source(row: dict[str, object], measure: str, ward: str) -> str:
    words = str(row["read"])
    if row["v"] is None:
        return escape(words)
    return linked(words, figure_source.address(_subject(row, measure, ward, ward)))


def _figures(
    rows: list[dict[str, object]], measure: str, ward: str | None, name: str | None
) -> dict[tuple[str, ...], tuple[FigureReference, ...]]:
    """The year behind each point of a ward, by its last month."""
    if ward is None:
        return {}
    valued = [row for row in rows if row["v"] is not None]
    return {(str(row["month"]),): (_subject(row, measure, ward, name or ward),) for row in valued}


def _subject(row: dict[str, object], measure: str, ward: str, name: str) -> FigureReference:
    first = Month.parse(str(row["month"])[:7]) + -(peer_band.YEAR - 1)
    return FigureReference("ward", ward, name, measure, first, peer_band.YEAR)


def _title(
    bands: pl.DataFrame,
    own: pl.DataFrame,
    measure: dict[str, object],
    group_name: str,
    ward_name: str | None,
) -> str:
    shown = bands.filter(pl.col("state") == "value").sort("month")
    if shown.is_empty():
        return f"{group_name}: hidden, because there are too few wards to compare"
    last = shown.row(-1, named=True)
    unit, times = str(measure["unit"]), measure["multiplier"]
    low, middle, high = (
        numbers.reading(numbers.scaled(last[name], times), unit) for name in ("p10", "p50", "p90")
    )
    spread = f"eight in ten similar wards between {low} and {high}, the middle ward {middle}"
    mine = own.filter((pl.col("month") == last["month"]) & pl.col("value").is_not_null())
    if ward_name is None:
        return f"{group_name}, twelve months to {wording.month_of(last['month'])}: {spread}"
    value = numbers.scaled(mine["value"][0], times) if mine.height else None
    read = "no data" if value is None else numbers.with_unit(value, unit)
    return f"{ward_name}, twelve months to {wording.month_of(last['month'])}: {read}; {spread}"


def _counted(bands: pl.DataFrame) -> str:
    shown = bands.filter(pl.col("state") == "value").sort("month")
    if shown.is_empty():
        reasons = bands["suppression_reason"].drop_nulls().unique().sort().to_list()
        return f"{wording.starting(wording.listed(reasons))}." if reasons else ""
    last = shown.row(-1, named=True)
    text = f"About {last['wards']:,} wards in the spread"
    return f"{text}, {last['left_out']:,} left out." if last["left_out"] else f"{text}."
