"""Coming in and going out: each is one line of the audit log, and a sign-out holds everywhere."""

from html import escape

import streamlit as st

from dashboard import access, audit, store
from dashboard.access import Scope
from dashboard.identity import key_of
from dashboard.page import session


def log_visit(scope: Scope | None) -> None:
    """Log once who came in, and anew when the register has given them another role or trusts."""
    email = session.claimed_email()
    if email is None:
        return
    refused = session.refused()
    reason = refused.reason if refused else "no_access_in_the_register"
    outcome = f"{scope.role} {sorted(scope.trusts)}" if scope else reason
    if not session.SIGN_INS.first(f"{_key()} {outcome}", session.now()):
        return
    if scope:
        audit.record("sign_in", scope, _release(), trusts=" ".join(sorted(scope.trusts)) or None)
    else:
        audit.refused(reason, email, _release())


def who_is_here(scope: Scope | None) -> None:
    """Say whose view this is, with the way out."""
    if scope is None:
        return
    words = f"{escape(scope.name)}, {access.describe(scope)}"
    if not session.provider_configured():
        st.html(f'<p class="fs-person">{words} · <a href="be" target="_self">Change person</a></p>')
        return
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        st.html(f'<p class="fs-person">{words}</p>')
        way_out(scope)


def way_out(scope: Scope | None) -> None:
    """The button that signs out."""
    st.button("Sign out", on_click=_leave, args=(scope,), type="tertiary" if scope else "secondary")


def log(action: str, **target: str | None) -> None:
    """Write into the audit log what whoever is here has done, to which version or decision."""
    scope = session.visitor()
    if scope:
        audit.record(action, scope, _release(), **target)


def _leave(scope: Scope | None) -> None:
    # The cookie is gone from this browser at once; other tabs and copies of it hear of it here.
    if session.SIGN_INS.end(_key(), session.now()) and scope:
        audit.record("sign_out", scope, _release())
    st.logout()


def _key() -> str:
    claims = session.claims()
    return key_of(claims) if claims else f"demo {session.demo_person()}"


def _release() -> str:
    try:
        return str(store.facts(store.current(session.home() / "releases"))["release_id"])
    except store.NoRelease:
        return "none"
