"""The months of a rare measure as a running sum, under its chart by quarter.

Nothing is worked out until its expander is open, so that a screen with many charts stays fast.
"""

from functools import partial

import streamlit as st

from dashboard.charts import audible, running_sum
from dashboard.charts.figure_links import traced
from dashboard.exports.running_sums import is_rare, running_sums
from dashboard.page import measures, page, session
from dashboard.page.session import Visit
from dashboard.words import running_sum as words
from dashboard.words import titles

Unit = tuple[str, str]


def offer(
    visit: Visit, measure: str, unit: Unit, unit_name: str, signal: dict[str, object] | None
) -> None:
    """An expander under the chart of a measure of events that are too rare for limits."""
    about = measures.all_of(visit)[measure]
    if not is_rare(signal, str(about["unit"])):
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
    known = [measures.definition(visit, measure)]
    points, now = running_sums(visit.ask, level, (code,), known, session.programme())
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
        notes=(titles.direction(about), words.could_find(points), words.by_chance(points)),
    )
