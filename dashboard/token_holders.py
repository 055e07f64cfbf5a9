"""Finds the person a token acts for, in today's register.

A token never allows more than its holder may do at that moment. When someone's access ends or
shrinks, so does that of their tokens, without anyone having to remember it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from hmac import compare_digest

from dashboard import access
from dashboard.access import Scope
from pipelines.keeping import tokens
from pipelines.keeping.entries import kept_register
from pipelines.keeping.home import Home
from pipelines.keeping.layout import register_folders
from pipelines.keeping.tokens import PREFIX, NewToken, TokenError
from schemas.london_time import london_day
from schemas.tokens import Ability, Token

_FORM = re.compile(rf"{PREFIX}([0-9a-f]{{12}})_[\w-]{{43}}", re.ASCII)


class NotRecognised(Exception):
    """A token that is not accepted; the message tells its holder why.

    `ident` is its id if its text is right, so that it is known which of ours was refused.
    """

    def __init__(self, words: str, ident: str | None = None) -> None:
        super().__init__(words)
        self.ident = ident


@dataclass(frozen=True)
class Bearer:
    """Who sends a request: a token's holder, for the trusts that both may still act for."""

    scope: Scope
    token: Token

    @property
    def sender(self) -> str:
        """The sender as a receipt names it: the person, and which of their tokens."""
        return f"{self.scope.email} (token {self.token.id})"

    def may(self, *wanted: Ability) -> bool:
        """Whether the token was issued for any of these abilities."""
        return not set(wanted).isdisjoint(self.token.may)


def recognise(home: Home, text: str, today: date) -> Bearer:
    """The bearer of a token today; raises NotRecognised, with the reason only for a real token."""
    form = _FORM.fullmatch(text)
    kept = tokens.find(home, form[1]) if form else None
    # Compared even when no token is found, so that the time it takes gives nothing away.
    known = kept.token.sha256 if kept else tokens.fingerprint("")
    if not compare_digest(tokens.fingerprint(text), known) or kept is None:
        raise NotRecognised("This token is not known here: copy it again, or ask for another one.")
    if (state := kept.state(today)) != "in use":
        words = f"This token is {state}: ask the programme team for a new one."
        raise NotRecognised(words, kept.token.id)
    scope = _holder(home, kept.token.holder, kept.token.may, today)
    scope = _narrowed(scope, kept.token) if scope else None
    if scope is None:
        does = "sees the figures of" if kept.token.reads_figures else "sends for"
        raise NotRecognised(
            f"The person this token was issued to no longer {does} its trusts: ask the "
            "programme team.",
            kept.token.id,
        )
    return Bearer(scope, kept.token)


def _narrowed(scope: Scope, token: Token) -> Scope | None:
    """A holder's scope within that of a token, which is never widened by a change of role."""
    if scope.sees_everything:
        return None if token.trusts else scope
    trusts = scope.trusts & set(token.trusts)
    return replace(scope, trusts=trusts) if trusts else None


def in_use(home: Home, text: str, today: date) -> bool:
    """Whether a token is accepted today."""
    try:
        recognise(home, text, today)
    except NotRecognised:
        return False
    return True


def sender(home: Home, email: str, today: date) -> Scope | None:
    """The scope of a person who may send returns in the newest register; None if they may not."""
    scope = registered(home, email, today)
    return scope if scope and scope.can_send else None


def reader(home: Home, email: str, today: date) -> Scope | None:
    """The scope of a person whose programs may read figures; None if they may not.

    That is the programme team and trusts. A region reader's access is personal and for a time.
    """
    scope = registered(home, email, today)
    return scope if scope and (scope.sees_everything or scope.can_send) else None


def registered(home: Home, email: str, today: date) -> Scope | None:
    """The scope of a person in the newest register."""
    folders = register_folders(home.archive.root)
    return access.resolve(email, kept_register(folders[-1]).access, today) if folders else None


def _holder(home: Home, email: str, may: Collection[Ability], today: date) -> Scope | None:
    return reader(home, email, today) if "figures" in may else sender(home, email, today)


def issue(home: Home, new: NewToken, by: str, at: datetime) -> tuple[Token, str]:
    """A new token for a person, with its text; raises TokenError. No trust means all of theirs."""
    scope = _holder(home, new.holder, new.may, london_day(at))
    if scope is None and "figures" in new.may:
        raise TokenError(
            f"{new.holder.strip()} can’t have a token for figures today: it needs a person in the "
            "register with the role “programme” or “trust”."
        )
    if scope is None:
        raise TokenError(
            f"{new.holder.strip()} may not send returns today: a token needs a person in the "
            "register with the role “trust”."
        )
    named = {code.strip().upper() for code in new.trusts}
    if named and scope.sees_everything:
        raise TokenError(
            f"{scope.email} sees every trust, and so does the token: leave out the trusts, or "
            "issue it to a person of that trust."
        )
    wanted = named or scope.trusts
    if others := sorted(wanted - scope.trusts):
        yours = ", ".join(sorted(scope.trusts))
        does, of = ("see figures", "of") if "figures" in new.may else ("send", "for")
        raise TokenError(f"{scope.email} may {does} {of} {yours}, not {of} {', '.join(others)}.")
    return tokens.issue(home, replace(new, holder=scope.email, trusts=wanted), by, at)
