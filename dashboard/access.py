"""Who a signed-in person is to this programme, decided anew on every run from the register.

Nothing fails open: someone unknown, expired, without trusts, or entered in two ways that do not
agree has no access at all.
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
    """What one person may see: a role, and the trusts it is about (none for the programme)."""

    role: str
    trusts: frozenset[str]
    email: str
    name: str = field(compare=False)

    @property
    def can_send(self) -> bool:
        """Only a trust's own people send its returns; regions and the programme read."""
        return self.role == "trust"

    @property
    def sees_everything(self) -> bool:
        return self.role == "programme"


class NoAccess(Exception):
    """This person may not see this; the message says so in words for them."""


def resolve(email: str | None, people: pl.DataFrame, today: date) -> Scope | None:
    """The scope of a verified e-mail address today, or None: no access.

    `people` is the access register (`schemas.release.People`).
    """
    if not email or not email.isascii():
        return None  # some letters of other alphabets become ASCII ones when case is ignored
    wanted = same_email(email)
    if not _EMAIL.match(wanted):
        return None
    rows = [row for row in people.iter_rows(named=True) if _valid(row, wanted, today)]
    meanings = {(row["role"], _trusts(row["trusts"])) for row in rows}
    if len(meanings) != 1:
        return None
    role, trusts = meanings.pop()
    if role not in ROLES or (role != "programme" and not trusts):
        return None
    name = (rows[0]["name"] or "").strip() or wanted
    return Scope(role, frozenset() if role == "programme" else trusts, wanted, name)


def require(scope: Scope | None, *roles: str) -> Scope:
    """The scope, if its role is one of these; otherwise raise NoAccess."""
    if scope is None:
        raise NoAccess("You do not have access to this programme.")
    if scope.role not in roles:
        raise NoAccess("This page is not for your role.")
    return scope


def demo_persons(people: pl.DataFrame, today: date) -> dict[str, str]:
    """Persons a fictional programme lets anyone be: e-mail to a line that says who they are."""
    persons = {}
    for row in people.sort("role", "email").iter_rows(named=True):
        scope = resolve(row["email"], people, today)
        if scope is not None:
            persons[scope.email] = f"{scope.name}, {describe(scope)}"
    return {**persons, UNKNOWN_PERSON: "Someone who is not in the register"}


def describe(scope: Scope) -> str:
    """A role and its trusts in words, as `trust lead for Z01`."""
    trusts = ", ".join(sorted(scope.trusts))
    return {
        "programme": "national programme team",
        "trust": f"trust lead for {trusts}",
        "region": f"region reader for {trusts}",
    }[scope.role]


def _valid(row: dict[str, object], wanted: str, today: date) -> bool:
    begins, ends = row["valid_from"], row["valid_to"]
    return (
        same_email(str(row["email"] or "")) == wanted
        and isinstance(begins, date)
        and begins <= today
        and (ends is None or (isinstance(ends, date) and today <= ends))
    )


def _trusts(text: str | None) -> frozenset[str]:
    return frozenset(code.upper() for code in re.split(r"[\s,;]+", text or "") if code)
