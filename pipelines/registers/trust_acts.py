"""Changes to trusts: each takes a register and returns the next one. Pure.

A change that can't be made raises RegisterError with every reason at once. No change affects the
days before it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from pipelines.registers import ward_acts
from pipelines.registers.effective import Row, changed, cut, held, rows_of, with_rows
from pipelines.registers.people_acts import give_access, with_trust
from pipelines.registers.register import Register, RegisterError, refusal, together
from schemas.returns import FICTIONAL_TRUST_CODE, TRUST_CODE
from schemas.vocabularies import REGIONS
from schemas.wording import day_of, trust_named

LONGEST_NAME = 80


def add_trust(register: Register, code: str, name: str, region: str, joined: date) -> Register:
    """Add a trust to the programme, from the first month for which it sends a return."""
    code = code.strip().upper()
    wrong = _wrong(name, region)
    if not re.fullmatch(f"{TRUST_CODE}|{FICTIONAL_TRUST_CODE}", code):
        wrong.insert(
            0,
            f"“{code}” is not a trust code: use three characters such as RW4, or five such as "
            "G7H8J.",
        )
    elif code in set(register.trusts["trust_code"]):
        wrong.insert(0, f"{_latest(register, code)} is already in the register.")
    if wrong:
        raise RegisterError(wrong)
    row = {
        "trust_code": code,
        "trust_name": name.strip(),
        "region_code": region,
        "joined": joined.replace(day=1),
        "valid_from": joined.replace(day=1),
        "valid_to": None,
        "successor_code": None,
    }
    return _with(register, code, [row])


def join(
    register: Register, trust: Row, wards: Sequence[Row], lead: Row | None, today: date
) -> Register:
    """Add a trust, its wards and its lead in one change.

    `trust` has the arguments of `add_trust`; each of `wards` the columns of a ward without the day
    it opens, which is the first of the trust's first month; `lead` an email and a name, with access
    from today. What is wrong with any of the wards or the lead is raised together.
    """
    joined = add_trust(register, **trust)
    code, first = str(trust["code"]).strip().upper(), trust["joined"].replace(day=1)
    acts = [
        (
            f"Ward {number}",
            partial(ward_acts.add_ward, trust=code, values={**ward, "open_from": first}),
        )
        for number, ward in enumerate(wards, start=1)
    ]
    if lead is not None:
        person = {**lead, "role": "trust", "trusts": [code]}
        give = partial(give_access, person=person, day=today, until=None, today=today)
        acts.append(("Trust lead", give))
    return together(joined, acts)


def change_trust(register: Register, code: str, day: date, name: str, region: str) -> Register:
    """Change a trust's name or region from a day onwards."""
    rows, now = _of(register, code, day)
    if wrong := _wrong(name, region):
        raise RegisterError(wrong)
    changes = _new_only(now, {"trust_name": name.strip(), "region_code": region})
    if not changes:
        raise refusal(f"{trust_named(now)} already has these details: nothing would change.")
    return _with(register, code, changed(rows, day, changes))


def leave(register: Register, code: str, day: date) -> Register:
    """Take a trust's wards out of the collaborative from a day: no return is expected then."""
    _, now = _of(register, code, day)
    left = register
    for ward in ward_acts.wards_on(register, code, day):
        if ward["in_collaborative"] == "yes":
            left = ward_acts.change_ward(
                left, code, ward["ward_code"], day, {"in_collaborative": "no"}
            )
    if left is register:
        raise refusal(f"{trust_named(now)} has no wards in the collaborative on that day.")
    return left


def merge_trust(
    register: Register,
    code: str,
    into: str,
    day: date,
    codes: Mapping[str, str] | None = None,
    people: Collection[str] = (),
) -> Register:
    """Merge one trust into another on a day: its wards move, and its history keeps its name.

    `codes` gives new codes to wards whose code the other trust already uses; `people` are the
    e-mail addresses of those who will also see the other trust from that day.
    """
    if code == into:
        raise refusal("A trust can't become part of itself: choose another trust.")
    rows, now = _of(register, code, day)
    _, other = _of(register, into, day)
    if other["valid_to"] is not None:
        raise refusal(
            f"{trust_named(other)} ends on {day_of(other['valid_to'])}: choose another trust."
        )
    before, _ = cut(rows, day)
    if not before:
        raise RegisterError(
            [f"{trust_named(now)} begins on {day_of(day)}: choose a later day for the merger."]
        )
    before[-1] |= {"successor_code": into}
    merged = _with(register, code, before)
    for ward in ward_acts.to_move(register, code, into, day):
        new = (codes or {}).get(ward["ward_code"]) or ward["ward_code"]
        merged = ward_acts.moved(merged, code, ward["ward_code"], into, new, day)
    return with_trust(merged, people, into, day)


def _of(register: Register, code: str, day: date) -> tuple[list[Row], Row]:
    rows = rows_of(register.trusts, trust_code=code)
    if not rows:
        raise refusal(f"There is no trust {code} in the register.")
    now = held(rows, day)
    if now is None:
        raise refusal(f"{trust_named(rows[-1])} {_when(rows, day)}.")
    return rows, now


def _when(rows: list[Row], day: date) -> str:
    first, last = rows[0]["valid_from"], rows[-1]["valid_to"]
    if day < first:
        return f"is in the register from {day_of(first)}: choose that day or a later one"
    became = rows[-1]["successor_code"]
    then = f" and became part of {became}" if became else ""
    return f"ended on {day_of(last)}{then}" if last else f"has no entry for {day_of(day)}"


def _wrong(name: str, region: str) -> list[str]:
    wrong = []
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        wrong.append(f"A trust needs a name of up to {LONGEST_NAME} characters.")
    if region not in REGIONS:
        wrong.append("A trust needs a region: choose one from the list.")
    return wrong


def _latest(register: Register, code: str) -> str:
    return trust_named(rows_of(register.trusts, trust_code=code)[-1])


def _new_only(row: Row, values: Row) -> Row:
    return {field: value for field, value in values.items() if row[field] != value}


def _with(register: Register, code: str, rows: list[Row]) -> Register:
    return replace(register, trusts=with_rows(register.trusts, rows, trust_code=code))
