"""The months of a rare measure as a running sum, under its chart by quarter.

Nothing is worked out until its expander is open, so that a screen with many charts stays fast.
"""

from functools import partial

import streamlit as st

from dashboard.charts import audible, running_sum
from dashboard.charts.figure_links import traced
from dashboard.page import measures, page, session
from dashboard.page.session import Visit
from dashboard.queries.series import brought, observed, recorded
from dashboard.words import running_sum as words
from dashboard.words import titles
from pipelines.releasing.baselines import with_baselines
from pipelines.releasing.steps.monthly_sum import as_running_sum

_COUNTED = ("per_1000_bed_days", "count")
Unit = tuple[str, str]


def offer(
    visit: Visit, measure: str, unit: Unit, unit_name: str, signal: dict[str, object] | None
) -> None:
    """An expander under the chart of a measure of events that are too rare for limits."""
    about = measures.all_of(visit)[measure]
    rare = signal and signal["chart"] == "points" and signal["n"] and not signal["few_wards"]
    if not rare or about["unit"] not in _COUNTED:
        return
    key = f"sum_{'_'.join(unit)}_{measure}"
    expander = st.expander(words.OFFER, page.EXPANDED, key=key, on_change="rerun")
    if expander.open:
        with expander:
            page.html(f'<p class="fs-note">{words.ABOUT}</p>')
            page.show(visit.keep(_drawn, measure=measure, unit=unit, name=unit_name), f"{key}_of")


def _drawn(visit: Visit, measure: str, unit: Unit, name: str) -> page.Chart:
    level, code = unit
    about = measures.all_of(visit)[measure]
    points, now = as_running_sum(
        with_baselines(
            visit.ask(observed, level=level, measures=(measure,), units=(code,)),
            visit.ask(brought, measures=(measure,), unit=code),
        ),
        visit.ask(recorded, units=(code,)),
        measures.definition(visit, measure),
        session.programme(),
    )
    signal = now.row(0, named=True)
    title, rows = words.title(about, signal), running_sum.rows(points, about)
    return page.chart(
        title,
        page.Drawing(
            rows,
            running_sum.spec(str(about["direction"])),
            words.alternative(name, points, about, signal),
            heard=audible.heard(rows, title, "count", "Threshold"),
        ),
        table=running_sum.table(
            f"{about['name']}, {name}, running sum",
            points,
            about,
            partial(traced, level, code, measure),
        ).html(),
        kind="running_sum",
        notes=(titles.direction(about), words.could_find(points)),
    )
