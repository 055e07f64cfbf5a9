"""One series as a process chart: the same on every screen that shows one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

import polars as pl
import streamlit as st

from dashboard.charts import audible, process, table
from dashboard.charts.figure_links import traced
from dashboard.page import measures, page
from dashboard.page.figure_reference import FigureReference
from dashboard.page.session import Visit
from dashboard.panels import figure_source, rebase, running_sum
from dashboard.queries.series import ambitions, events, series, signals
from dashboard.words import alt, caveats, titles
from dashboard.words.ambitions import sentence
from dashboard.words.could_find import could_find
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


_HOLLOW = "A hollow point may still change, or has a query that nobody has explained."
ONE_SCALE, OWN_SCALES = "The charts have one scale.", "Each chart has a scale of its own."
TWO_SCALES = "The charts of feeling safe have one scale; each other chart has its own."
PROGRAMME = NamedUnit("programme", "programme", "the whole programme")


def chart(
    visit: Visit,
    measure: Mapping[str, object],
    unit: NamedUnit,
    show_events: bool,
    low: float | None = None,
) -> None:
    """Draw one measure of one unit with its limits, events, words and table.

    A point can be chosen, and tells where its figure came from; so does each figure in the table.
    Whoever may start new limits finds that under the chart. The axis begins at `low`, if given.
    """
    code = str(measure["measure"])
    drawn = visit.keep(_picture, measure=code, unit=unit, show_events=show_events, low=low)
    figure_source.show_chart(visit, drawn, f"chart_{unit.level}_{unit.code}_{code}")
    here, signal = (unit.level, unit.code), now(visit, unit.level, unit.code, code)
    running_sum.offer(visit, code, here, unit.name, signal)
    rebase.offer(visit, code, here, unit.name)


def alone(visit: Visit, measure: Mapping[str, object], unit: NamedUnit = PROGRAMME) -> None:
    """Draw the only process chart of a screen, with the switch and the key of its flags."""
    place = st.container()
    shown = flags(visit, (str(measure["measure"]),), unit)
    with place:
        chart(visit, measure, unit, shown)


def feeling_safe(visit: Visit, unit: NamedUnit, others: Sequence[str] = ()) -> bool:
    """Draw the measures of the aim side by side on one scale, and the key of the screen's flags.

    `others` are the measures of its other process charts; returns whether they show events too.
    """
    pair = measures.feeling_safe(visit)
    if not pair:
        return flags(visit, others, unit, OWN_SCALES if others[1:] else "")
    with st.container(key="pair"):
        columns = st.columns(2)
    codes = tuple(str(measure["measure"]) for measure in pair)
    low = visit.keep(_lowest, codes=codes, unit=unit)
    scale = OWN_SCALES if low is None else TWO_SCALES if others else ONE_SCALE
    shown = flags(visit, (*codes, *others), unit, scale)
    for column, measure in zip(columns, pair, strict=False):
        with column:
            chart(visit, measure, unit, shown, low)
    return shown


def _lowest(visit: Visit, codes: tuple[str, ...], unit: NamedUnit) -> float | None:
    """Where an axis begins that fits several percentages; None if they aren’t percentages."""
    if any(measures.all_of(visit)[code]["unit"] != "percent" for code in codes):
        return None
    rows = [row for code in codes for row in visit.keep(_rows, measure=code, unit=unit)]
    levels = [row[name] for row in rows for name in ("v", "l", "u", "c") if row.get(name)]
    return max(0, min(levels) // 5 * 5) if levels else None


def flags(visit: Visit, codes: Sequence[str], unit: NamedUnit, scale: str = "") -> bool:
    """A switch that shows or hides events on the charts of a screen, and what each flag means."""
    with st.container(horizontal=True, vertical_alignment="center", key="flags"):
        shown = st.toggle(
            "Show events on the charts", value=True, key="events", bind="query-params"
        )
        st.html(f'<p class="fs-note">{f"{scale} {_HOLLOW}".strip()}</p>', width="stretch")
    if shown and (meanings := visit.keep(_meanings, codes=tuple(codes), unit=unit)):
        page.html(meanings)
    return shown


def _meanings(visit: Visit, codes: tuple[str, ...], unit: NamedUnit) -> str:
    """The key of the flags, as markup: one list, or several where a number has two meanings."""
    lists: list[tuple[dict[str, str], list[str]]] = []
    for code in codes:
        drawn = visit.keep(_rows, measure=code, unit=unit)
        mine = {r["flag"]: f"{r['note']}, {r['when']}" for r in drawn if r["row"] == "event"}
        same = (each for each in lists if all(each[0].get(n, w) == w for n, w in mine.items()))
        known, names = next(same, ({}, []))
        if not names and mine:
            lists.append((known, names))
        known.update(mine)
        names += [str(measures.all_of(visit)[code]["short_name"])] * bool(mine)
    return "".join(_key_of_flags(*each, alone=len(lists) == 1) for each in lists)


def _key_of_flags(flagged: Mapping[str, str], names: Sequence[str], alone: bool) -> str:
    items = "".join(
        f'<li><span class="fs-flag">{number}</span>{escape(words)}</li>'
        for number, words in sorted(flagged.items(), key=lambda one: int(one[0]))
    )
    label = escape(f"What the flags{'' if alone else f' on {wording.listed(names)}'} mean")
    return f'<p class="fs-note">{label}</p><ul class="fs-key" aria-label="{label}">{items}</ul>'


def _rows(visit: Visit, measure: str, unit: NamedUnit) -> list[dict[str, object]]:
    """The rows of a chart with its events and its ambitions."""
    points = visit.ask(series, level=unit.level, units=(unit.code,), measure=measure)
    happened = visit.ask(events, unit=unit.code, measure=measure, trust=unit.trust)
    aimed = visit.ask(ambitions, level=unit.level, unit=unit.code, measure=measure)
    return process.rows(points, measures.all_of(visit)[measure], happened, aimed)


def _picture(
    visit: Visit, measure: str, unit: NamedUnit, show_events: bool, low: float | None
) -> page.Chart:
    about, level, code = measures.all_of(visit)[measure], unit.level, unit.code
    points = visit.ask(series, level=level, units=(code,), measure=measure)
    happened = visit.ask(events, unit=code, measure=measure, trust=unit.trust)
    signal, few = now(visit, level, code, measure), "few" in points["state"]
    aimed = visit.ask(ambitions, level=level, unit=code, measure=measure)
    far = [sentence(row, about) for row in aimed.iter_rows(named=True)]
    rows = visit.keep(_rows, measure=measure, unit=unit)
    if not show_events:
        rows = [row for row in rows if row["row"] != "event"]
    title = titles.process(about, signal)
    return page.chart(
        title,
        page.Drawing(
            rows,
            process.spec(process.reading(about, low), events=show_events, choose=True),
            alt.process(unit.name, points, about, signal, far),
            "" if points["value"].count() else TOO_FEW if few else NOTHING,
            audible.heard(rows, title, str(about["unit"]), process.middle(points)),
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
        notes=(titles.direction(about), could_find(about, points, signal), *far),
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
