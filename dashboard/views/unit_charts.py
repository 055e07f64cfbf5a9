"""The charts of one unit, a ward or a trust: feeling safe, incidents, and one more to choose."""

from functools import partial
from html import escape

import polars as pl
import streamlit as st

from dashboard.charts import measure_table
from dashboard.charts.traced import traced
from dashboard.queries.signals import signals
from dashboard.views import measures, page, process, rests_on
from dashboard.views.visit import Visit
from dashboard.words import answers, phrases

_ALWAYS = (measures.PATIENTS, measures.STAFF, measures.INCIDENTS)
_ANOTHER = "SS-P3"


def show(visit: Visit, level: str, unit: str, name: str, trust: str) -> None:
    """Four charts, then what every measure says now; `trust` is the unit's own."""
    known = measures.all_of(visit)
    flags = process.flags()

    def chart(measure: dict[str, object]) -> None:
        process.chart(visit, measure, level, unit, name, trust=trust, show_events=flags)

    for column, measure in zip(st.columns(2), measures.feeling_safe(visit), strict=True):
        with column:
            chart(measure)
    left, right = st.columns(2)
    with left:
        chart(known[measures.INCIDENTS])
    with right:
        others = [measure for measure in known if measure not in _ALWAYS]
        chart(measures.choose(visit, default=_ANOTHER, among=others))
    page.section("Every measure", "What each says now. Choose one to see its chart.")
    page.part(visit, _every_measure, level=level, unit=unit, name=name)


def answer(visit: Visit, level: str, unit: str) -> str:
    """Do people feel safe there? A ward speaks for itself, a total says how many wards answered."""
    pair = measures.feeling_safe(visit)
    now = [process.now(visit, level, unit, m["measure"]) for m in pair]
    if level == "ward":
        return answers.feeling_safe(pair, now)
    counted = rests_on.counts(visit, level).get((unit, measures.PATIENTS))
    return answers.feeling_safe(pair, now, counted)


def _every_measure(visit: Visit, level: str, unit: str, name: str) -> str:
    now = visit.ask(signals, level=level, units=(unit,)).filter(~pl.col("restricted"))
    return measure_table.html(
        f"{phrases.starting(name)}, every measure",
        now,
        _sent(now) if level == "ward" else rests_on.of_unit(visit, level, unit),
        f"{level}?{level}={escape(unit)}&measure={{measure}}",
        partial(traced, level, unit),
    )


def _sent(now: pl.DataFrame) -> dict[str, str]:
    """In how many months a ward sent each measure."""
    return {
        row["measure"]: f"{row['months_valid']} of {row['months_expected']} months"
        for row in now.iter_rows(named=True)
        if row["months_expected"]
    }
