"""What an identity provider says of a person, and whether it is taken as their identity.

Pure: the claims of the sign-in, the issuers whose word is enough, and the time, in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

LONGEST = timedelta(hours=12)  # Streamlit keeps its cookie for 30 days; a ward's computer is shared
CLOCKS_APART = timedelta(minutes=5)
_YES = (True, 1, "1", "true")  # how directories write the extra claim about an address's domain


@dataclass(frozen=True)
class Refusal:
    """Why a sign-in is not taken: a reason for the log, and words for the person."""

    reason: str
    words: str


UNCONFIRMED = Refusal(
    "unconfirmed_address",
    "Your identity provider has not confirmed that this e-mail address is yours. Confirm it there, "
    "then sign in again.",
)
TOO_LONG_AGO = Refusal(
    "signed_in_too_long_ago",
    f"You signed in more than {LONGEST // timedelta(hours=1)} hours ago. To go on, sign in again.",
)
SIGNED_OUT = Refusal("signed_out", "You have signed out. To go on, sign in again.")


def refusal(
    claims: Mapping[str, object], confirmed_by: frozenset[str], now: datetime
) -> Refusal | None:
    """Why a sign-in is not taken; None if it is.

    `confirmed_by` names the issuers that give out their people's addresses themselves and so do
    not say `email_verified`; where an issuer says it, what it says counts.
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
    """Tells one sign-in at the provider from every other, without saying whose it is."""
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
