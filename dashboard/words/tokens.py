"""What the screens say about tokens: who they were issued to, what they allow and until when."""

from collections.abc import Mapping, Sequence
from datetime import date

from pipelines.keeping.tokens import Kept
from schemas import wording
from schemas.london_time import london_day
from schemas.tokens import Token

FOR = {
    "sending": "Sending returns",
    "figures": "Reading figures",
}
MAY = {
    "send": "Send returns",
    "read": "Download workbooks",
    "figures": "Read figures",
}


def how_many(found: Sequence[Kept], today: date) -> str:
    """How many tokens are in use: can any program send or read now?"""
    if not found:
        return "No program sends returns or reads figures: no token has been issued."
    used = sum(kept.state(today) == "in use" for kept in found)
    ended = f", and {len(found) - used:,} ended" if used < len(found) else ""
    return f"{wording.counted(used, 'token')} in use{ended}."


def row(kept: Kept, today: date) -> Mapping[str, str]:
    """A token as a row of a table."""
    token, ended = kept.token, kept.revocation
    state = kept.state(today).capitalize()
    if ended is not None:
        state = f"Revoked on {wording.day_of(london_day(ended.revoked_at))}: {ended.reason}"
    return {
        "name": token.name,
        "id": token.id,
        "holder": token.holder,
        "trusts": wording.listed(token.covers),
        "may": token.may_in_words,
        "expires": wording.day_of(token.expires),
        "state": state,
    }


def label(kept: Kept) -> str:
    """A token to choose from a list."""
    return f"{kept.token.name} ({kept.token.holder}, {kept.token.id})"


def issued(token: Token) -> str:
    """What to do with a token that has just been issued."""
    may = wording.listed(MAY[action].lower() for action in token.may)
    return (
        f"This is the token for “{token.name}”. It is shown only once: pass it to {token.holder} "
        "securely, never by e-mail. Until "
        f"{wording.day_of(token.expires)} it can be used to {may} for "
        f"{wording.listed(token.covers)}."
    )


def revoke(kept: Kept) -> str:
    """What revoking a token will do, to be confirmed first."""
    return (
        f"“{kept.token.name}” stops working for {wording.listed(kept.token.covers)} immediately, "
        "and this can’t be undone. What it has sent is kept."
    )
