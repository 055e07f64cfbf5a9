"""Issues and revokes a programme's tokens, which are never changed.

They are in the archive, so that a backup includes them, but belong neither to its state nor to any
release. Only a hash is kept: a plain SHA-256, with no salt and no stretching, because a token is
256 random bits and a slow hash would not make it any harder to guess.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_hex, token_urlsafe

from pipelines.keeping.decisions import Decided
from pipelines.keeping.free_text import UnfitText, fit
from pipelines.keeping.home import Home
from pipelines.keeping.seals import sealed_json, unsealed_json
from pipelines.keeping.staging import keep_file
from schemas.london_time import as_utc, london_day
from schemas.tokens import ABILITIES, Ability, Revocation, Token

USUAL_DAYS, MOST_DAYS, LONGEST_NAME = 90, 365, 60
PREFIX = "fs_"
_REVOKED = ".revoked.json"


class TokenError(ValueError):
    """A token that can't be issued or revoked; the message is a sentence."""


@dataclass(frozen=True)
class Kept:
    """A token and, if there is one, its revocation."""

    token: Token
    revocation: Revocation | None

    def state(self, today: date) -> str:
        """Its state in words: in use, expired or revoked."""
        if self.revocation is not None:
            return "revoked"
        return "in use" if today <= self.token.expires else "expired"


@dataclass(frozen=True)
class NewToken:
    """What a new token is for: what uses it, in whose name, for which trusts, and to do what.

    Without a last day it lasts `USUAL_DAYS`.
    """

    name: str
    holder: str
    trusts: Collection[str]
    may: Collection[Ability]
    expires: date | None = None


def issue(home: Home, new: NewToken, by: str, at: datetime) -> tuple[Token, str]:
    """Keep a new token and give it with its text, which can't be shown again."""
    today = london_day(at)
    ident = token_hex(6)
    text = f"{PREFIX}{ident}_{token_urlsafe(32)}"
    token = Token(
        id=ident,
        sha256=fingerprint(text),
        name=_name(home, new.name, today),
        holder=new.holder,
        trusts=tuple(sorted(set(new.trusts))),
        may=_abilities(new.may),
        issued_at=as_utc(at),
        issued_by=by,
        expires=_last_day(new.expires, today),
    )
    if not token.trusts and not token.reads_figures:
        raise TokenError("Name at least one trust that the token is for.")
    keep_file(_folder(home) / f"{ident}.json", _json(token))
    return token, text


def revoke(home: Home, ident: str, decided: Decided) -> Kept:
    """Revoke a token at once and for good."""
    kept = find(home, ident.strip().lower())
    if kept is None:
        raise TokenError(
            f"There is no token {ident.strip()}: “feeling-safe token list” shows them all."
        )
    if kept.revocation is not None:
        raise TokenError(f"Token {kept.token.id} has already been revoked.")
    why = _fit(home, decided.reason, "Your reason", london_day(decided.at))
    if not why:
        raise TokenError("Say why: your reason is kept with the revoked token.")
    return _end(home, kept.token, replace(decided, reason=why))


def end_all(home: Home, decided: Decided) -> tuple[str, ...]:
    """Revoke every token that could still be used, and return their ids."""
    today = london_day(decided.at)
    usable = [kept.token for kept in tokens(home) if kept.state(today) == "in use"]
    for token in usable:
        _end(home, token, decided)
    return tuple(token.id for token in usable)


def _end(home: Home, token: Token, decided: Decided) -> Kept:
    at, by = as_utc(decided.at), decided.by
    ended = Revocation(id=token.id, revoked_at=at, revoked_by=by, reason=decided.reason)
    keep_file(_folder(home) / f"{ended.id}{_REVOKED}", _json(ended))
    return Kept(token, ended)


def find(home: Home, ident: str) -> Kept | None:
    """The token with an id, whatever its state; None if it is missing or damaged."""
    if len(ident) != 12 or not set(ident) <= set("0123456789abcdef"):
        return None  # it becomes part of a path
    path = _folder(home) / f"{ident}.json"
    ended = path.with_name(f"{ident}{_REVOKED}")
    try:
        token = Token.model_validate(unsealed_json(path.read_bytes()))
        if not ended.exists():
            return Kept(token, None)
        return Kept(token, Revocation.model_validate(unsealed_json(ended.read_bytes())))
    except (FileNotFoundError, ValueError):
        return None


def tokens(home: Home) -> list[Kept]:
    """Every token ever issued, newest first."""
    found = [kept for name in _names(home) if (kept := find(home, name))]
    return sorted(found, key=lambda kept: kept.token.issued_at, reverse=True)


def damaged(home: Home) -> list[str]:
    """A sentence for each token that can't be read, which nobody can then use."""
    names = sorted(_names(home))
    return [f"Token {name} cannot be read." for name in names if find(home, name) is None]


def fingerprint(text: str) -> str:
    """The hash that is kept instead of a token's text."""
    return sha256(text.encode()).hexdigest()


def _folder(home: Home) -> Path:
    return home.archive.root / "tokens"


def _names(home: Home) -> set[str]:
    return {path.name.partition(".")[0] for path in _folder(home).glob("[0-9a-f]*.json")}


def _name(home: Home, name: str, today: date) -> str:
    name = _fit(home, " ".join(name.split()), "The token's name", today)
    if not name or not name.isprintable():
        raise TokenError("Give the token a name that says what uses it.")
    if len(name) > LONGEST_NAME:
        raise TokenError(f"A token's name can have at most {LONGEST_NAME} characters.")
    return name


def _fit(home: Home, text: str, what: str, today: date) -> str:
    try:
        return fit(text, what, home.archive.newest_register(), today)
    except UnfitText as unfit:
        raise TokenError(str(unfit)) from None


def _abilities(may: Iterable[Ability]) -> tuple[Ability, ...]:
    wanted = set(may)
    if not wanted or wanted - set(ABILITIES):
        raise TokenError("Say what the token may do: send or read, or both; or figures.")
    if "figures" in wanted and len(wanted) > 1:
        raise TokenError(
            "A token that reads figures may do nothing else: issue another one for sending."
        )
    return tuple(ability for ability in ABILITIES if ability in wanted)


def _last_day(expires: date | None, today: date) -> date:
    last = expires or today + timedelta(days=USUAL_DAYS)
    if last < today:
        raise TokenError(f"{last} is in the past: a token's last day must be today or later.")
    if last > today + timedelta(days=MOST_DAYS):
        latest = today + timedelta(days=MOST_DAYS)
        raise TokenError(
            f"{last} is too far away: a token lasts at most {MOST_DAYS} days, until {latest}."
        )
    return last


def _json(record: Token | Revocation) -> bytes:
    return sealed_json(record.model_dump(mode="json"))
