"""Signed out: what this is, a word of care, where help is, and the way in."""

from html import escape
from urllib.parse import quote

import streamlit as st

from dashboard import access, store
from dashboard.views import door

# The public help lines of England's services, with the address that says when each is open.
HELP = """
**If something in here touches you:** you are not alone, and you can stop at any time.

- Rape Crisis England & Wales, 24/7 Rape and Sexual Abuse Support Line: 0808 500 2222
- Samaritans, day and night: 116 123
- NHS help after rape and sexual assault: [nhs.uk](https://www.nhs.uk/live-well/sexual-health/help-after-rape-and-sexual-assault/)
- Staff: your trust’s sexual safety or safeguarding lead, and your Freedom to Speak Up Guardian
- In immediate danger: 999
"""


def show() -> None:
    """The entry, open to everyone: it shows no figure."""
    st.title("Feeling safe", anchor=False)
    st.markdown(
        "How wards on mental health, learning disability and autism pathways measure whether "
        "patients and staff feel safe from sexual harm, and share it."
    )
    st.markdown(
        "The screens count reported incidents of sexual harassment and sexual assault. They hold "
        "no accounts of what happened to anyone."
    )
    if door.provider_configured():
        _with_provider()
    elif door.programme().fictional:
        _demo_persons()
    else:
        st.error("No sign-in is set up for this programme, so nothing can be shown.")
    st.markdown(HELP)


def _with_provider() -> None:
    if not st.user.get("is_logged_in"):
        st.button("Sign in", type="primary", on_click=st.login)
        return
    refused = door.refusal(st.user.to_dict())
    if refused:
        st.warning(refused)
    else:
        _no_access(str(st.user["email"]))
    st.button("Sign out", on_click=st.logout)


def _demo_persons() -> None:
    try:
        people = store.people(store.current(door.home() / "releases"))
    except store.NoRelease as nothing_yet:
        st.info(str(nothing_yet))
        return
    chosen = door.demo_person()
    if chosen:
        _no_access(chosen)
    st.subheader("This programme is fictional: choose who to be", anchor=False)
    links = "".join(
        f'<li><a href="be?person={quote(email)}" target="_self">{escape(words)}</a></li>'
        for email, words in access.demo_persons(people, door.today()).items()
    )
    st.html(f'<ul class="fs-persons">{links}</ul>')


def _no_access(email: str) -> None:
    contact = door.programme().contact or "the national programme team"
    st.warning(
        f"You are signed in as {email}, and this address has no access to this programme today. "
        f"If you think it should have, ask {contact}. They need your name, your trust, and this "
        "address."
    )
