"""What happened, in order: learning forums, training, tests of change and decisions on charts."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from dashboard.charts.table import Column, html
from dashboard.queries.recorded import recorded
from dashboard.queries.wards import wards
from dashboard.views import measures, page
from dashboard.views.deciding import annotate, chart_decisions, take_back_chart
from dashboard.views.deciding.chart_decisions import Unit
from dashboard.views.door import Visit
from dashboard.words import phrases
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


def show(visit: Visit, units: Sequence[Unit], others: Sequence[Unit] = ()) -> None:
    """The newest events of some units, and folds to record one more and to take one back.

    The first unit is the one that a new event is for, unless a person chooses another of them or
    of `others`, whose events are not listed here.
    """
    events = visit.ask(recorded, units=tuple(dict.fromkeys(code for _, code in units)))
    page.section(
        "Events",
        "What was tried and what changed: the numbered flags on the charts. A flag says that "
        "something happened, not that it was the cause.",
        anchor="events",
    )
    names = _names(visit)
    known = {code: str(about["short_name"]) for code, about in measures.all_of(visit).items()}
    events = events.with_columns(pl.col("measure").replace(known))
    rows = [_row(row, names) for row in events.head(_SHOWN).iter_rows(named=True)]
    page.html(html("Events, newest first", _COLUMNS, rows))
    if events.height > _SHOWN:
        with st.expander(f"Show {events.height - _SHOWN:,} earlier ones"):
            earlier = events.slice(_SHOWN).iter_rows(named=True)
            page.html(html("Earlier events", _COLUMNS, [_row(row, names) for row in earlier]))
    mine = [unit for unit in (*units, *others) if chart_decisions.may(visit, unit)]
    if mine:
        annotate.offer(visit, mine, names)
        _take_back(visit, mine, events)


def _take_back(visit: Visit, mine: Sequence[Unit], events: pl.DataFrame) -> None:
    level, code = mine[0]
    noted = events.filter(
        (pl.col("kind") != "rebase")
        & (pl.col("unit_id") == code)
        & (pl.col("source") != "register")
    )
    noted = noted.filter(pl.col("event_id") == pl.col("source"))
    if noted.is_empty():
        return
    fold = st.expander("Take an event back…", key=f"events_{level}_{code}_undo", on_change="rerun")
    if fold.open:
        with fold:
            take_back_chart.offer(visit, mine[0], noted, f"take_back_{level}_{code}", "an event")


def _names(visit: Visit) -> dict[str, str]:
    every = visit.ask(wards)
    return {
        "programme": "Everybody",
        **dict(every.select("trust_code", "trust_name").unique().iter_rows()),
        **dict(every.select("ward_id", "ward_name").iter_rows()),
    }


def _row(row: dict[str, object], names: dict[str, str]) -> dict[str, object]:
    return {
        "day": phrases.day(row["day"]),
        "kind": _KINDS[str(row["kind"])],
        "label": f"{row['label']} ({row['measure']})" if row["measure"] else row["label"],
        "whose": names.get(str(row["unit_id"]), row["unit_id"]),
        "by": _recorded(row),
    }


def _recorded(row: dict[str, object]) -> str:
    if row["received_at"] is not None:
        return f"In the return {row['source']}, {phrases.moment(row['received_at'])}"
    if row["source"] == row["event_id"]:
        return "On this dashboard"
    return "In the register" if row["source"] == "register" else "In the programme’s settings"
