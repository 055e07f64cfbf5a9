"""Tokens for programs that send returns or read figures: who has one, issuing and revoking one."""

from collections.abc import Callable
from datetime import date, timedelta
from html import escape

import streamlit as st

from dashboard import access, audit, token_holders
from dashboard.access import Scope
from dashboard.charts.table import Column, html
from dashboard.page import page, session
from dashboard.page.session import Visit
from dashboard.panels import decision_form
from dashboard.words import tokens as words
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home, open_home
from pipelines.keeping.tokens import MOST_DAYS, USUAL_DAYS, Kept, NewToken, TokenError, revoke
from pipelines.keeping.tokens import tokens as every_token
from schemas.tokens import SENDING

_COLUMNS = (
    Column("name", "What uses it", row_header=True),
    Column("holder", "Issued to"),
    Column("trusts", "Trusts"),
    Column("may", "May"),
    Column("expires", "Last day"),
    Column("state", "State"),
    Column("id", "ID"),
)


def show(visit: Visit) -> None:
    """Every token, and the forms to issue one and to revoke one."""
    home = open_home(session.home())
    found = every_token(home)
    page.section("Tokens for programs", words.how_many(found, session.today()))
    st.html(
        '<p class="fs-note">A token lets a program send a trust’s returns and download its '
        "workbooks, or read figures, without anyone signing in. It never allows more than the "
        "person it was issued to may do that day: when their access ends, so does the token.</p>"
    )
    _show_result()
    if found:
        rows = [words.row(kept, session.today()) for kept in found]
        page.html(html("Tokens, newest first", _COLUMNS, rows))
    _issue(visit, home)
    _revoke(visit, home, [kept for kept in found if kept.state(session.today()) == "in use"])


def _issue(visit: Visit, home: Home) -> None:
    page.section("Issue a token")
    today = session.today()
    purpose = st.selectbox(
        "What it is for", list(words.FOR), format_func=words.FOR.__getitem__, key="token_for"
    )
    figures = purpose == "figures"
    scope_of = token_holders.reader if figures else token_holders.sender
    people = _people(home, scope_of)
    if not people:
        st.html('<p class="fs-note">Nobody in the register can send returns today.</p>')
        return
    email = st.selectbox(
        "Issued to", list(people), format_func=people.__getitem__, key=f"token_holder_{purpose}"
    )
    scope = scope_of(home, email, today)
    own = sorted(scope.trusts) if scope else []
    everything = scope is not None and scope.sees_everything
    with st.form("token", border=False, clear_on_submit=True):
        name = st.text_input("What uses it, such as “Incident system export”", max_chars=60)
        trusts = []
        if not everything:
            trusts = st.multiselect("Trusts", own, default=own, key=f"token_trusts_{email}")
        may = ["figures"]
        if not figures:
            may = st.multiselect("It may", SENDING, SENDING, words.MAY.__getitem__)
        last = st.date_input(
            "Last day",
            value=today + timedelta(days=USUAL_DAYS),
            min_value=today,
            max_value=today + timedelta(days=MOST_DAYS),
            format="DD/MM/YYYY",
        )
        pressed = st.form_submit_button("Issue the token", type="primary")
    if pressed:
        page.only_today(visit)
        if not trusts and not everything:
            st.error("Choose at least one trust.")
            return
        by, at = session.admit("programme").scope.email, session.now()
        new = NewToken(name, email, trusts, may, last)
        try:
            token, text = token_holders.issue(home, new, by, at)
        except TokenError as refused:
            st.error(str(refused))
            return
        audit.record("token_issued", visit.scope, visit.release.stem, token=token.id)
        st.session_state["token_issued"] = token, text
        st.rerun()


def _revoke(visit: Visit, home: Home, used: list[Kept]) -> None:
    if not used:
        return
    page.section(
        "Revoke a token",
        "For a token that is lost or no longer needed. It stops working at once, for good.",
    )
    by_id = {kept.token.id: kept for kept in used}
    chosen = st.selectbox(
        "Token", list(by_id), format_func=lambda ident: words.label(by_id[ident]), key="token_gone"
    )
    with st.form("revoke token", border=False):
        reason = st.text_input(decision_form.WHY, max_chars=500)
        sure = st.checkbox(words.revoke(by_id[chosen]), key=f"token_sure_{chosen}")
        pressed = st.form_submit_button("Revoke the token")
    if pressed:
        page.only_today(visit)
        if not sure:
            st.error("Tick the box first, so that no token is revoked by mistake.")
            return
        by, at = session.admit("programme").scope.email, session.now()
        try:
            ended = revoke(home, chosen, Decided(by, at, reason))
        except TokenError as refused:
            st.error(str(refused))
            return
        audit.record("token_revoked", visit.scope, visit.release.stem, token=chosen)
        st.session_state["token_revoked"] = ended.token.name
        st.rerun()


def _show_result() -> None:
    """What was just done; a new token stays until it has been copied, as it is shown only once."""
    if name := st.session_state.pop("token_revoked", None):
        st.success(f"The token for “{name}” has been revoked.")
    if "token_issued" not in st.session_state:
        return
    token, text = st.session_state["token_issued"]
    st.html(f'<p class="fs-lead">{escape(words.issued(token))}</p>')
    st.code(text, language=None, wrap_lines=True)
    st.html('<p class="fs-note">Issued by mistake? Revoke it below: it then never works.</p>')
    st.button("I have copied it", on_click=st.session_state.pop, args=("token_issued", None))


def _people(home: Home, scope_of: Callable[[Home, str, date], Scope | None]) -> dict[str, str]:
    """Everyone who can have a token today, by e-mail, with their trusts."""
    emails = home.archive.newest_register().access["email"].unique().sort()
    found = [scope_of(home, email, session.today()) for email in emails]
    return {who.email: f"{who.name}, {access.describe(who)}" for who in found if who}
