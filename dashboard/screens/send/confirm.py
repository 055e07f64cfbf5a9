"""The last step: explain the queries, see what would change, and send."""

from collections.abc import Mapping

import streamlit as st

from dashboard.charts.table import Column, html
from dashboard.page import page, progress, session, sign_in_log
from dashboard.panels import what_helps
from dashboard.screens.send import explanations, problems, upload
from dashboard.screens.send.upload import Sending
from dashboard.words import drafts as draft_words
from dashboard.words import findings
from dashboard.words import sending as words
from pipelines.accepting.preview import Preview
from pipelines.accepting.submission import Arrival, Submission
from pipelines.drafting.drafting import DraftsChanged, send_drafted
from pipelines.keeping.drafts import DraftsUnreadable
from pipelines.keeping.explanations import queries_of, unfit_reasons, without_reason
from pipelines.sending import send
from schemas import wording
from schemas.problems import Problem

SHOWN = 200
_CHANGES = (
    Column("ward", "Ward", row_header=True),
    Column("what", "Column"),
    Column("before", "Now"),
    Column("after", "In this return"),
)


def show(sending: Sending, look: Preview) -> None:
    """The findings, what would change, a field to explain each query, and the button to send."""
    checked = look.checked
    queries, again = queries_of(checked.problems), words.is_in_use(look)
    before = len(queries) - len(without_reason(queries, look.carried))
    summary = words.summary_in_use() if again else words.summary(checked.problems, before)
    page.section("What the check found", summary)
    page.facts(
        {
            "File": checked.filename,
            "For": f"{checked.trust}, {sending.label}",
            "Rows": f"{checked.rows:,}",
            "Status": wording.starting(checked.data_status or ""),
        }
    )
    file = sending.upload()
    drafted = bool(file and file.drafts)
    back = "Back to the wards" if drafted else "Choose another file"
    st.button(back, on_click=upload.forget, args=(sending,))
    problems.notes(checked.problems)
    _changes(look)
    if again:
        page.section("Send it again", words.to_do_again(len(queries)))
    else:
        page.section("Send it", words.to_do(len(queries), look.active, before, drafted))
    if queries:
        problems.download(look)
        what_helps.show("query")
    with st.form(f"send {checked.sha256}", border=False):
        reasons = explanations.ask(queries, look.carried, checked.sha256)
        pressed = st.form_submit_button("Send this return", type="primary")
    if pressed:
        upload.remember(sending, look, reasons)
    if pressed and _complete(reasons, queries, sending, again):
        _send(sending, look, reasons)


def _changes(look: Preview) -> None:
    if look.active is None or look.changes is None:
        return
    sent = wording.moment(look.active.received_at)
    page.section(
        "What changes",
        f"Version {look.active.version}, received at {sent}, is in use now. "
        f"{words.changing(look)} Every version is kept.",
    )
    if not look.changes.is_empty():
        rows = [words.change(row) for row in look.changes.head(SHOWN).iter_rows(named=True)]
        more = look.changes.height > SHOWN
        note = f"The first {SHOWN} of {look.changes.height:,}." if more else ""
        page.html(html("Cells that change", _CHANGES, rows, note))


def _complete(
    reasons: Mapping[str, str], queries: list[Problem], sending: Sending, again: bool
) -> bool:
    """Whether every query that needs one has an explanation, and none identifies a person."""
    register = sending.home.archive.newest_register()
    without = [] if again else without_reason(queries, reasons)
    sentences = [
        *findings.lacking(without, queries),
        *unfit_reasons(queries, reasons, register, session.today()),
    ]
    for sentence in sentences:
        st.error(sentence)
    return not sentences


def _send(sending: Sending, look: Preview, reasons: Mapping[str, str]) -> None:
    file, by = sending.upload(), sending.scope.email
    if file is None or file.sha256 != look.checked.sha256:
        upload.look_again(
            sending, "The file has changed since you last looked: please check it again."
        )
        st.rerun()
    due = session.due()
    with progress.working("Saving your return"), session.builder().saving():
        arrival = Arrival(
            file.content, file.filename, by, session.now(), reasons, sending.scope.trusts
        )
        kept = _kept(sending, look, arrival, file.drafts)
        if kept.receipt and (kept.answers_kept or not kept.already_kept):
            session.saved(due)
    if kept.receipt is None:
        upload.look_again(
            sending,
            "Nothing was sent: something about this month has changed since the file was checked, "
            "so it has been checked again. Please look at the result.",
        )
        st.rerun()
    # Remove the file last: until then, a second click finds it and gets the same receipt.
    receipt = kept.receipt
    if kept.answers_kept:
        sign_in_log.log("answer", version=receipt.return_id)
    elif not kept.already_kept:
        typed = {"drafts": str(len(file.drafts))} if file.drafts else {}
        sign_in_log.log("send", version=receipt.return_id, **typed)
    st.session_state[f"explained {receipt.return_id}"] = kept.answers_kept
    st.query_params.from_dict(
        {"trust": receipt.trust_code, "month": receipt.slot, "version": str(receipt.version)}
    )
    upload.finish(sending)
    st.rerun()


def _kept(
    sending: Sending, look: Preview, arrival: Arrival, drafts: Mapping[str, int]
) -> Submission:
    """Send the file; if it was made from drafts that have changed, go back to the wards."""
    if not drafts:
        return send(sending.home, look, arrival)
    try:
        return send_drafted(sending.home, look, arrival, drafts)
    except DraftsChanged as found:
        upload.forget(sending)
        upload.look_again(sending, draft_words.file_is_old(found.wards))
    except DraftsUnreadable as unreadable:
        upload.look_again(sending, str(unreadable))
    st.rerun()
