"""Events in order: learning forums, training, tests of change and new limits on charts."""

import polars as pl
import streamlit as st

from dashboard.charts.table import Column, html
from dashboard.page import last_save, measures, page
from dashboard.page.session import Visit
from dashboard.panels import annotate, chart_decisions, undo
from dashboard.panels.chart_decisions import Unit
from dashboard.queries.organisations import wards
from dashboard.queries.series import recorded
from schemas import wording
from schemas.vocabularies import EVENT_KIND

_SHOWN = 12
_KINDS = {**EVENT_KIND, "rebase": "New limits"}
_COLUMNS = (
    Column("day", "When", row_header=True),
    Column("kind", "Kind"),
    Column("label", "What happened"),
    Column("whose", "For"),
    Column("by", "Recorded"),
)


def show(visit: Visit, units: tuple[Unit, ...], others: tuple[Unit, ...] = ()) -> None:
    """The newest events of some units, and expanders to record another and to undo one.

    A new event is for the first unit, unless the person chooses another of them or one of
    `others`, whose events are not listed here.
    """
    page.section(
        "Events",
        "What was tried and what changed: the numbered flags on the charts. A flag shows that "
        "something happened, not that it caused a change.",
        anchor="events",
        markup=page.ready(visit, _newest, units=units),
    )
    more = visit.keep(_recorded, units=units).height - _SHOWN
    if more > 0:
        label = f"Show {wording.counted(more, 'earlier event')}"
        expander = st.expander(label, key="events_earlier", on_change="rerun")
        if expander.open:
            with expander:
                page.cached(visit, _earlier, units=units)
    mine = visit.keep(_mine, units=(*units, *others))
    if mine:
        annotate.offer(visit, mine, visit.keep(_names))
        _undo(visit, mine[0], visit.keep(_on_screen, units=units, unit=mine[0]))


def _recorded(visit: Visit, units: tuple[Unit, ...]) -> pl.DataFrame:
    """The events of some units, newest first, with the name of the measure they are about."""
    events = visit.ask(recorded, units=tuple(dict.fromkeys(code for _, code in units)))
    known = {code: str(about["short_name"]) for code, about in measures.all_of(visit).items()}
    return events.with_columns(pl.col("measure").replace(known))


def _newest(visit: Visit, units: tuple[Unit, ...]) -> str:
    return _table(visit, "Events, newest first", visit.keep(_recorded, units=units).head(_SHOWN))


def _earlier(visit: Visit, units: tuple[Unit, ...]) -> str:
    return _table(visit, "Earlier events", visit.keep(_recorded, units=units).slice(_SHOWN))


def _table(visit: Visit, caption: str, events: pl.DataFrame) -> str:
    names = visit.keep(_names)
    return html(caption, _COLUMNS, [_row(row, names) for row in events.iter_rows(named=True)])


def _mine(visit: Visit, units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """The units that this person may make decisions about."""
    return tuple(unit for unit in units if chart_decisions.may(visit, unit))


def _on_screen(visit: Visit, units: tuple[Unit, ...], unit: Unit) -> pl.DataFrame:
    """The events of a unit that were recorded on a screen."""
    return visit.keep(_recorded, units=units).filter(
        (pl.col("kind") != "rebase")
        & (pl.col("unit_id") == unit[1])
        & (pl.col("source") != "register")
        & (pl.col("event_id") == pl.col("source"))
    )


def _undo(visit: Visit, unit: Unit, recorded_here: pl.DataFrame) -> None:
    level, code = unit
    key = f"events_{level}_{code}_undo"
    if recorded_here.is_empty() and not last_save.is_shown(f"undo_{level}_{code}"):
        return
    expander = st.expander("Undo an event…", key=key, on_change="rerun")
    if expander.open:
        with expander:
            undo.offer(visit, unit, recorded_here, f"undo_{level}_{code}", "event")


def _names(visit: Visit) -> dict[str, str]:
    every = visit.ask(wards)
    if visit.scope.has_several:
        every = every.with_columns(ward_name=pl.format("{}, {}", "ward_name", "trust_name"))
    return {
        "programme": "Everyone",
        **dict(every.select("trust_code", "trust_name").unique().iter_rows()),
        **dict(every.select("ward_id", "ward_name").iter_rows()),
    }


def _row(row: dict[str, object], names: dict[str, str]) -> dict[str, object]:
    return {
        "day": wording.day_of(row["day"]),
        "kind": _KINDS[str(row["kind"])],
        "label": f"{row['label']} ({row['measure']})" if row["measure"] else row["label"],
        "whose": names.get(str(row["unit_id"]), row["unit_id"]),
        "by": _where(row),
    }


_WHERE = {"register": "In the register", "change_tests": "In the log of tests of change"}


def _where(row: dict[str, object]) -> str:
    if row["received_at"] is not None:
        return f"In the return {row['source']}, {wording.moment(row['received_at'])}"
    if row["source"] == row["event_id"]:
        return "On this dashboard"
    return _WHERE.get(str(row["source"]), "In the programme’s settings")
