"""The charts of one ward, trust or group: feeling safe, incidents, and one more to choose."""

from collections.abc import Sequence
from functools import partial
from html import escape

import polars as pl
import streamlit as st

from dashboard.charts import measure_table, one_scale
from dashboard.charts.figure_links import traced
from dashboard.page import coverage, measures, page
from dashboard.page.session import Visit
from dashboard.panels import process_chart, what_helps
from dashboard.panels.process_chart import NamedUnit
from dashboard.queries.series import ambitions, latest_points, signals
from dashboard.words import alt, headlines, titles
from dashboard.words.ambitions import of_unit
from schemas import wording

_FEELING_SAFE = (measures.PATIENTS, measures.STAFF)


def show(visit: Visit, level: str, unit: str, name: str, trust: str | None) -> None:
    """Four charts, then what every measure shows now; `trust` is the unit's own, if it has one.

    Where visitors are asked, their chart is one more.
    """
    here = NamedUnit(level, unit, name, trust)
    asked = visit.ask(signals, level=level, units=(unit,), measures=(measures.VISITORS,)).height
    feel = (*_FEELING_SAFE, measures.VISITORS) if asked else _FEELING_SAFE
    always = (*feel, measures.INCIDENTS)
    first, second = st.container(), st.container(key="one_to_choose")
    left, right = second.columns(2)
    others = [measure for measure in measures.all_of(visit) if measure not in always]
    _pass_over(visit, always)
    with right:
        chosen = measures.choose(visit, default=measures.CONFIDENT, among=others)
    beside = [
        *((left, measure) for measure in measures.in_use(visit, always[len(_FEELING_SAFE) :])),
        *((right, measure) for measure in (chosen,) if measure is not None),
    ]
    with first:
        codes = tuple(str(measure["measure"]) for _, measure in beside)
        flags = process_chart.feeling_safe(visit, here, codes)
    for column, measure in beside:
        with column:
            process_chart.chart(visit, measure, here, flags)
    if confidence_fell(visit, level, unit):
        what_helps.show("confidence")
    if far := visit.keep(_ambitions, level=level, unit=unit, shown=(*feel, *codes)):
        page.section("Ambitions")
        for said in far:
            page.lead(said)
    page.section("Every measure", "What each one shows now. Choose one to see its chart.")
    if drawn := visit.keep(_one_scale, level=level, unit=unit, name=name):
        page.show(drawn, f"one_scale_{level}_{unit}")
    page.cached(visit, _every_measure, level=level, unit=unit, name=name)


def _pass_over(visit: Visit, always: Sequence[str]) -> None:
    """A link to a measure whose chart is always there leaves the choice of one more as it is."""
    asked = st.query_params.get("measure")
    if asked in always and asked in measures.all_of(visit):
        del st.query_params["measure"]


def headline(visit: Visit, level: str, unit: str) -> str:
    """Do people feel safe there? For a total, also how many wards answered."""
    pair = measures.feeling_safe(visit)
    now = [process_chart.now(visit, level, unit, m["measure"]) for m in pair]
    if level == "ward":
        return headlines.feeling_safe(pair, now, changes=False)
    counted = coverage.counts(visit, level).get((unit, measures.PATIENTS))
    return headlines.feeling_safe(pair, now, counted, changes=False)


def confidence_fell(visit: Visit, level: str, unit: str) -> bool:
    """Whether the latest month of staff confidence is special-cause variation for the worse."""
    now = process_chart.now(visit, level, unit, measures.CONFIDENT)
    return now is not None and str(now["variation"]).startswith("concern")


def _ambitions(visit: Visit, level: str, unit: str, shown: tuple[str, ...]) -> list[str]:
    """A sentence for each ambition of this unit; the charts of the measures `shown` have theirs."""
    others = {code: of for code, of in measures.all_of(visit).items() if code not in shown}
    return of_unit(visit.ask(ambitions, level=level, unit=unit), others)


def _every_measure(visit: Visit, level: str, unit: str, name: str) -> str:
    now = visit.ask(signals, level=level, units=(unit,)).filter(~pl.col("restricted"))
    return measure_table.html(
        f"{wording.starting(name)}, every measure",
        now,
        _sent(now) if level == "ward" else coverage.of_unit(visit, level, unit),
        f"{level}?{level}={escape(unit)}&measure={{measure}}",
        partial(traced, level, unit),
    )


def _one_scale(visit: Visit, level: str, unit: str, name: str) -> page.Chart | None:
    """Every measure that has limits on one scale; None if fewer than two have."""
    shown = one_scale.BEFORE + 1
    points = one_scale.measured(visit.ask(latest_points, level=level, unit=unit, number=shown))
    latest = points.unique("measure", keep="last", maintain_order=True)
    if latest.height < one_scale.FEWEST:
        return None
    return page.chart(
        titles.one_scale(latest),
        page.Drawing(one_scale.rows(points), one_scale.spec(), alt.one_scale(name, latest)),
        table=one_scale.of_latest(f"{wording.starting(name)}, measures on one scale", points),
        kind="one_scale",
    )


def _sent(now: pl.DataFrame) -> dict[str, str]:
    """In how many months a ward sent each measure."""
    return {
        row["measure"]: f"{row['months_valid']} of {row['months_expected']} months"
        for row in now.iter_rows(named=True)
        if row["months_expected"]
    }
