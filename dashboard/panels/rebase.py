"""New limits from a month onwards: chosen by someone who knows what changed, and previewed first.

Nothing is drawn until its expander is open, so that a screen with many charts stays fast.
"""

from functools import partial
from html import escape

import polars as pl
import streamlit as st

from dashboard import audit
from dashboard.charts import process
from dashboard.page import last_save, measures, page, session
from dashboard.page.session import Visit
from dashboard.panels import chart_decisions, decision_form, undo
from dashboard.panels.chart_decisions import ROLES, Unit
from dashboard.panels.decision_form import Plan
from dashboard.queries.series import ambitions, brought, observed, recorded, series, signals
from dashboard.words import alt, rebase, titles
from dashboard.words.rebase import ENOUGH
from pipelines.keeping import decide
from pipelines.keeping.decide import Decided
from pipelines.keeping.home import Home
from pipelines.releasing.baselines import with_baselines
from pipelines.releasing.steps.rebase_preview import points_by_phase, with_new_limits
from schemas import wording
from schemas.periods import Month
from schemas.receipts import Decision

_WITHOUT_LINES = (None, "points", "stage", "table")
_WHAT = "What changed? This is shown on the chart and saved with your name. Do not name anyone."


def offer(visit: Visit, measure: str, unit: Unit, unit_name: str) -> None:
    """An expander under a chart: start new limits, or undo those that someone started."""
    if not chart_decisions.may(visit, unit):
        return
    has_lines, started = visit.keep(_limits, measure=measure, unit=unit)
    key = f"rebase_{'_'.join(unit)}_{measure}"
    undoing = f"{key}_undo"
    just_saved = last_save.is_shown(key) or last_save.is_shown(undoing)
    if not has_lines and started.is_empty() and not just_saved:
        return
    expander = st.expander("Start new limits…", key=key, on_change="rerun")
    if not expander.open:
        return
    with expander:
        with decision_form.around(key):
            if has_lines:
                _form(visit, measure, unit, unit_name, key)
        undo.offer(visit, unit, started, undoing, "new limits")


def _limits(visit: Visit, measure: str, unit: Unit) -> tuple[bool, pl.DataFrame]:
    """Whether a chart has limits or a centre line, and the new limits that were started on it."""
    recorded_here = visit.ask(recorded, units=(unit[1],))
    mine = (pl.col("kind") == "rebase") & (pl.col("measure") == measure)
    has_lines = _now(visit, measure, unit).get("chart") not in _WITHOUT_LINES
    return has_lines, recorded_here.filter(mine)


def _form(visit: Visit, measure: str, unit: Unit, unit_name: str, key: str) -> None:
    points = visit.ask(series, level=unit[0], units=(unit[1],), measure=measure)
    months = _months(points)
    page.html(f'<p class="fs-lead">{rebase.WHEN}</p>')
    if not months:
        page.html('<p class="fs-note">There are too few points to start new limits.</p>')
        return
    _hint(visit, measure, unit, months, key)
    month_key = f"{key}_month"
    if st.session_state.get(month_key) not in months:
        st.session_state[month_key] = _usual(visit, measure, unit, points, months)
    month = st.selectbox(
        "From which month",
        months,
        index=None,
        format_func=wording.month_of,
        placeholder="Choose a month",
        key=month_key,
    )
    if month is None:
        page.html('<p class="fs-note">Once you choose a month, a preview appears here.</p>')
        return
    reason = st.text_input(_WHAT, key=f"{key}_reason", max_chars=200)
    _preview(visit, measure, unit, unit_name, Month.of(month))
    series_name = f"{measures.all_of(visit)[measure]['name']}, {unit_name}"
    plan = Plan(
        rebase.question(series_name, month),
        "Yes, start new limits",
        f"New limits from {wording.month_of(month)}: {series_name}.",
        reason,
        partial(_take, unit=unit, measure=measure, month=Month.of(month)),
        partial(undo.straight_away, unit=unit),
        ROLES,
    )
    decision_form.offer(key, "Start new limits from this month", plan)


