"""Works out a signed-in person's scope from the register, afresh on every run.

Nothing fails open: someone who is unknown, whose access has expired, who has no trusts, or whose
entries contradict each other has no access at all.
"""

import re
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from schemas.register import ROLES, same_email

UNKNOWN_PERSON = "someone.unknown@example.org"
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+$")


@dataclass(frozen=True)
class Scope:
    """What one person may see: a role and the trusts or groups it covers.

    The programme role has neither.
    """

    role: str
    trusts: frozenset[str]
    email: str
    name: str = field(compare=False)
    groups: frozenset[str] = frozenset()

    @property
    def can_send(self) -> bool:
        """Whether this person may send returns: only a trust's own people do."""
        return self.role == "trust"

    @property
    def sees_everything(self) -> bool:
        return self.role == "programme"

    @property
    def has_several(self) -> bool:
        """Whether this person sees more than one trust, so that each thing must name its own."""
        return self.sees_everything or bool(self.groups) or len(self.trusts) > 1

    @property
    def only_reads(self) -> bool:
        """Whether this person reads figures without what lies behind them: of a region or group."""
        return self.role in ("region", "group")


class NoAccess(Exception):
    """A person asked for something they may not see; the message is written for them."""


def resolve(email: str | None, people: pl.DataFrame, today: date) -> Scope | None:
    """The scope of a verified e-mail address today, or None: no access.

    `people` is the access register (`schemas.release.People`).
    """
    if not email or not email.isascii():
        return None  # ignoring case turns some letters of other alphabets into ASCII ones
    wanted = same_email(email)
    if not _EMAIL.match(wanted):
        return None
    rows = [row for row in people.iter_rows(named=True) if _valid(row, wanted, today)]
    meanings = {(row["role"], _covered(row)) for row in rows}
    if len(meanings) != 1:
        return None
    role, covered = meanings.pop()
    if role not in ROLES or (role != "programme" and not covered):
        return None
    name = (rows[0]["name"] or "").strip() or wanted
    trusts = covered if role in ("trust", "region") else frozenset()
    return Scope(role, trusts, wanted, name, covered if role == "group" else frozenset())


def given_on(email: str, people: pl.DataFrame, today: date) -> date:
    """The day from which someone has the access they have today."""
    wanted = same_email(email)
    rows = [row for row in people.iter_rows(named=True) if _valid(row, wanted, today)]
    return max((row["valid_from"] for row in rows), default=date.min)


def require(scope: Scope | None, *roles: str) -> Scope:
    """The scope, if its role is one of these; otherwise raise NoAccess."""
    if scope is None:
        raise NoAccess("You do not have access to this programme.")
    if scope.role not in roles:
        raise NoAccess("This page is not for your role.")
    return scope


def reading(scope: Scope, group: str | None) -> Scope:
    """The scope that a file is made in: about a group that of its readers, no matter who asks.

    Raises NoAccess if this person may not see the group.
    """
    if group is None:
        return scope
    if not (scope.sees_everything or group in scope.groups):
        raise NoAccess("This group is not one of yours.")
    return Scope("group", frozenset(), scope.email, scope.name, frozenset({group}))


def demo_persons(people: pl.DataFrame, today: date) -> dict[str, str]:
    """The people anyone may try out in a fictional programme: e-mail address to a description."""
    persons = {}
    for row in people.sort("role", "email").iter_rows(named=True):
        scope = resolve(row["email"], people, today)
        if scope is not None:
            persons[scope.email] = f"{scope.name}, {describe(scope)}"
    return {**persons, UNKNOWN_PERSON: "Someone who is not in the register"}


def describe(scope: Scope) -> str:
    """A role and its trusts or groups in words, such as `trust lead for Z01`."""
    covered = ", ".join(sorted(scope.trusts or scope.groups))
    return {
        "programme": "national programme team",
        "trust": f"trust lead for {covered}",
        "region": f"region reader for {covered}",
        "group": f"group reader for {covered}",
    }[scope.role]


def _valid(row: dict[str, object], wanted: str, today: date) -> bool:
    begins, ends = row["valid_from"], row["valid_to"]
    return (
        same_email(str(row["email"] or "")) == wanted
        and isinstance(begins, date)
        and begins <= today
        and (ends is None or (isinstance(ends, date) and today <= ends))
    )


def _covered(row: dict[str, object]) -> frozenset[str]:
    """The trusts or, for a group reader, the groups in an entry."""
    text = row.get("groups") if row["role"] == "group" else row["trusts"]
    return _codes(str(text or ""))


def _codes(text: str) -> frozenset[str]:
    return frozenset(code.upper() for code in re.split(r"[\s,;]+", text) if code)
