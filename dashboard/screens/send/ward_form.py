"""One ward's figures as a form: checked while they are typed, and saved as a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts.table import Column as TableColumn
from dashboard.charts.table import html
from dashboard.page import last_save, page
from dashboard.screens.send import ward_draft
from dashboard.screens.send.ward_draft import Form, Opened, Typed
from dashboard.words import drafts as words
from pipelines.checking.parse import LARGEST_COUNT
from pipelines.checking.rules.return_status import NEEDED
from pipelines.drafting.basis import NOT_TYPED, Looked, look, set_aside
from pipelines.keeping.drafts import Draft
from schemas.returns import Column, columns_of

_STATUS, _EXPLAIN = "return_status", "explain"
_WITHOUT_FIGURES = ("ward_closed", "not_collected")
_DIFFERENCES = (
    TableColumn("what", "Figure", row_header=True),
    TableColumn("theirs", "Saved by them"),
    TableColumn("yours", "Typed by you"),
)


def show(form: Form, now: Draft | None) -> None:
    """The form of a ward; `now` is its draft at this moment, which somebody else may have saved."""
    opened = _opened(form, now)
    page.section(f"{form.basis.wards[form.ward]} in {form.basis.month.label}", _saved(form, now))
    if now and (why := set_aside(form.basis, now) or words.newer_return(form.basis.active, now)):
        st.warning(why)
    notice = st.container()
    places = _fields(form, opened)
    meanwhile = ward_draft.version(now) != ward_draft.version(opened.draft)
    if meanwhile:
        if not opened.changed or opened.typed == ward_draft.typed(form, now):  # nothing can be lost
            opened.begin(now, ward_draft.typed(form, now))
            st.rerun()
        with notice:
            _meanwhile(form, opened, now)
    typed = opened.typed
    looked = look(form.basis, {form.ward: typed})[form.ward]
    if typed.keys() - {_STATUS} or typed[_STATUS] != "data":
        _say(places, looked)
    if opened.changed:
        st.html(f'<p class="fs-note" role="status">{words.CHANGED}</p>')
    with st.container(horizontal=True):
        pressed = st.button("Save the draft", type="primary", key=f"{form.key} save")
        gone = now is not None and st.button("Delete this draft", key=f"{form.key} delete")
    if not meanwhile:  # what was saved before that would seem to be what is on the screen
        last_save.show(form.key)
    if message := opened.message:
        opened.message = ""
        st.warning(message)
    if pressed:
        ward_draft.save(form, opened, opened.draft)
    if gone and now:
        ward_draft.delete(form, opened, now)


def _opened(form: Form, now: Draft | None) -> Opened:
    """This session's form, with what was typed into it before."""
    opened = st.session_state.get(form.key)
    if opened is None:
        opened = st.session_state[form.key] = Opened(None, {})
        opened.begin(now, ward_draft.typed(form, now))
    if _field_key(form, opened, _STATUS) not in st.session_state:  # it was left, and is back
        opened.start = dict(opened.typed)
    return opened


def _saved(form: Form, now: Draft | None) -> str:
    if now is None:
        return "No draft has been saved yet."
    return f"{words.saved(now, form.by(now))}. {words.until(now)}"


def _fields(form: Form, opened: Opened) -> dict[str, DeltaGenerator]:
    """Every field, each with a place under it for what the check says; keeps what was typed."""
    columns = {n: c for n, c in columns_of("monthly").items() if n not in NOT_TYPED}
    first, *needed = [columns[name] for name in NEEDED]
    optional = [c for n, c in columns.items() if n not in (*NEEDED, _STATUS, _EXPLAIN)]
    asked = _Asked(form, opened)
    left, right = st.columns(2)
    asked.ask(left, columns[_STATUS])
    has_none = not opened.typed.keys() - {_STATUS, _EXPLAIN}
    if not has_none or asked.typed[_STATUS] not in _WITHOUT_FIGURES:
        asked.ask(right, first)
        asked.pairs(needed)
        for together, some in _kept_together(optional).items():
            filled = sum(column.name in opened.typed for column in some)
            label = together or "Optional figures"
            with st.expander(f"{label} ({filled} of {len(some)} filled in)"):
                asked.pairs(some)
    asked.ask(st.container(), columns[_EXPLAIN])
    opened.typed = asked.typed
    return asked.places


