"""The wards whose latest point stands out, measure by measure: concerns first."""

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

import polars as pl
import streamlit as st

from dashboard.charts import icons, process, sparkline
from dashboard.charts.figure_links import linked, traced
from dashboard.charts.table import Column, html
from dashboard.page import filters, measures, page
from dashboard.page.session import Visit
from dashboard.queries.organisations import wards
from dashboard.queries.series import series, signals, standing_out
from dashboard.words import headlines, titles

_ROWS = 25
_NARROWED_FROM = 6  # changes: a shorter list is read faster than it is narrowed down
# Which column each choice is about, under its key in the address.
_CHOICES = {
    "changed-measure": ("Measure", "measure", "short_name"),
    "changed-group": ("Peer group", "peer_group", "peer_group_name"),
    "changed-trust": ("Trust", "trust_code", "trust_name"),
}
_COLUMNS = (
    Column("ward", "Ward", row_header=True, markup=True),
    Column("trust", "Trust"),
    Column("measure", "Measure", markup=True),
    Column("variation", "What it shows now", markup=True),
    Column("line", "Over time", markup=True),
    Column("latest", "Latest", markup=True),
)
Choices = tuple[tuple[str, str], ...]


def table(visit: Visit, codes: tuple[str, ...]) -> None:
    """A table of changes, concerns first, each with a link to its chart on the ward's screen."""
    found = visit.ask(standing_out, measures=codes)
    if found.is_empty():
        page.html('<p class="fs-empty">No ward’s latest month stands out.</p>')
        return
    chosen, search = (), ""
    if found.height >= _NARROWED_FROM:
        chosen, search = _choose(found)
    narrowed = visit.keep(_narrowed, codes=codes, chosen=chosen, search=search)
    if narrowed.is_empty():
        st.info("No change matches: choose “All” in one of the lists, or search for another ward.")
        return
    shown = filters.places(narrowed.height, _ROWS, "changes", "changes")
    page.cached(visit, _table, codes=codes, chosen=chosen, search=search, shown=shown)


def _choose(found: pl.DataFrame) -> tuple[Choices, str]:
    """The columns and codes to keep, and the part of a name to look for."""
    offered = {
        key: dict(found.select(code, name).drop_nulls().unique().sort(name).iter_rows())
        for key, (_, code, name) in _CHOICES.items()
        if found[code].n_unique() > 1
    }
    *places, last = st.columns(len(offered) + 1)
    chosen = []
    for place, (key, names) in zip(places, offered.items(), strict=True):
        label, code, _ = _CHOICES[key]
        if one := filters.one(place, label, key, names):
            chosen.append((code, one))
    typed = last.text_input("Search for a ward", key="changed_search", max_chars=80)
    return tuple(chosen), typed.strip()


def _narrowed(visit: Visit, codes: tuple[str, ...], chosen: Choices, search: str) -> pl.DataFrame:
    found = visit.ask(standing_out, measures=codes)
    for column, code in chosen:
        found = found.filter(pl.col(column) == code)
    if not search:
        return found
    return found.filter(
        pl.any_horizontal(
            pl.col(name).fill_null("").str.to_lowercase().str.contains(search.lower(), literal=True)
            for name in ("ward_name", "trust_name", "unit_id")
        )
    )


def _table(visit: Visit, codes: tuple[str, ...], chosen: Choices, search: str, shown: range) -> str:
    found = visit.keep(_narrowed, codes=codes, chosen=chosen, search=search)
    found = found.slice(shown.start, len(shown))
    several = visit.ask(wards)["trust_name"].n_unique() > 1
    same = {"trust": not several, "measure": len(codes) == 1}
    same = {key for key, is_same in same.items() if is_same}
    order = "in order of trust and ward" if several else "in order of name"
    chance = headlines.chance(
        visit.ask(signals, level="ward", measures=codes, open_only=True), "result"
    )
    lines = _lines(visit, found)
    return html(
        "Wards whose latest month stands out",
        [column for column in _COLUMNS if column.key not in same],
        [_row(row, lines) for row in found.iter_rows(named=True)],
        f"Concerns first, then improvements, then other changes; each {order}. {_KEY} {chance}",
    )


_KEY = (
    "Each line has its own scale: the grey line is the figures, the dark line their average, and "
    "the mark the latest point."
)


def _lines(visit: Visit, found: pl.DataFrame) -> dict[tuple[str, str], str]:
    """A small line of each of these series, by ward and measure."""
    lines = {}
    for (measure,), rows in found.partition_by("measure", as_dict=True).items():
        about, code = measures.all_of(visit)[str(measure)], str(measure)
        units = tuple(rows["unit_id"].unique().sort())
        points = visit.ask(series, level="ward", units=units, measure=code)
        for (unit,), own in points.partition_by("unit_id", as_dict=True).items():
            drawn = process.rows(own, about)
            lines[str(unit), code] = sparkline.line(drawn, str(about["direction"]))
    return lines


def _row(row: Mapping[str, object], lines: Mapping[tuple[str, str], str]) -> dict[str, object]:
    address = f"ward?ward={quote(str(row['unit_id']))}&measure={quote(str(row['measure']))}"
    return {
        "ward": f'<a href="{escape(address)}" target="_self">{escape(str(row["ward_name"]))}</a>',
        "trust": row["trust_name"],
        "measure": linked(str(row["short_name"]), f"measure?measure={quote(str(row['measure']))}"),
        "variation": icons.variation(row).beside_words(),
        "line": lines.get((str(row["unit_id"]), str(row["measure"])), ""),
        "latest": linked(titles.latest(row, row), _source(row)),
    }


def _source(row: Mapping[str, object]) -> str:
    first, months = f"{row['latest']:%Y-%m}", int(row["months"] or 1)
    return traced("ward", str(row["unit_id"]), str(row["measure"]), first, months)
