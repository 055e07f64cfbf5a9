"""Record a test of change, save a new version of one, or undo what was saved."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import polars as pl
import streamlit as st

from dashboard import audit
from dashboard.page import measures, page, session
from dashboard.page.session import Visit
from dashboard.panels import chart_decisions, decision_form
from dashboard.panels.chart_decisions import ROLES, Unit
from dashboard.panels.decision_form import Plan
from dashboard.queries.change_tests import change_tests
from dashboard.queries.organisations import wards
from pipelines.keeping import decide
from pipelines.keeping.change_tests import Entry, checked, log, record, revise, undo
from pipelines.keeping.decide import Decided, DecisionError, UnitCodes
from pipelines.keeping.home import Home, open_home
from schemas import wording
from schemas.change_tests import ChangeTest
from schemas.receipts import Decision
from schemas.tables.kinds import FOUNDATIONS
from schemas.vocabularies import LONGEST_IDEA, LONGEST_TEXT, OUTCOMES

_USUAL = timedelta(weeks=6)  # from start to planned end, until someone chooses another day
_NEW, _CHANGE, _UNDO = "new_test", "change_test", "undo_test"
_NAME_NOBODY = "Do not name anyone."


def offer(visit: Visit, known: pl.DataFrame) -> None:
    """Expanders to record a test, and to change or undo one of those in `known`."""
    if visit.facts["as_at"] is not None:
        return
    page.section(
        "Keep the log",
        "What you save is drawn as a flag on every chart of the ward. Nothing is ever deleted: a "
        "change is a new version, and undoing one brings the version before back.",
    )
    new = st.expander("Record a test of change…", key=f"{_NEW}_open", on_change="rerun")
    if new.open:
        with new:
            _new(visit)
    if known.is_empty():
        decision_form.show_result(_UNDO)
        return
    change = st.expander("Change or undo one…", key=f"{_CHANGE}_open", on_change="rerun")
    if change.open:
        with change:
            _change(visit, known)


@decision_form.around(_NEW, also=(f"{_NEW}_idea", f"{_NEW}_happened"))
def _new(visit: Visit) -> None:
    names = visit.keep(_wards)
    if not names:
        page.html('<p class="fs-note">There is no ward here yet.</p>')
        return
    ward = st.selectbox("Ward", list(names), format_func=names.__getitem__, key=f"{_NEW}_ward")
    tried = _fields(visit, _NEW, None)
    unit = ("ward", ward)
    plan = Plan(
        f"Record “{tried.idea.strip()}” for {names[ward]}, {_when(tried)}? It will be drawn on the "
        "ward’s charts. You can change or undo it.",
        "Yes, record it",
        f"Recorded: {tried.idea.strip()}, {names[ward]}.",
        tried.prediction,
        partial(_record, unit=unit, tried=tried),
        partial(_straight_away, unit=unit),
        ROLES,
        check=partial(_check, codes=chart_decisions.codes(unit), tried=tried),
        about=tried,
    )
    decision_form.offer(_NEW, "Record this test of change", plan)


def _change(visit: Visit, known: pl.DataFrame) -> None:
    kept = {entry.test_id: entry for entry in log(_home().archive.decisions())}
    names = {
        row["test_id"]: f"{row['idea']}, {row['ward_name']}, from {wording.day_of(row['starts'])}"
        for row in known.iter_rows(named=True)
        if row["test_id"] in kept
    }
    if not names:
        decision_form.show_result(_UNDO)
        return
    chosen = st.selectbox(
        "Test of change", list(names), format_func=names.__getitem__, key=f"{_CHANGE}_chosen"
    )
    entry = kept[chosen]
    with decision_form.around(_CHANGE):
        _revision(visit, entry, names[chosen])
    with decision_form.around(_UNDO):
        _undo(visit, entry, names[chosen])


def _revision(visit: Visit, entry: Entry, name: str) -> None:
    """The fields of an entry as they are, to save them as a new version."""
    newest = entry.newest
    tried = _fields(visit, f"{_CHANGE}_{newest.id}", newest.tried)
    why = st.text_input(f"Why you change it. {_NAME_NOBODY}", key=f"{_CHANGE}_reason")
    codes, unit = UnitCodes(newest.trust_code, newest.ward_code), _unit(newest)
    plan = Plan(
        f"Save this as a new version of “{name}”? The version before stays in the archive "
        "with your name and your reason, and you can undo this.",
        "Yes, save it",
        f"Saved: {tried.idea.strip()}.",
        why,
        partial(_revise, test_id=entry.test_id, version=newest.id, tried=tried),
        partial(_straight_away, unit=unit),
        ROLES,
        check=partial(_check, codes=codes, tried=tried),
        about=tried,
    )
    decision_form.offer(_CHANGE, "Save as a new version", plan)


def _undo(visit: Visit, entry: Entry, name: str) -> None:
    """Undo the newest version or, by undoing the first, remove the whole entry."""
    page.html('<p class="fs-takeaway">Undo</p>')
    what = {entry.test_id: "Remove the whole entry"}
    if len(entry.versions) > 1:
        what = {entry.newest.id: "Undo the newest version", **what}
    page.html(f'<p class="fs-note">{_history(visit, entry)}</p>')
    # A choice made for one version must not stand for the next.
    chosen = st.radio(
        "What to undo",
        list(what),
        format_func=what.__getitem__,
        key=f"{_UNDO}_what_{entry.newest.id}",
    )
    why = st.text_input(f"Why undo it? {_NAME_NOBODY}", key=f"{_UNDO}_reason")
    plan = Plan(
        f"{what[chosen]}: “{name}”? What was saved stays in the archive, with your reason.",
        "Yes, undo it",
        f"Undone: {name}.",
        why,
        partial(_take_back, test_id=entry.test_id, version=chosen),
        partial(_straight_away, unit=_unit(entry.newest)),
        ROLES,
        about=entry.newest.id,  # a version saved meanwhile is asked about again
    )
    decision_form.offer(_UNDO, "Undo", plan)


def _history(visit: Visit, entry: Entry) -> str:
    newest = entry.newest
    by = chart_decisions.by(newest, visit)
    return f"Version {len(entry.versions)}, saved by {by}, {wording.moment(newest.decided_at)}."


def _fields(visit: Visit, key: str, before: ChangeTest | None) -> ChangeTest:
    """What a person has typed; the fields begin as in the version before, or else empty."""
    was = before.model_dump() if before else {"start": visit.today, "end": visit.today + _USUAL}
    left, right = st.columns(2)
    first, second, third = st.columns(3)
    return ChangeTest(
        idea=left.text_input(
            f"The idea, in a few words. {_NAME_NOBODY}",
            value=was.get("idea", ""),
            max_chars=LONGEST_IDEA,
            key=f"{key}_idea",
        ),
        foundation=_one(right, "Foundation", FOUNDATIONS, was.get("foundation"), f"{key}_of"),
        start=first.date_input(
            "Start", value=was["start"], format="DD/MM/YYYY", key=f"{key}_start"
        ),
        end=second.date_input(
            "End, planned or actual", value=was["end"], format="DD/MM/YYYY", key=f"{key}_end"
        ),
        measure=_one(
            third, "Should show in", visit.keep(_watched), was.get("measure"), f"{key}_measure"
        ),
        # Whatever is the reason for the record is cleared once it has been saved.
        prediction=_text(
            "What you predict.",
            was.get("prediction"),
            f"{key}_prediction" if before else f"{key}_reason",
        ),
        happened=_text(
            "What happened, as far as you know.", was.get("happened"), f"{key}_happened"
        ),
        outcome=_one(st, "Outcome", _OUTCOMES, was.get("outcome"), f"{key}_outcome"),
    )


_OUTCOMES = {None: "None yet", **OUTCOMES}


def _one(place, label: str, options: Mapping, before: str | None, key: str):
    """One of some options; what was chosen before is among them even if no longer offered."""
    known = [*options] if before in options else [before, *options] if before else [*options]
    return place.selectbox(
        label,
        known,
        index=known.index(before) if before in known else 0,
        format_func=lambda code: options.get(code, str(code)),
        key=key,
    )


def _text(label: str, before: str | None, key: str) -> str:
    return st.text_area(
        f"{label} {_NAME_NOBODY}", value=before or "", max_chars=LONGEST_TEXT, key=key
    )


def _watched(visit: Visit) -> dict[str | None, str]:
    """The measures that may show whether it helped, by their codes."""
    every = measures.all_of(visit).items()
    names = {code: str(about["short_name"]) for code, about in every if not about["restricted"]}
    return {None: "No measure in particular", **names}


def _when(tried: ChangeTest) -> str:
    return f"{wording.day_of(tried.start)} to {wording.day_of(tried.end)}"


def _wards(visit: Visit) -> dict[str, str]:
    """The wards that a person may record a test for, with their trusts if there are several."""
    several = visit.scope.has_several
    return {
        row["ward_id"]: f"{row['ward_name']}, {row['trust_name']}" if several else row["ward_name"]
        for row in visit.ask(wards).iter_rows(named=True)
    }


def _home() -> Home:
    return open_home(session.home())


def _check(home: Home, *, codes: UnitCodes, tried: ChangeTest) -> None:
    checked(home, codes, tried, session.now())


def _record(home: Home, decided: Decided, *, unit: Unit, tried: ChangeTest) -> Decision:
    visit = chart_decisions.require(unit)
    taken = record(home, chart_decisions.codes(unit), tried, decided)
    _log(visit, unit, taken)
    return taken


def _revise(
    home: Home, decided: Decided, *, test_id: str, version: str, tried: ChangeTest
) -> Decision:
    visit, unit = _of_theirs(test_id)
    taken = revise(home, version, tried, decided)
    _log(visit, unit, taken)
    return taken


def _take_back(home: Home, decided: Decided, *, test_id: str, version: str) -> Decision:
    visit, unit = _of_theirs(test_id)
    taken = decide.undo(home, version, decided)
    _log(visit, unit, taken)
    return taken


def _straight_away(home: Home, decided: Decided, saved: Decision, *, unit: Unit) -> Decision:
    visit = chart_decisions.require(unit)
    taken = undo(home, saved, decided)
    _log(visit, unit, taken)
    return taken


def _unit(version: Decision) -> Unit:
    return "ward", f"{version.trust_code}-{version.ward_code}"


def _of_theirs(test_id: str) -> tuple[Visit, Unit]:
    """The visit of someone who may change a test, and its ward; raises DecisionError."""
    visit = session.admit(*ROLES)
    found = visit.ask(change_tests).filter(pl.col("test_id") == test_id)
    if found.is_empty():
        raise DecisionError("This test of change is not in the log of any of your wards.")
    unit = ("ward", str(found["ward_id"][0]))
    return chart_decisions.require(unit), unit


def _log(visit: Visit, unit: Unit, taken: Decision) -> None:
    release = str(visit.facts["release_id"])
    audit.record("change_test", visit.scope, release, unit=unit[1], decision=taken.id)