def _kept_together(optional: Sequence[Column]) -> dict[str, list[Column]]:
    """The optional fields under their headings, those that most wards fill in first."""
    found: dict[str, list[Column]] = {"": []}
    for column in optional:
        found.setdefault(column.together, []).append(column)
    return found


@dataclass
class _Asked:
    """The fields shown so far: what they hold, and the place under each for what is said of it."""

    form: Form
    opened: Opened
    typed: Typed = field(default_factory=dict)
    places: dict[str, DeltaGenerator] = field(default_factory=dict)

    def pairs(self, columns: Sequence[Column]) -> None:
        """Fields two by two, one below the other on a phone."""
        for first in range(0, len(columns), 2):
            for side, column in zip(st.columns(2), columns[first : first + 2], strict=False):
                self.ask(side, column)

    def ask(self, place: DeltaGenerator, column: Column) -> None:
        """One field, with what it asks for and what the month before had."""
        with place:
            value = _field(self.form, self.opened, column)
            if value not in (None, ""):
                self.typed[column.name] = value
            before = escape(words.last_month(self.form.basis, self.form.ward, column.name))
            about = "" if column.name == _STATUS else escape(column.description)
            st.html(f'<p class="fs-note"><strong>{before}</strong> {about}</p>')
            self.places[column.name] = st.container()


def _field(form: Form, opened: Opened, column: Column) -> int | str | None:
    key, start = _field_key(form, opened, column.name), opened.start.get(column.name)
    if column.name == _STATUS:
        options = list(column.allowed)
        first = options.index(str(start)) if start in options else 0
        return st.selectbox(column.title, options, first, format_func=column.in_words, key=key)
    if column.kind == "count":
        _begin(key, start if isinstance(start, int) else None)
        return st.number_input(column.title, 0, LARGEST_COUNT, None, 1, key=key)
    if column.allowed:
        choices, read = list(column.allowed), column.in_words
        _begin(key, start if start in choices else None)
        return st.selectbox(column.title, choices, None, read, key=key, placeholder="Not filled in")
    text = st.text_input(column.title, str(start or ""), max_chars=column.longest, key=key)
    return text.strip()


def _begin(key: str, value: object) -> None:
    """Fill a field in without a default, to which Streamlit would return once it is cleared."""
    if key not in st.session_state:
        st.session_state[key] = value


def _field_key(form: Form, opened: Opened, name: str) -> str:
    return f"{form.key} {opened.turn} {name}"


def _say(places: Mapping[str, DeltaGenerator], looked: Looked) -> None:
    """What the check would say now, each under its field, and what is blank at the end."""
    for problem in (*looked.errors, *looked.queries):
        kind = "wrong" if problem in looked.errors else "ask"
        sentence = escape(words.finding(problem))
        place = places.get(str(problem.column)) or st
        place.html(f'<p class="fs-{kind}" role="status">{sentence}</p>')
    if still := words.blank(looked):
        st.html(f'<p class="fs-note">{escape(still)}</p>')


def _meanwhile(form: Form, opened: Opened, now: Draft | None) -> None:
    """Somebody else saved or deleted this ward: show both, and let this person decide."""
    if now is None:
        st.warning(words.GONE)
    else:
        st.warning(words.meanwhile(now, form.by(now)))
        rows = words.differences(opened.typed, ward_draft.typed(form, now))
        page.html(html("Where the two differ", _DIFFERENCES, rows))
    with st.container(horizontal=True):
        if st.button("Use what is saved", key=f"{form.key} theirs"):
            opened.begin(now, ward_draft.typed(form, now))
            st.rerun()
        if st.button("Save mine instead", key=f"{form.key} mine"):
            ward_draft.save(form, opened, now)
