"""The door: who is visiting, and what they may ask. Every view begins with `admit`."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import polars as pl
import streamlit as st

from dashboard import access, store
from dashboard.access import NoAccess, Scope
from pipelines.keeping.home import open_home
from schemas.programme import Programme

PERSON = "feeling_safe_demo_person"  # a cookie, only ever read in a fictional programme
Kept = TypeVar("Kept")
SIGN_IN_HOURS = 12  # Streamlit keeps its cookie for 30 days; a ward's computer is shared
_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Visit:
    """One person looking at one release: everything a view needs to ask its questions."""

    scope: Scope
    release: Path
    today: date

    @property
    def facts(self) -> dict[str, object]:
        """The row that describes the release."""
        return store.facts(self.release)

    def ask(self, question: Callable[..., pl.DataFrame], **about: object) -> pl.DataFrame:
        """The answer of a question of `dashboard.queries` for this scope; asked once per release.

        What it is about must be hashable: tuples, not lists.
        """
        written = self.release.stat().st_mtime_ns
        return _answer(self.release, written, self.scope, question, tuple(sorted(about.items())))

    def keep(self, make: Callable[..., Kept], **about: object) -> Kept:
        """What `make(visit, **about)` makes, such as a picture: made once per release and scope."""
        written = self.release.stat().st_mtime_ns
        return _kept(self, written, make, tuple(sorted(about.items())))


def admit(*roles: str) -> Visit:
    """Let a visitor with one of these roles in, or say why not and stop."""
    try:
        scope = access.require(visitor(), *roles)
    except NoAccess as refused:
        st.error(str(refused))
        st.stop()
    return Visit(scope, _release(), today())


def visitor() -> Scope | None:
    """The scope of whoever is signed in, decided anew on every run; None without access."""
    try:
        people = store.people(store.current(home() / "releases"))
    except store.NoRelease:
        return None
    return access.resolve(signed_in_email(), people, today())


def signed_in_email() -> str | None:
    """The verified e-mail of a signed-in person, or the demo person of a fictional programme."""
    if provider_configured():
        user = st.user.to_dict()
        return str(user["email"]) if user.get("is_logged_in") and not refusal(user) else None
    return demo_person() if programme().fictional else None


def demo_person() -> str | None:
    """The person that a visitor of a fictional programme has chosen to be."""
    chosen = st.context.cookies.get(PERSON)
    return unquote(chosen) if chosen else None


def provider_configured() -> bool:
    """Whether an OpenID Connect provider is described in Streamlit's secrets."""
    return bool(st.secrets.load_if_toml_exists() and st.secrets.get("auth"))


def who_is_here(scope: Scope | None) -> None:
    """Say whose view this is, with the way out."""
    if scope is None:
        return
    words = f"{escape(scope.name)}, {access.describe(scope)}"
    if not provider_configured():
        st.html(f'<p class="fs-person">{words} · <a href="be" target="_self">Change person</a></p>')
        return
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        st.html(f'<p class="fs-person">{words}</p>')
        st.button("Sign out", on_click=st.logout, type="tertiary")


def refusal(user: dict[str, object]) -> str | None:
    """Why a sign-in is not taken, in words for the person; None if it is."""
    if user.get("email_verified") is not True or not isinstance(user.get("email"), str):
        return "Your identity provider has not confirmed that this e-mail address is yours."
    signed_in_at = user.get("iat")
    now = datetime.now(UTC).timestamp()
    if not isinstance(signed_in_at, int | float) or now - signed_in_at > SIGN_IN_HOURS * 3600:
        return f"You signed in more than {SIGN_IN_HOURS} hours ago: sign out, and in again."
    return None


def home() -> Path:
    """The programme's folder."""
    return Path(os.environ["FEELING_SAFE_HOME"])


def programme() -> Programme:
    """The settings of the programme."""
    path = home() / "programme.toml"
    return _programme(home(), path.stat().st_mtime_ns)


def today() -> date:
    """The day it is on the wards."""
    return datetime.now(_LONDON).date()


def now() -> datetime:
    """This moment, for what a person sends or decides on a screen."""
    return datetime.now(UTC)


def _release() -> Path:
    try:
        return store.current(home() / "releases")
    except store.NoRelease as nothing_yet:
        st.info(str(nothing_yet))
        st.stop()


@lru_cache(maxsize=4)
def _programme(folder: Path, written: int) -> Programme:
    return open_home(folder).programme


@lru_cache(maxsize=1024)
def _answer(
    release: Path,
    written: int,
    scope: Scope,
    question: Callable[..., pl.DataFrame],
    about: tuple[tuple[str, object], ...],
) -> pl.DataFrame:
    return question(store.cursor(release, scope), **dict(about))


@lru_cache(maxsize=1024)
def _kept(
    visit: Visit,
    written: int,
    make: Callable[..., Kept],
    about: tuple[tuple[str, object], ...],
) -> Kept:
    return make(visit, **dict(about))
