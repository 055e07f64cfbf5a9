"""The screen before signing in: what this is, where to find support, and how to sign in."""

from html import escape
from urllib.parse import quote

import streamlit as st

from dashboard import access, store
from dashboard.page import session, sign_in_log
from pipelines.reference import support
from schemas.programme import Support


def show() -> None:
    """The entry, open to everyone: it shows no figure."""
    st.title("Feeling safe", anchor=False)
    st.markdown(
        "How wards on mental health, learning disability and autism pathways measure whether "
        "patients and staff feel safe from sexual harm, and share it."
    )
    st.markdown(
        "The screens count reported incidents of sexual harassment and sexual assault. They "
        "contain no accounts of what happened to anyone."
    )
    if session.provider_configured():
        _with_provider()
    elif session.programme().fictional:
        _demo_persons()
    else:
        st.error("No sign-in is set up for this programme, so nothing can be shown.")
    _help()


def _with_provider() -> None:
    claims = session.claims()
    if not claims:
        st.markdown(
            f"Sign in with your work account. If you don’t have one, ask {_plain(_who_to_ask())}."
        )
        st.button("Sign in", type="primary", on_click=st.login)
        return
    refused = session.refused()
    if refused:
        st.warning(f"{refused.words} If that does not help, ask {_plain(_who_to_ask())}.")
    else:
        _no_access(str(claims["email"]))
    with st.container(horizontal=True):
        if refused:
            st.button("Sign in again", type="primary", on_click=st.login)
        sign_in_log.sign_out_button(None)


def _demo_persons() -> None:
    try:
        people = store.people(session.current_release())
    except store.NoRelease as nothing_yet:
        st.info(str(nothing_yet))
        return
    chosen = session.demo_person()
    if chosen:
        _no_access(chosen)
    st.subheader("This programme is fictional: choose who to be", anchor=False)
    links = "".join(
        f'<li><a href="be?person={quote(email)}" target="_self">{escape(words)}</a></li>'
        for email, words in access.demo_persons(people, session.today()).items()
    )
    st.html(f'<ul class="fs-persons">{links}</ul>')


def _no_access(email: str) -> None:
    st.warning(
        f"You are signed in as {_plain(email)}, but this address has no access to this programme "
        f"today. If you think it should, ask {_plain(_who_to_ask())}. They will need your name, "
        "your trust and this address."
    )


def _who_to_ask() -> str:
    return session.programme().contact or "the national programme team"


def _plain(text: str) -> str:
    """Text with Markdown's special characters escaped: an address may be anything typed."""
    return "".join(f"\\{char}" if char in r"\`*_{}[]()<>#+!|$:~" else char for char in text)


def _help() -> None:
    places = "".join(f"<li>{_place(place)}</li>" for place in support(session.programme()))
    st.html(
        '<p class="fs-help"><strong>If anything here affects you:</strong> you are not alone, and '
        f'you can stop at any time.</p><ul class="fs-help">{places}</ul>'
    )


def _place(place: Support) -> str:
    name = escape(place.name)
    if place.link:
        name = f'<a href="{escape(place.link)}" rel="noreferrer">{name}</a>'
    return f"{name}: {escape(place.how)}"
