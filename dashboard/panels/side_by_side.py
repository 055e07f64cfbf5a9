"""Wards or trusts side by side: as icons of every core measure, or as small charts of one."""

from collections.abc import Mapping
from functools import partial
from html import escape
from urllib.parse import quote

import polars as pl
import streamlit as st

from dashboard.charts import icon_table, small_multiples
from dashboard.charts.figure_links import linked, traced
from dashboard.charts.icon_table import REPORTING, Completeness
from dashboard.charts.table import Column
from dashboard.page import coverage, measures, page
from dashboard.page.session import Visit
from dashboard.queries.series import series, signals
from dashboard.words import titles
from schemas import wording

# Ids and names of wards or trusts, in the order they appear on the screen.
Names = tuple[tuple[str, str], ...]
# Where the name of a unit leads, by its level.
_LINKS = {
    "ward": "ward?ward={unit}",
    "trust": "trust?trust={unit}",
    "group": "group?group={unit}",
    "peer_group": "compare?look=Funnel&group={unit}",
}


def of_wards(visit: Visit, named: pl.DataFrame) -> Names:
    """Wards (rows of the query `wards`) with their names, and their trusts’ if several."""
    return tuple(
        (ward, f"{name}, {trust}" if visit.scope.has_several else name)
        for ward, name, trust in named.select("ward_id", "ward_name", "trust_name").iter_rows()
    )


def icons(
    visit: Visit, names: Names, caption: str, level: str = "ward", first: str | None = None
) -> None:
    """Every core measure of some units now, a line a unit; then the same in words.

    The measure `first` comes first, whether it is a core measure or not.
    """
    about = {"names": names, "caption": caption, "level": level, "first": first}
    page.cached(visit, _icons, **about)
    # As under a chart, the words are sent only when somebody asks for them.
    expander = st.expander(
        "Show in words, and how to read it",
        page.EXPANDED,
        key=f"icons_{level}_words",
        on_change="rerun",
    )
    if expander.open:
        with expander:
            page.cached(visit, _in_words, **about)
            page.caveat("icons")


def small_charts(
    visit: Visit, names: Names, measure: dict[str, object], level: str = "ward"
) -> None:
    """One measure of some units of a level, all on the same scale."""
    page.cached(visit, _small_charts, names=names, measure=measure["measure"], level=level)
    page.caveat("small_multiples", titles.direction(measure))


def _icons(visit: Visit, names: Names, caption: str, level: str, first: str | None) -> str:
    shown = _measures(visit, first)
    links = icon_table.Links(
        f"{level}?{level}={{unit}}&measure={{measure}}", partial(traced, level)
    )
    rows = _rows(visit, names, level, shown)
    return icon_table.html(caption, rows, _columns(shown, level), links)


def _in_words(visit: Visit, names: Names, caption: str, level: str, first: str | None) -> str:
    shown = _measures(visit, first)
    rows = _rows(visit, names, level, shown)
    return icon_table.in_words(caption, rows, _columns(shown, level))


def _columns(shown: list[Mapping[str, object]], level: str) -> list[Column]:
    return icon_table.columns(shown, level.capitalize(), "measure?measure={measure}")


def _measures(visit: Visit, first: str | None) -> list[Mapping[str, object]]:
    shown = [m for m in measures.all_of(visit).values() if m["core"] or m["measure"] == first]
    return sorted(shown, key=lambda about: about["measure"] != first)


def _rows(
    visit: Visit, names: Names, level: str, shown: list[Mapping[str, object]]
) -> list[icon_table.Row]:
    units, ids = tuple(unit for unit, _ in names), tuple(about["measure"] for about in shown)
    now = visit.ask(signals, level=level, units=units, measures=ids)
    complete = _returns(now) if level == "ward" else coverage.completeness(visit, level)
    return icon_table.rows(now, shown, dict(names), complete)


def _returns(now: pl.DataFrame) -> dict[tuple[str, str], Completeness]:
    """How complete the returns behind the figures of wards are."""
    return {
        (row["unit_id"], row["measure"]): REPORTING[row["reporting"]]
        for row in now.filter(pl.col("reporting").is_not_null()).iter_rows(named=True)
    }


def _small_charts(visit: Visit, names: Names, measure: str, level: str) -> str:
    about, units = measures.all_of(visit)[measure], tuple(unit for unit, _ in names)
    points = visit.ask(series, level=level, units=units, measure=measure)
    now = visit.ask(signals, level=level, units=units, measures=(measure,))
    sentences = dict(zip(now["unit_id"], now["sentence"], strict=True))
    rows = small_multiples.rows(points, about, dict(names))
    captions = {row["unit_id"]: _caption(row) for row in now.iter_rows(named=True)}
    link = f"{_LINKS[level]}&measure={measure}"
    return small_multiples.html(rows, about, sentences, link, captions)


def linked_name(unit: str, name: str, level: str, measure: str) -> str:
    """The name of a unit as markup, which leads to its chart of a measure."""
    address = f"{_LINKS[level].format(unit=quote(unit))}&measure={quote(measure)}"
    return linked(name, escape(address))


def _caption(signal: dict[str, object]) -> str:
    """What a unit's small chart shows now, and its latest figure as a link to its source."""
    says = escape(wording.starting(titles.says(signal)))
    if signal["latest"] is None:
        return says
    return f"{says}. {latest(signal)}"


def latest(signal: dict[str, object]) -> str:
    """The latest figure as markup; that of a ward, a trust or the programme leads to its source."""
    words, level = titles.latest(signal, signal), str(signal["level"])
    if level == "peer_group" or signal["latest"] is None:
        return escape(words)
    first, months = f"{signal['latest']:%Y-%m}", int(signal["months"] or 1)
    source = traced(level, str(signal["unit_id"]), str(signal["measure"]), first, months)
    return linked(words, source)
