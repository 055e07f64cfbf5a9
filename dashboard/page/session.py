"""One visit: who is here and what they may see. Every screen begins with `admit`."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import polars as pl
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import access, how_long, identity, store
from dashboard.access import NoAccess, Scope
from dashboard.identity import Refusal, SignIns
from dashboard.page import as_at
from dashboard.rate_limits import RateLimits, limits_in
from dashboard.shared import Shared
from dashboard.uploads_expected import UploadsExpected
from pipelines.keeping.home import SETTINGS, open_home
from pipelines.releasing.build import build
from pipelines.releasing.builder import Build, Builder, here
from pipelines.settings import Settings
from schemas.programme import Programme

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Visit:
    """One person looking at one release in one run: all that a screen needs to get its figures."""

    scope: Scope
    release: Path
    today: date

    @cached_property
    def facts(self) -> dict[str, object]:
        """The row that describes the release."""
        return store.facts(self.release)

    @cached_property
    def _written(self) -> tuple[object, ...]:
        return store.stamp(self.release)

    def ask(self, question: Callable[..., pl.DataFrame], **about: object) -> pl.DataFrame:
        """The result of a function of `dashboard.queries` in this scope; run once per release.

        Its arguments must be hashable: tuples, not lists.
        """
        arguments = tuple(sorted(about.items()))
        return _result(self.release, self._written, self.scope, question, arguments)

    def keep(self, make: Callable[..., Kept], **about: object) -> Kept:
        """What `make(visit, **about)` returns, such as a chart: made once per release and scope.

        Everything worked out from figures is kept like this, so that a rerun only draws. The
        arguments must be hashable, and the result must never be changed.
        """
        return _kept(self, self._written, make, tuple(sorted(about.items())))


@lru_cache(maxsize=1024)
def _result(
    release: Path,
    written: tuple[object, ...],
    scope: Scope,
    question: Callable[..., pl.DataFrame],
    about: tuple[tuple[str, object], ...],
) -> pl.DataFrame:
    return question(store.cursor(release, scope), **dict(about))


@lru_cache(maxsize=1024)
def _kept(
    visit: Visit,
    written: tuple[object, ...],
    make: Callable[..., Kept],
    about: tuple[tuple[str, object], ...],
) -> Kept:
    return make(visit, **dict(about))


PERSON = "feeling_safe_demo_person"  # a cookie, only ever read in a fictional programme
_DUE = "saves whose figures are due"
UPLOADS = UploadsExpected()
_BUILDERS: dict[Path, Builder] = {}
_LONDON = ZoneInfo("Europe/London")


def admit(*roles: str) -> Visit:
    """Let in a visitor with one of these roles, or say why not and stop."""
    try:
        scope = access.require(visitor(), *roles)
    except NoAccess as refused:
        st.error(str(refused))
        st.stop()
    _drop_shown()  # before the release is chosen, which then has what is no longer due
    return _visit(scope)


def expect_upload() -> None:
    """Let this tab send files: called by every screen that shows a field for them."""
    if context := get_script_run_ctx():
        UPLOADS.expect(context.session_id)


def visitor() -> Scope | None:
    """The scope of the person signed in, worked out again on every run; None without access."""
    try:
        people = store.people(current_release())
    except store.NoRelease:
        return None
    return access.resolve(signed_in_email(), people, today())


def signed_in_email() -> str | None:
    """The verified e-mail of a signed-in person, or the demo person of a fictional programme."""
    return None if refused() else claimed_email()


def claimed_email() -> str | None:
    """The e-mail a provider says a person has, or the chosen demo person's; not checked yet."""
    if provider_configured():
        found = claims()
        return str(found.get("email") or "") if found else None
    return demo_person() if programme().fictional else None


def claims() -> dict[str, object]:
    """The provider's claims about the person signed in; empty if nobody is."""
    if not provider_configured():
        return {}
    user = st.user.to_dict()
    return user if user.get("is_logged_in") is True else {}


def refused() -> Refusal | None:
    """Why this person's sign-in is not accepted; None if it is, or if there is none."""
    found = claims()
    if not found:
        return None
    if sign_ins().ended(identity.key_of(found)):
        return identity.SIGNED_OUT
    return identity.refusal(found, _email_issuers(), now()) or _unused(str(found["email"]))


