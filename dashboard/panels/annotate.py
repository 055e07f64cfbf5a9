"""Record an event for the charts: a date, a kind, a few words, and who it concerns."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

import streamlit as st

from dashboard import audit
from dashboard.page import page
from dashboard.page.session import Visit
from dashboard.panels import chart_decisions, decision_form, undo
from dashboard.panels.chart_decisions import ROLES, Unit
from dashboard.panels.decision_form import Plan
from pipelines.keeping import decide
from pipelines.keeping.decide import Decided, Event
from pipelines.keeping.home import Home
from schemas import wording
from schemas.periods import Month
from schemas.receipts import Decision
from schemas.vocabularies import EVENT_KIND

LONGEST = 60
_KINDS = {kind: words for kind, words in EVENT_KIND.items() if kind != "covid_pause"}
_NEW_LIMITS = (
    "Figures before and after a change of definition do not measure the same thing. Start new "
    "limits under each chart it affects, from the month of the change."
)


def offer(visit: Visit, units: Sequence[Unit], names: Mapping[str, str]) -> None:
    """An expander with the form; `units` are those it may be for, the default first."""
    key = f"annotate_{'_'.join(units[0])}"
    expander = st.expander("Record an event…", key=key, on_change="rerun")
    if expander.open:
        with expander, decision_form.around(key):
            _form(visit, units, names, key)


def _form(visit: Visit, units: Sequence[Unit], names: Mapping[str, str], key: str) -> None:
    left, middle, right = st.columns(3)
    whom = left.selectbox(
        "Who it concerns",
        list(units),
        format_func=lambda unit: _name(unit, names),
        key=f"{key}_whom",
    )
    day = middle.date_input(
        "When",
        value=visit.today,
        min_value=visit.facts["first_month"],
        max_value=visit.today,
        format="DD/MM/YYYY",
        key=f"{key}_day",
    )
    kind = right.selectbox("Kind", list(_KINDS), format_func=_KINDS.__getitem__, key=f"{key}_kind")
    label = st.text_input(
        "What happened, in a few words. Do not name anyone.",
        key=f"{key}_reason",
        max_chars=LONGEST,
    )
    if kind == "definition_change":
        page.html(f'<p class="fs-note">{_NEW_LIMITS}</p>')
    everyone = "everyone" if whom[0] == "programme" else _name(whom, names)
    event = f"{_KINDS[kind]}, {wording.day_of(day)}, for {everyone}"
    plan = Plan(
        f"Put “{label.strip()}” on the charts? {event}. {_later(visit, day)}You can undo it.",
        "Yes, put it on the charts",
        f"Recorded: {label.strip()}." + (f" {_NEW_LIMITS}" if kind == "definition_change" else ""),
        label,
        partial(_take, unit=whom, event=Event(day.isoformat(), kind, label)),
        partial(undo.straight_away, unit=whom),
        ROLES,
    )
    decision_form.offer(key, "Record this event", plan)


def _later(visit: Visit, day: date) -> str:
    """That a flag will be drawn only once there are figures of its month."""
    last, month = visit.facts["data_to"], Month.of(day)
    if last is None or month <= Month.of(last):
        return ""
    return f"Its flag is drawn once the charts go up to {month.label}. "


def _name(unit: Unit, names: Mapping[str, str]) -> str:
    level, code = unit
    return "Everyone" if level == "programme" else names.get(code, code)


def _take(home: Home, decided: Decided, *, unit: Unit, event: Event) -> Decision:
    visit = chart_decisions.require(unit)
    taken = decide.annotate(home, chart_decisions.codes(unit), event, decided)
    release = str(visit.facts["release_id"])
    audit.record("annotate", visit.scope, release, unit=unit[1], kind=event.kind)
    return taken