def _months(points: pl.DataFrame) -> list[object]:
    """The months that could start a phase but don't yet, newest first; never the first month."""
    valued = points.filter(pl.col("value").is_not_null()).sort("month")
    begins = valued.group_by("phase").agg(pl.col("month").min())["month"]
    return valued.filter(~pl.col("month").is_in(begins.implode()))["month"].to_list()[::-1]


def _usual(
    visit: Visit, measure: str, unit: Unit, points: pl.DataFrame, months: list[object]
) -> object:
    """The suggested month, or that of a change of definition, or one with enough points after it.

    None if the newest limits are too recent for any of these.
    """
    events = visit.ask(recorded, units=(unit[1],))
    changed = events.filter(pl.col("kind") == "definition_change")["month"].to_list()
    for month in (_now(visit, measure, unit).get("hint_month"), *changed):
        if month in months:
            return month
    month = months[min(ENOUGH, len(months)) - 1]
    since = titles.phase_start(points)
    return month if since and month > since else None


def _now(visit: Visit, measure: str, unit: Unit) -> dict[str, object]:
    found = visit.ask(signals, level=unit[0], units=(unit[1],), measures=(measure,)).to_dicts()
    return found[0] if found else {}


def _hint(visit: Visit, measure: str, unit: Unit, months: list[object], key: str) -> None:
    """The month that the release suggests; it is never applied automatically."""
    now = _now(visit, measure, unit)
    month, sentence = now.get("hint_month"), now.get("hint_sentence")
    if not sentence or month not in months:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        page.html(f'<p class="fs-note">{escape(str(sentence))}</p>')
        if st.button(f"Use {wording.month_of(month)}", key=f"{key}_hint", type="tertiary"):
            st.session_state[f"{key}_month"] = month


def _preview(visit: Visit, measure: str, unit: Unit, unit_name: str, month: Month) -> None:
    st.html('<p class="fs-takeaway">Preview of the chart</p>')
    drawn, counts = visit.keep(_drawn, measure=measure, unit=unit, unit_name=unit_name, month=month)
    page.draw(drawn)
    page.html(f'<p class="fs-note">{escape(drawn.notes)}</p>')
    for sentence in counts:
        st.warning(sentence)


def _drawn(
    visit: Visit, measure: str, unit: Unit, unit_name: str, month: Month
) -> tuple[page.Chart, list[str]]:
    level, code = unit
    about = measures.all_of(visit)[measure]
    happened = visit.ask(recorded, units=(code,))
    points, now = with_new_limits(
        with_baselines(
            visit.ask(observed, level=level, measures=(measure,), units=(code,)),
            visit.ask(brought, measures=(measure,), unit=code),
        ),
        happened,
        measures.definition(visit, measure),
        month,
        session.programme(),
    )
    signal = now.row(0, named=True)
    aimed = visit.ask(ambitions, level=level, unit=code, measure=measure)
    picture = page.chart(
        titles.process(about, signal),
        page.Drawing(
            process.rows(points, about, None, aimed),
            process.spec(process.reading(about), events=False),
            alt.process(f"{unit_name}, with new limits (preview)", points, about, signal),
        ),
        table="",
        kind="process",
        notes=(str(signal["sentence"]),),
    )
    return picture, rebase.too_few(points_by_phase(points), points, month.first_day)


def _take(home: Home, decided: Decided, *, unit: Unit, measure: str, month: Month) -> Decision:
    visit = chart_decisions.require(unit)
    taken = decide.rebase(home, chart_decisions.codes(unit), measure, str(month), decided)
    audit.record(
        "rebase",
        visit.scope,
        str(visit.facts["release_id"]),
        unit=unit[1],
        measure=measure,
        month=str(month),
    )
    return taken
