"""The answers about the whole return, and the check of the workbook made from the drafts."""

from collections.abc import Sequence

import streamlit as st

from dashboard.charts.table import Column as TableColumn
from dashboard.charts.table import html
from dashboard.page import page, progress, session
from dashboard.screens.send import upload
from dashboard.screens.send.upload import Sending
from dashboard.words import drafts as words
from dashboard.words import findings
from dashboard.words.findings import Line
from pipelines.drafting.basis import CONFIRMED, Basis, workbook_of
from pipelines.keeping.drafts import Draft
from pipelines.keeping.uploads import Upload
from schemas.problems import Severity
from schemas.returns import ALWAYS, Column, columns_of

_DECLARATION = "declaration"
_ERRORS = (
    TableColumn("where", "Where", row_header=True),
    TableColumn("column", "Figure"),
    TableColumn("problem", "Problem"),
    TableColumn("fix", "How to fix"),
)


def show(sending: Sending, basis: Basis, ready: Sequence[Draft]) -> None:
    """What is left to answer, the button that checks it all, and what must be corrected first."""
    page.section("Send them together", words.missing(basis, ready))
    if not ready:
        page.lead("Save a ward first.")
        return
    cover = _cover(sending, basis)
    if st.button("Check the return", type="primary", key=f"check {sending.key}"):
        _check(sending, basis, ready, cover)
    look, made_from = st.session_state.get(f"drafted {sending.key}", (None, None))
    if look is not None and made_from == _versions(ready):
        errors = [p for p in look.checked.problems if p.severity is Severity.ERROR]
        page.section(
            "Correct these first",
            "Nothing has been sent. Open each ward, correct it and save it, then check again.",
        )
        rows = [_row(basis, line) for line in findings.lines(errors)]
        page.html(html("Errors to correct", _ERRORS, rows))


def _cover(sending: Sending, basis: Basis) -> dict[str, str | None]:
    """The answers about the whole return, as they were last time unless they are changed."""
    columns = {name: columns_of("cover")[name] for name in CONFIRMED}
    before = basis.rows["cover"][0]
    needed = [c for n, c in columns.items() if c.required == ALWAYS and n != _DECLARATION]
    said: dict[str, str | None] = {}
    lacking = any(not before.get(column.name) for column in needed)
    with st.expander("About the whole return, as last time", expanded=lacking):
        for column in [c for n, c in columns.items() if n != _DECLARATION]:
            said[column.name] = _answer(sending, column, str(before.get(column.name) or ""))
    declared = st.checkbox(
        "These figures were counted with the definitions in this form.",
        key=f"cover {sending.key} {_DECLARATION}",
    )
    return {**said, _DECLARATION: "yes" if declared else None}


def _answer(sending: Sending, column: Column, before: str) -> str | None:
    key = f"cover {sending.key} {column.name}"
    if column.allowed:
        at = column.allowed.index(before) if before in column.allowed else None
        return st.selectbox(
            column.title,
            column.allowed,
            at,
            format_func=column.in_words,
            key=key,
            help=column.description,
            placeholder="Choose one",
        )
    text = st.text_input(
        column.title, before, max_chars=column.longest, key=key, help=column.description
    )
    return text.strip() or None


def _check(
    sending: Sending, basis: Basis, ready: Sequence[Draft], cover: dict[str, str | None]
) -> None:
    if wait := session.rate_limits().ask("uploads", sending.scope.email):
        st.warning(f"You have checked many returns in a short time. Try again {wait.words}.")
        return
    file = Upload(
        f"ssc_return_{sending.trust}_{sending.month}.xlsx",
        workbook_of(basis, ready, cover),
        session.now(),
        _versions(ready),
    )
    with progress.working(upload.CHECKING):
        look = upload.put(sending, file)
    st.session_state[f"drafted {sending.key}"] = (look, file.drafts)
    if look.may_be_sent:
        st.rerun()
    upload.forget(sending)  # what must be corrected is in the drafts, not in a file


def _row(basis: Basis, line: Line) -> dict[str, str]:
    """An error without the cells of a workbook that nobody has seen."""
    where = basis.wards.get(line.wards, line.wards) or "The whole return"
    return {"where": where, "column": line.column, "problem": line.problem, "fix": line.fix}


def _versions(drafts: Sequence[Draft]) -> dict[str, int]:
    return {draft.ward: draft.version for draft in drafts}
