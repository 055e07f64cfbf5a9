"""The last step: answer the queries, see what would change, and send."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby

import streamlit as st

from dashboard.charts.table import Column, html
from dashboard.views import door, page, send_problems, send_upload
from dashboard.views.send_upload import Sending
from dashboard.words import phrases
from dashboard.words import sending as words
from pipelines.sending import Look, inbox, send
from schemas.problems import Problem, Severity

SHOWN = 200
_CHANGES = (
    Column("ward", "Ward", row_header=True),
    Column("what", "Column"),
    Column("before", "Now"),
    Column("after", "In your file"),
)


def show(sending: Sending, look: Look, today: date) -> None:
    """What was found, what changes, the queries with room for a reason, and the way to send it."""
    checked = look.checked
    page.section("What was found", words.found(checked.problems))
    page.facts(
        {
            "File": checked.filename,
            "For": f"{checked.trust}, {sending.month.label}",
            "Rows": f"{checked.rows:,}",
            "Status": phrases.starting(checked.data_status or ""),
        }
    )
    st.button("Choose another file", on_click=send_upload.forget, args=(sending,))
    send_problems.notes(checked.problems)
    _changes(look)
    queries = [p for p in checked.problems if p.severity is Severity.QUERY]
    page.section("Send it", words.to_do(len(queries), look.active))
    if queries:
        send_problems.download(look)
    with st.form(f"send {checked.sha256}", border=False):
        reasons = _reasons(queries, checked.sha256)
        pressed = st.form_submit_button("Send this return", type="primary")
    if pressed and _complete(reasons, queries, sending, today):
        _send(sending, look, reasons)


def _changes(look: Look) -> None:
    if look.active is None or look.changes is None:
        return
    sent = phrases.moment(look.active.received_at)
    page.section(
        "What changes",
        f"Version {look.active.version}, received at {sent}, is in use now. "
        f"{words.changing(look)} Every version stays.",
    )
    if not look.changes.is_empty():
        rows = [words.change(row) for row in look.changes.head(SHOWN).iter_rows(named=True)]
        more = look.changes.height > SHOWN
        note = f"The first {SHOWN} of {look.changes.height:,}." if more else ""
        page.html(html("Cells that change", _CHANGES, rows, note))


def _reasons(queries: list[Problem], sha256: str) -> dict[str, str]:
    """A reason for each kind of query, beneath the cells it is about."""
    reasons = {}
    for code, group in groupby(sorted(queries, key=lambda p: p.code), key=lambda p: p.code):
        asked = words.lines(group)
        shown = asked[: send_problems.SHOWN]
        note = f"The first {len(shown)} of {len(asked)}: all are in the problem report."
        send_problems.narrow(words.asked(code, asked), shown, note * (len(asked) > len(shown)))
        reasons[code] = st.text_area(
            f"Your reason ({code})",
            key=f"reason {code} {sha256}",
            max_chars=500,
            help="Say what happened on the ward, without names or anything that tells who it was.",
        ).strip()
    return reasons


def _complete(
    reasons: Mapping[str, str], queries: list[Problem], sending: Sending, today: date
) -> bool:
    """Every query has a reason, and no reason speaks of a person."""
    wards = sending.home.archive.register().wards_of(sending.trust, sending.month)
    places = frozenset(word for name in wards["ward_name"].drop_nulls() for word in name.split())
    said = [words.reason_problem(code, text, today, places) for code, text in reasons.items()]
    for sentence in filter(None, said):
        st.error(sentence)
    return not any(said)


def _send(sending: Sending, look: Look, reasons: Mapping[str, str]) -> None:
    upload, by = sending.upload(), sending.scope.email
    if upload is None or upload.sha256 != look.checked.sha256:
        send_upload.look_again(sending, "The file has changed meanwhile: look at it once more.")
        st.rerun()
    with st.spinner("Keeping your return and working out the figures"):
        kept = send(sending.home, upload, look, by, door.now(), reasons, sending.scope.trusts)
    if kept is None or kept.receipt is None:
        send_upload.look_again(
            sending,
            "Nothing was sent: something about this month has changed since the file was checked, "
            "so it has been checked again. Please look once more.",
        )
        st.rerun()
    # The file goes last: a second click that comes before finds it and is given the same receipt.
    receipt = kept.receipt
    st.session_state[f"trouble {receipt.return_id}"] = kept.trouble
    st.query_params.from_dict(
        {"trust": receipt.trust_code, "month": receipt.month, "version": str(receipt.version)}
    )
    inbox(sending.home).remove(*sending.place)
    st.session_state.pop(f"look {sending.key}", None)
    st.rerun()
