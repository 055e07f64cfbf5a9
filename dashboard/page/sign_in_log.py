"""Signing in and out: each is one line of the audit log, and signing out applies everywhere."""

from html import escape

import streamlit as st

from dashboard import access, audit, store
from dashboard.access import Scope
from dashboard.identity import key_of
from dashboard.page import session


def log_visit(scope: Scope | None) -> None:
    """Log a sign-in once, and again when the register gives the person a new role or trusts."""
    email = session.claimed_email()
    if email is None:
        return
    refused = session.refused()
    reason = refused.reason if refused else "no_access_in_the_register"
    outcome = f"{scope.role} {sorted(scope.trusts)}" if scope else reason
    if not session.sign_ins().first(f"{_key()} {outcome}", session.now()):
        return
    if scope:
        session.shared().use(scope.email, session.today())
        audit.record("sign_in", scope, _release(), trusts=" ".join(sorted(scope.trusts)) or None)
    else:
        audit.refused(reason, email, _release())


def who_is_here(scope: Scope | None) -> None:
    """Show whose view this is, with a way to sign out or change person."""
    if scope is None:
        return
    words = f"{escape(scope.name)}, {access.describe(scope)}"
    if not session.provider_configured():
        st.html(f'<p class="fs-person">{words} · <a href="be" target="_self">Change person</a></p>')
        return
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        st.html(f'<p class="fs-person">{words}</p>')
        sign_out_button(scope)


def sign_out_button(scope: Scope | None) -> None:
    """The button that signs out."""
    st.button("Sign out", on_click=_leave, args=(scope,), type="tertiary" if scope else "secondary")


def log(action: str, **target: str | None) -> None:
    """Record in the audit log what the person signed in did, and to which version or decision."""
    scope = session.visitor()
    if scope:
        audit.record(action, scope, _release(), **target)


def _leave(scope: Scope | None) -> None:
    # The cookie goes from this browser at once; this ends the session in other tabs and copies.
    if session.sign_ins().end(_key(), session.now()) and scope:
        audit.record("sign_out", scope, _release())
    st.logout()


def _key() -> str:
    claims = session.claims()
    return key_of(claims) if claims else f"demo {session.demo_person()}"


def _release() -> str:
    try:
        return str(store.facts(session.current_release())["release_id"])
    except store.NoRelease:
        return "none"
