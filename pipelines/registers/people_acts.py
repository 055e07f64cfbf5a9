"""Changes to people's access: each takes a register and returns the next one. Pure.

Access is never changed for days that have passed, so that the register shows who could see what,
and when.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date

import polars as pl

from pipelines.registers.effective import DAY, Row, changed, cut, held
from pipelines.registers.register import Register, RegisterError, refusal
from schemas.register import ROLES, same_email
from schemas.vocabularies import REGIONS
from schemas.wording import day_of

_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


def give_access(
    register: Register, person: Row, day: date, until: date | None, today: date
) -> Register:
    """Give a person access from a day.

    `person` has an email, a name, a role and the list of trusts or, for that role, groups.
    """
    email = str(person["email"]).strip()
    wrong = [*_wrong_address(email), *_wrong(register, person, day, until, today)]
    if not str(person["name"]).strip():
        wrong.append("Give the person’s name, so that the team knows who it is.")
    rows = people_rows(register, email)
    if was := next((r for r in rows if r["valid_to"] is None or r["valid_to"] >= day), None):
        till = f" until {day_of(was['valid_to'])}" if was["valid_to"] else ""
        wrong.append(
            f"{email} is in the register already, from {day_of(was['valid_from'])}{till}: change "
            "that access instead."
        )
    if wrong:
        raise RegisterError(wrong)
    row = {"email": email, "name": person["name"].strip(), **_sees(person)}
    return _with(register, email, [*rows, row | {"valid_from": day, "valid_to": until}])


def change_access(
    register: Register, email: str, person: Row, day: date, until: date | None, today: date
) -> Register:
    """Change a person's role, trusts, groups or last day from a day onwards."""
    rows = people_rows(register, email)
    now = held(rows, day)
    wrong = _wrong(register, person, day, until, today)
    if now is None:
        wrong.append(f"{email} has no access on {day_of(day)}: give them access instead.")
    elif now | _sees(person) | {"valid_to": until} == now:
        wrong.append(f"{now['name']} already has this access: nothing would change.")
    if wrong or now is None:
        raise RegisterError(wrong)
    before, _ = cut(rows, day)
    changed_row = now | _sees(person) | {"valid_from": day, "valid_to": until}
    return _with(register, email, [*before, changed_row])


def end_access(register: Register, email: str, last_day: date, today: date) -> Register:
    """End a person's access after a last day; yesterday means at once."""
    rows = people_rows(register, email)
    if not any(row["valid_to"] is None or row["valid_to"] >= today for row in rows):
        raise refusal(f"{email} has no access to end.")
    if last_day < today - DAY:
        raise refusal(
            f"{day_of(last_day)} has passed: the last day can be yesterday (access ends at once), "
            "today or later."
        )
    before, after = cut(rows, last_day + DAY)
    if not after:
        raise refusal(f"{email} has no access to end after {day_of(last_day)}.")
    return _with(register, email, before)


def with_trust(register: Register, people: Collection[str], trust: str, day: date) -> Register:
    """Let people see another trust as well, from a day onwards."""
    for email in people:
        rows = people_rows(register, email)
        if (now := held(rows, day)) is None:
            raise refusal(f"{email} has no access on {day_of(day)}.")
        trusts = " ".join(sorted({*(now["trusts"] or "").split(), trust}))
        if trusts != now["trusts"]:
            register = _with(register, email, changed(rows, day, {"trusts": trusts}))
    return register


def people_rows(register: Register, email: str) -> list[Row]:
    """The rows of one person, earliest first, however the address was written."""
    rows = register.access.sort("valid_from").to_dicts()
    return [row for row in rows if same_email(row["email"]) == same_email(email)]


def _wrong_address(email: str) -> list[str]:
    if _EMAIL.match(email) and email.isascii():
        return []
    return [f"“{email}” is not an e-mail address: write one like name@organisation.example."]


def _wrong(
    register: Register, person: Row, day: date, until: date | None, today: date
) -> list[str]:
    wrong = []
    if person["role"] not in ROLES:
        wrong.append("Choose a role.")
    elif person["role"] == "group" and not person["groups"]:
        wrong.append("Choose at least one group: without one, there is nothing to see.")
    elif person["role"] in ("trust", "region") and not person["trusts"]:
        wrong.append("Choose at least one trust: without one, there is nothing to see.")
    known = set(register.trusts["trust_code"])
    wrong += [
        f"There is no trust {code} in the register."
        for code in person["trusts"]
        if code not in known
    ]
    groups = {*register.groups["group_code"], *REGIONS}
    wrong += [
        f"There is no group {code} in the register."
        for code in person.get("groups", ())
        if code not in groups
    ]
    if day < today:
        wrong.append(f"{day_of(day)} has passed: access can only change from today onwards.")
    if until is not None and until < day:
        wrong.append(f"The last day, {day_of(until)}, is before the first, {day_of(day)}.")
    return wrong


def _sees(person: Row) -> Row:
    role = person["role"]
    trusts = person["trusts"] if role in ("trust", "region") else ()
    groups = person["groups"] if role == "group" else ()
    return {"role": role, "trusts": _listed(trusts), "groups": _listed(groups)}


def _listed(codes: Collection[str]) -> str | None:
    return " ".join(sorted(set(codes))) or None


def _with(register: Register, email: str, rows: list[Row]) -> Register:
    mine = pl.col("email").map_elements(same_email, return_dtype=pl.String) == same_email(email)
    new = pl.DataFrame(rows, schema=register.access.schema, orient="row")
    access = pl.concat([register.access.filter(~mine), new])
    return replace(register, access=access.sort("email", "valid_from", maintain_order=True))
