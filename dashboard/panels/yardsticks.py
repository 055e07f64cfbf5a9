"""What surveys from outside say of trusts, beside what the trusts themselves sent."""

from functools import partial
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from dashboard import audit
from dashboard.charts import yardsticks as charts
from dashboard.charts.figure_links import linked
from dashboard.charts.table import Column, html
from dashboard.exports import yardsticks as exports
from dashboard.page import filters, measures, page, url_state
from dashboard.page.figure_reference import FigureReference
from dashboard.page.session import Visit
from dashboard.panels import figure_source
from dashboard.queries.yardsticks import yardsticks
from dashboard.words import alt
from dashboard.words import yardsticks as words
from schemas.periods import Month

_FIGURES = (
    Column("survey_read", "Survey: harmed, or not safe (95% range)"),
    Column("period", "The survey is about"),
    Column("here", "Do not feel safe here, twelve months (95% range)", markup=True),
    Column("reported", "Reported incidents, twelve months", markup=True),
    Column("beside", "Side by side"),
)
_OF_TRUSTS = (Column("trust_name", "Trust", row_header=True), *_FIGURES)
_OF_SURVEYS = (Column("source", "Survey", row_header=True), *_FIGURES)
_TRUSTS = 50
_CHOOSE = "Choose a dot to see where a trust’s own figure came from."
_MEASURED = {"patients": measures.PATIENTS, "staff": measures.STAFF}


def of_programme(visit: Visit) -> None:
    """A chart and a table of every trust, one survey at a time; nothing if there is none."""
    every = visit.keep(_told, trust=None)
    if not every:
        return
    names = {row["source"]: row["source"] for row in every}
    source = next(iter(names))
    if len(names) > 1:
        source = url_state.choose("Survey", names, "survey")
    rows = [row for row in every if row["source"] == source]

    def table() -> str:
        shown = filters.places(len(rows), _TRUSTS, "trusts", "yardsticks")
        return visit.keep(_table_of_trusts, source=source, shown=shown)

    drawn = visit.keep(_picture, source=source)
    figure_source.show_chart(visit, drawn, "chart_yardsticks", table)
    target = {"what": "surveys", "audience": "programme", "kind": "csv"}
    release = str(visit.facts["release_id"])
    st.download_button(
        words.DOWNLOAD,
        visit.keep(_file),
        exports.name(visit.facts),
        "text/csv",
        key="download_yardsticks",
        on_click=partial(audit.record, "export", visit.scope, release, **target),
    )


def of_trust(visit: Visit, code: str) -> None:
    """What each survey says of one trust, beside its own figures; nothing if none does."""
    rows = visit.keep(_told, trust=code)
    if rows:
        page.section("Beside a survey", words.of_trust(rows))
        page.cached(visit, _table, trust=code)


def _file(visit: Visit) -> bytes:
    return exports.content(_found(visit, None), visit.keep(_told, trust=None))


def _table(visit: Visit, trust: str) -> str:
    return html("What surveys say, beside what was sent", _OF_SURVEYS, _linked(visit, trust))


def _table_of_trusts(visit: Visit, source: str, shown: range) -> str:
    rows = [row for row in _linked(visit, None) if row["source"] == source]
    caption = f"“{source}” beside what trusts sent"
    return html(caption, _OF_TRUSTS, rows[shown.start : shown.stop])


def _linked(visit: Visit, trust: str | None) -> list[dict[str, Any]]:
    """The rows of a table, in which a trust's own figures lead to where they came from."""
    found = _found(visit, trust).iter_rows(named=True)
    return [
        said | {column: _link(said, row, column, *of) for column, of in _behind(row).items()}
        for said, row in zip(visit.keep(_told, trust=trust), found, strict=True)
    ]


def _link(said: dict[str, Any], row: dict[str, Any], column: str, what: str, code: str) -> str:
    read = str(said[f"{column}_read"])
    if row[what] is None:
        return escape(read)
    return linked(read, figure_source.address(_reference(row, what, code)))


def _found(visit: Visit, trust: str | None) -> pl.DataFrame:
    return visit.ask(yardsticks, **_MEASURED, incidents=measures.INCIDENTS, trust=trust)


def _told(visit: Visit, trust: str | None) -> list[dict[str, Any]]:
    return words.beside(_found(visit, trust))


def _picture(visit: Visit, source: str) -> page.Chart:
    rows = [row for row in visit.keep(_told, trust=None) if row["source"] == source]
    drawn = charts.rows(rows, words.MORE)
    return page.chart(
        words.title(rows),
        page.Drawing(
            drawn,
            charts.spec(),
            alt.yardsticks(rows),
            "" if drawn else "No trust has both figures with their counts.",
        ),
        table="",
        kind="yardsticks",
        notes=(words.sentence(rows), words.HOW, _CHOOSE),
        figures=_figures(visit, source),
    )


def _figures(visit: Visit, source: str) -> dict[tuple[str, ...], tuple[FigureReference, ...]]:
    """The trust's own figures behind each dot: how many feel safe, and what was reported."""
    found = {}
    for row in _found(visit, None).filter(source=source).iter_rows(named=True):
        found[(row["trust_code"],)] = tuple(
            _reference(row, *of) for of in _behind(row).values() if row[of[0]] is not None
        )
    return found


def _behind(row: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The trust's own figures beside a survey's: the columns that have them, and measures."""
    return {
        "here": ("felt", _MEASURED[row["asked_of"]]),
        "reported": ("reported", measures.INCIDENTS),
    }


def _reference(row: dict[str, Any], what: str, code: str) -> FigureReference:
    first = Month.of(row[f"{what}_from"])
    months = Month.of(row[f"{what}_to"]) - first + 1
    return FigureReference("trust", row["trust_code"], row["trust_name"], code, first, months)
