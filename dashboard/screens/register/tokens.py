"""Tokens with which programs send returns: who has one, a new one, the end of one."""

from datetime import timedelta
from html import escape

import streamlit as st

from dashboard import access, audit, token_holders
from dashboard.charts.table import Column, html
from dashboard.page import page, session
from dashboard.page.session import Visit
from dashboard.words import tokens as words
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home, open_home
from pipelines.keeping.tokens import MOST_DAYS, USUAL_DAYS, Kept, NewToken, TokenError, revoke
from pipelines.keeping.tokens import tokens as every_token

_COLUMNS = (
    Column("name", "What uses it", row_header=True),
    Column("holder", "In whose name"),
    Column("trusts", "Trusts"),
    Column("may", "May"),
    Column("expires", "Last day"),
    Column("state", "State"),
    Column("id", "Id"),
)


def show(visit: Visit) -> None:
    """Every token, and for the programme team the ways to issue and to revoke one."""
    home = open_home(session.home())
    found = every_token(home)
    page.section("Tokens for programs", words.how_many(found, session.today()))
    st.html(
        '<p class="fs-note">A token lets a trust’s own system send its returns and fetch its '
        "workbooks without anybody signing in. It never allows more than the person it was issued "
        "to may do that day: when their access ends, so does the token.</p>"
    )
    _tell()
    if found:
        rows = [words.row(kept, session.today()) for kept in found]
        page.html(html("Tokens, the newest first", _COLUMNS, rows))
    _issue(visit, home)
    _revoke(visit, home, [kept for kept in found if kept.state(session.today()) == "in use"])


def _issue(visit: Visit, home: Home) -> None:
    page.section("Issue a token")
    people = _senders(home)
    if not people:
        st.html('<p class="fs-note">Nobody in the register sends returns today.</p>')
        return
    today = session.today()
    email = st.selectbox(
        "In whose name", list(people), format_func=people.__getitem__, key="token_holder"
    )
    own = sorted(scope.trusts) if (scope := token_holders.sender(home, email, today)) else []
    with st.form("token", border=False, clear_on_submit=True):
        name = st.text_input("What uses it, such as “Incident system export”", max_chars=60)
        trusts = st.multiselect("Trusts", own, default=own, key=f"token_trusts_{email}")
        may = st.multiselect("It may", list(words.MAY), list(words.MAY), words.MAY.__getitem__)
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
        if not trusts:
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
    page.section("Revoke a token", "At once, and for good: for one that is lost or not needed.")
    by_id = {kept.token.id: kept for kept in used}
    chosen = st.selectbox(
        "Token", list(by_id), format_func=lambda ident: words.label(by_id[ident]), key="token_gone"
    )
    with st.form("revoke token", border=False):
        reason = st.text_input("Why, for the record. Do not name a person.", max_chars=500)
        sure = st.checkbox(words.revoke(by_id[chosen]), key=f"token_sure_{chosen}")
        pressed = st.form_submit_button("Revoke the token")
    if pressed:
        page.only_today(visit)
        if not sure:
            st.error("Tick the box first, so that none is revoked by a slip.")
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


def _tell() -> None:
    """What was just done; a new token stays until it is put away, because it is shown only once."""
    if name := st.session_state.pop("token_revoked", None):
        st.success(f"The token for “{name}” is revoked.")
    if "token_issued" not in st.session_state:
        return
    token, text = st.session_state["token_issued"]
    st.html(f'<p class="fs-lead">{escape(words.issued(token))}</p>')
    st.code(text, language=None, wrap_lines=True)
    st.button("I have copied it", on_click=st.session_state.pop, args=("token_issued", None))


def _senders(home: Home) -> dict[str, str]:
    """Everybody who sends returns today, by e-mail, with their trusts."""
    emails = home.archive.register().access["email"].unique().sort()
    found = [token_holders.sender(home, email, session.today()) for email in emails]
    return {who.email: f"{who.name}, {access.describe(who)}" for who in found if who}
