"""Decides whether to accept a sign-in from the identity provider, and remembers those ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from dashboard.shared import Shared

NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
CALLBACK = "/oauth2callback"
SHORTEST_SECRET = 32


def provider_faults(auth: Mapping[str, object]) -> list[str]:
    """A sentence for each fault of the [auth] section; empty if there is none."""
    missing = [name for name in NEEDED if not auth.get(name)]
    if missing:
        return [f"The [auth] section lacks {', '.join(missing)}."]
    found = []
    if not str(auth["redirect_uri"]).endswith(CALLBACK):
        found.append(f"redirect_uri must end in {CALLBACK}.")
    if len(str(auth["cookie_secret"])) < SHORTEST_SECRET:
        found.append(
            f"cookie_secret is shorter than {SHORTEST_SECRET} characters, so someone could guess "
            "it and sign in as anyone: use a long random one."
        )
    return found


def behind_https(auth: Mapping[str, object]) -> bool:
    """Whether people reach the service over HTTPS, so that cookies must never travel without it."""
    return urlsplit(str(auth.get("redirect_uri", ""))).scheme == "https"


def public_host(auth: Mapping[str, object]) -> str:
    """The host name people reach the service by, as its sign-in knows it; empty without one."""
    return urlsplit(str(auth.get("redirect_uri", ""))).hostname or ""


LONGEST = timedelta(hours=12)  # Streamlit keeps its cookie for 30 days; a ward's computer is shared
CLOCKS_APART = timedelta(minutes=5)
LONGEST_UNUSED = timedelta(days=180)
_YES = (True, 1, "1", "true")  # ways directories write the extra claim about an address's domain


@dataclass(frozen=True)
class Refusal:
    """Why a sign-in is refused: a reason for the log, and a message for the person."""

    reason: str
    words: str


UNCONFIRMED = Refusal(
    "unconfirmed_address",
    "Your identity provider has not confirmed that this e-mail address is yours. Confirm it there, "
    "then sign in again.",
)
TOO_LONG_AGO = Refusal(
    "signed_in_too_long_ago",
    f"You signed in more than {LONGEST // timedelta(hours=1)} hours ago. Sign in again to "
    "continue.",
)
UNUSED = Refusal(
    "unused_account",
    "Your access has ended because you had not signed in for 180 days. The programme team can give "
    "it to you again.",
)
SIGNED_OUT = Refusal("signed_out", "You have signed out. Sign in again to continue.")


def refusal(
    claims: Mapping[str, object], confirmed_by: frozenset[str], now: datetime
) -> Refusal | None:
    """Why a sign-in is refused; None if it is accepted.

    `confirmed_by` names the issuers that assign their people's addresses themselves and so leave
    out `email_verified`; if an issuer does send it, it decides.
    """
    if not _confirmed(claims, confirmed_by):
        return UNCONFIRMED
    signed_in_at = claims.get("iat")
    if isinstance(signed_in_at, bool) or not isinstance(signed_in_at, int | float):
        return TOO_LONG_AGO
    age = now.timestamp() - signed_in_at
    fresh = -CLOCKS_APART.total_seconds() <= age <= LONGEST.total_seconds()
    return None if fresh else TOO_LONG_AGO


def key_of(claims: Mapping[str, object]) -> str:
    """A key that is unique to one sign-in at the provider and does not reveal whose it is."""
    about = [str(claims.get(name)) for name in ("iss", "sub", "iat", "nonce")]
    return sha256("\n".join(about).encode()).hexdigest()


def _confirmed(claims: Mapping[str, object], confirmed_by: frozenset[str]) -> bool:
    if not isinstance(claims.get("email"), str):
        return False
    if claims.get("email_verified") is not None:
        return claims["email_verified"] is True
    if claims.get("xms_edov", True) not in _YES:
        return False  # Microsoft Entra: the domain of this address is not the directory's own
    return str(claims.get("iss")) in confirmed_by


class SignIns:
    """The keys of recent sign-ins: when each was first seen, and which were ended."""

    def __init__(self, shared: Shared, most: int = 100_000) -> None:
        self._shared, self._most = shared, most

    def first(self, key: str, now: datetime) -> bool:
        """Whether this key is new; it counts as seen from then on."""
        return self._add("seen", key, now)

    def end(self, key: str, now: datetime) -> bool:
        """End a sign-in for good; whether it was still in use."""
        return self._add("ended", key, now)

    def ended(self, key: str) -> bool:
        """Whether its person has signed out."""
        return self._shared.holds("ended", key)

    def _add(self, what: str, key: str, now: datetime) -> bool:
        at, since = now.timestamp(), (now - LONGEST - CLOCKS_APART).timestamp()
        return self._shared.add(what, key, at, since, self._most)
