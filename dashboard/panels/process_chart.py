"""One series as a process chart: the same on every screen that shows one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl
import streamlit as st

from dashboard.charts import audible, process, table
from dashboard.charts.figure_links import traced
from dashboard.page import measures, page
from dashboard.page.figure_reference import FigureReference
from dashboard.page.session import Visit
from dashboard.panels import figure_source, rebase
from dashboard.queries.series import ambitions, events, series, signals
from dashboard.words import alt, caveats, titles
from dashboard.words.ambitions import sentence
from schemas import wording
from schemas.periods import Month

NOTHING = "There is nothing to draw yet: no figures have been sent for this measure."
TOO_FEW = "There is nothing to draw: there were too few people each time for a percentage."


@dataclass(frozen=True)
class NamedUnit:
    """A unit with the name that its charts give it; events of its `trust` are drawn too."""

    level: str
    code: str
    name: str
    trust: str | None = None


KEY = (
    "Each chart has a scale of its own. A hollow point may still change, or has a query that "
    "nobody has explained. Numbered flags are events: point at one, or open the table, to read it."
)
PROGRAMME = NamedUnit("programme", "programme", "the whole programme")


def chart(visit: Visit, measure: Mapping[str, object], unit: NamedUnit, show_events: bool) -> None:
    """Draw one measure of one unit with its limits, events, words and table.

    A point can be chosen, and tells where its figure came from; so does each figure in the table.
    Whoever may start new limits finds that under the chart.
    """
    code = str(measure["measure"])
    drawn = visit.keep(_picture, measure=code, unit=unit, show_events=show_events)
    figure_source.show_chart(visit, drawn, f"chart_{unit.level}_{unit.code}_{code}")
    rebase.offer(visit, code, (unit.level, unit.code), unit.name)


def of_programme(visit: Visit, measure: str, show_events: bool) -> None:
    """Draw one measure of the whole programme."""
    chart(visit, measures.all_of(visit)[measure], PROGRAMME, show_events)


def flags() -> bool:
    """A switch that shows or hides events on the charts of a screen, and their key."""
    with st.container(horizontal=True, vertical_alignment="center"):
        shown = st.toggle(
            "Show events on the charts", value=True, key="events", bind="query-params"
        )
        st.html(f'<p class="fs-note">{KEY}</p>', width="stretch")
    return shown


def _picture(visit: Visit, measure: str, unit: NamedUnit, show_events: bool) -> page.Chart:
    about, level, code = measures.all_of(visit)[measure], unit.level, unit.code
    points = visit.ask(series, level=level, units=(code,), measure=measure)
    happened = visit.ask(events, unit=code, measure=measure, trust=unit.trust)
    signal, few = now(visit, level, code, measure), "few" in points["state"]
    aimed = visit.ask(ambitions, level=level, unit=code, measure=measure)
    far = [sentence(row, about) for row in aimed.iter_rows(named=True)]
    rows = process.rows(points, about, happened if show_events else None, aimed)
    return page.chart(
        titles.process(about, signal),
        page.Drawing(
            rows,
            process.spec(process.reading(about), events=show_events, choose=True),
            alt.process(unit.name, points, about, signal, far),
            "" if points["value"].count() else TOO_FEW if few else NOTHING,
            audible.heard(
                rows, titles.process(about, signal), str(about["unit"]), process.middle(points)
            ),
        ),
        table=table.of_points(
            f"{about['name']}, {unit.name}",
            points,
            about,
            partial(traced, level, code, measure),
            aimed,
        ).html()
        + (_flags(happened) if show_events else "")
        + _clipped(caveats.clipped(str(about["unit"]), points)),
        kind=caveats.kind_of(signal),
        notes=(titles.direction(about), *far),
        figures=_figures(rows, partial(FigureReference, level, code, unit.name, measure)),
    )


def _figures(
    rows: list[dict[str, object]], of: Callable[[Month, int], FigureReference]
) -> dict[tuple[str, ...], tuple[FigureReference, ...]]:
    """The figure behind each point, by its first month."""
    found = {}
    for row in rows:
        if row["row"] == "point":
            month, months = str(row["month"]), round(row["m1"] - row["m0"])
            found[(month,)] = (of(Month.parse(month[:7]), months),)
    return found


def now(visit: Visit, level: str, unit: str, measure: str) -> dict[str, object] | None:
    """The signal of one series, or None where there is none."""
    found = visit.ask(signals, level=level, units=(unit,), measures=(measure,))
    return None if found.is_empty() else found.row(0, named=True)


def _clipped(note: str) -> str:
    return f'<p class="fs-note">{note}</p>' if note else ""


def _flags(happened: pl.DataFrame) -> str:
    rows = [
        {"flag": number, "when": wording.month_of(group["month"][0]), "what": what}
        for number, group in process.flags(happened)
        for what in group["label"].to_list()
    ]
    if not rows:
        return ""
    columns = [
        table.Column("flag", "Flag", row_header=True),
        table.Column("when", "Month"),
        table.Column("what", "What happened"),
    ]
    return table.html("What the flags on the chart mean", columns, rows)