def _unused(email: str) -> Refusal | None:
    """A refusal for an account that nobody has used for too long since it was given access."""
    try:
        people = store.people(current_release())
    except store.NoRelease:
        return None
    scope = access.resolve(email, people, today())
    if scope is None:
        return None  # refused anyway
    given = access.given_on(email, people, today())
    last = max(given, shared().last_used(scope.email, today()))
    return identity.UNUSED if today() - last > identity.LONGEST_UNUSED else None


def demo_person() -> str | None:
    """The person that a visitor to a fictional programme has chosen to be."""
    chosen = st.context.cookies.get(PERSON)
    return unquote(chosen) if chosen else None


def provider_configured() -> bool:
    """Whether an OpenID Connect provider is described in Streamlit's secrets."""
    return bool(provider())


@cache
def provider() -> Mapping[str, object]:
    """The description of the OpenID Connect provider; empty if there is none.

    Read once, as the server checks it before it opens: without a file, Streamlit would look for
    one each time. Raises SettingsError if the file of secrets that was named can't be read.
    """
    if named := Settings().secrets_file:
        st.config.set_option("secrets.files", [str(named.resolve())])
    return st.secrets.get("auth") or {} if st.secrets.load_if_toml_exists() else {}


def shared() -> Shared:
    """What all processes of the programme's home know together; raises OSError."""
    return _shared(home())


def sign_ins() -> SignIns:
    """The recent sign-ins to this programme."""
    return SignIns(shared())


def rate_limits() -> RateLimits:
    """How often a person, a program or an address may ask; raises LimitError for bad settings."""
    return RateLimits(limits_in(Settings()), now, shared())


def current_release() -> Path:
    """The release in use, made again if its file is damaged; raises NoRelease if there is none."""
    try:
        return store.current(home() / "releases")
    except store.DamagedRelease:
        with st.spinner("Working out the figures again: their file was damaged", show_time=True):
            build(open_home(home()), now())
        return store.current(home() / "releases")


def home() -> Path:
    """The programme's folder."""
    return Path(os.environ["FEELING_SAFE_HOME"])


def due() -> list[int]:
    """The numbers of this session's saves whose figures are due, as every screen then says."""
    return st.session_state.setdefault(_DUE, [])


def saved(due: list[int]) -> int:
    """Have the figures of a save worked out; returns its number.

    `due` is asked for first: a second click stops the script wherever it turns to the session.
    """
    due.append(builder().ask())
    return due[-1]


def figures_due() -> bool:
    """Whether the figures of something that this person saved are still being worked out."""
    return any(builder().outcome(number) is None for number in st.session_state.get(_DUE, ()))


def _drop_shown() -> None:
    if due := st.session_state.get(_DUE):
        due[:] = [number for number in due if builder().outcome(number) is None]


def builder() -> Builder:
    """What works out the figures of whatever is saved; all sessions share it."""
    root = home()
    if root not in _BUILDERS:
        return build_with(root, here(open_home(root)))
    return _BUILDERS[root]


def build_with(root: Path, build: Build) -> Builder:
    """Have the figures of a home worked out by `build`, from now on."""
    return _BUILDERS.setdefault(root, Builder(how_long.noting(shared, build), now))


def programme() -> Programme:
    """The settings of the programme."""
    return _programme(home(), (home() / SETTINGS).read_bytes())


def today() -> date:
    """Today's date in the United Kingdom."""
    return datetime.now(_LONDON).date()


def now() -> datetime:
    """The current time, for what a person sends or decides on a screen."""
    return datetime.now(UTC)


def _visit(scope: Scope) -> Visit:
    """A visit to today's figures, or to those of an earlier day, which is then its `today`."""
    current = _release()
    first = store.facts(current)["first_month"]
    day = as_at.chosen(scope.role, first, today()) if isinstance(first, date) else None
    then = as_at.release(home(), current, day, now()) if day else None
    return Visit(scope, then, day) if day and then else Visit(scope, current, today())


def _release() -> Path:
    try:
        return current_release()
    except store.NoRelease as nothing_yet:
        st.info(str(nothing_yet))
        st.stop()


@lru_cache(maxsize=4)
def _shared(folder: Path) -> Shared:
    return Shared(folder)


@cache
def _email_issuers() -> frozenset[str]:
    return Settings().email_issuers


@lru_cache(maxsize=4)
def _programme(folder: Path, settings: bytes) -> Programme:
    return open_home(folder).programme
