"""Changes to wards: each takes a register and returns the next one. Pure.

A change that can't be made raises RegisterError with every reason at once. No change affects the
days before it.
"""

from dataclasses import replace
from datetime import date

from pipelines.registers.effective import Row, changed, cut, held, rows_of, with_rows
from pipelines.registers.register import Register, RegisterError, refusal
from pipelines.registers.successors import current_wards, ward_id
from pipelines.registers.ward_values import code_problems, problems_of_values
from schemas.wording import day_of, trust_named, ward_named

_NOWHERE = {"successor_trust_code": None, "successor_ward_code": None}


def add_ward(register: Register, trust: str, values: Row) -> Register:
    """Add a ward to a trust from the day it opens; `values` are the columns of the register."""
    code = str(values["ward_code"]).strip().upper()
    opens: date = values["open_from"]
    owner = held(rows_of(register.trusts, trust_code=trust), opens)
    wrong = [*code_problems(code), *problems_of_values(values)]
    if owner is None:
        wrong.append(f"Trust {trust} is not in the register on {day_of(opens)}.")
    if rows := rows_of(register.wards, trust_code=trust, ward_code=code):
        wrong.append(f"{trust} has a ward with this code already: {ward_named(rows[-1])}.")
    if wrong:
        raise RegisterError(wrong)
    row = {**values, "ward_name": values["ward_name"].strip(), "trust_code": trust}
    row |= {"ward_code": code, "open_to": None, "valid_from": opens, "valid_to": None, **_NOWHERE}
    return _with(register, (trust, code), [row])


def change_ward(register: Register, trust: str, code: str, day: date, changes: Row) -> Register:
    """Change a ward's name, beds, class, sex and so on from a day onwards."""
    rows, now = _of(register, trust, code, day)
    new = {field: value for field, value in changes.items() if now[field] != value}
    if not new:
        raise refusal(f"{ward_named(now)} already has these details: nothing would change.")
    if wrong := problems_of_values({**now, **new}):
        raise RegisterError([f"{ward_named(now)}: {sentence}" for sentence in wrong])
    return _with(register, (trust, code), changed(rows, day, new))


def close_ward(register: Register, trust: str, code: str, last_day: date) -> Register:
    """Close a ward after its last day; it stays in the register and on charts of its past."""
    rows, now = _of(register, trust, code, last_day)
    if now["open_to"] is not None:
        raise refusal(f"{ward_named(now)} is already closed, since {day_of(now['open_to'])}.")
    if last_day < now["open_from"]:
        opened = day_of(now["open_from"])
        raise refusal(
            f"{ward_named(now)} opened on {opened}, so its last day can't be {day_of(last_day)}."
        )
    closed = [
        row if row["valid_to"] is not None and row["valid_to"] < last_day
        else row | {"open_to": last_day}
        for row in rows
    ]  # fmt: skip
    return _with(register, (trust, code), closed)


def reopen_ward(register: Register, trust: str, code: str, day: date) -> Register:
    """Reopen a closed ward on a day; the months in between stay closed."""
    rows, now = _of(register, trust, code, day)
    if now["open_to"] is None:
        raise refusal(f"{ward_named(now)} is not closed.")
    if day <= now["open_to"]:
        closed = day_of(now["open_to"])
        raise refusal(f"{ward_named(now)} is open until {closed}: choose a later day.")
    return _with(register, (trust, code), changed(rows, day, {"open_from": day, "open_to": None}))


def move_ward(
    register: Register, trust: str, code: str, to: str, new_code: str, day: date
) -> Register:
    """Move a ward to another trust from a day, under a code that is free there."""
    _of(register, trust, code, day)
    if trust == to:
        raise refusal(f"The ward already belongs to {trust}: choose another trust.")
    owner = held(rows_of(register.trusts, trust_code=to), day)
    if owner is None:
        raise refusal(f"Trust {to} is not in the register on {day_of(day)}.")
    if owner["valid_to"] is not None:
        raise refusal(
            f"{trust_named(owner)} ends on {day_of(owner['valid_to'])}: choose another trust."
        )
    return moved(register, trust, code, to, new_code, day)


def moved(register: Register, trust: str, code: str, to: str, new_code: str, day: date) -> Register:
    """Give a ward a new code, with the old one leading to it, for moves and mergers."""
    rows = rows_of(register.wards, trust_code=trust, ward_code=code)
    new_code = new_code.strip().upper()
    before, after = cut(rows, day)
    if not before:
        raise RegisterError(
            [f"{ward_named(rows[0])} begins on {day_of(day)}: choose a later day for the move."]
        )
    wrong = code_problems(new_code)
    if (trust, code) != (to, new_code) and _taken(register, (trust, code), (to, new_code)):
        wrong.append(
            f"{ward_named(rows[-1])}: {to} uses the code {new_code} for another ward, so choose "
            "another code."
        )
    if wrong:
        raise RegisterError(wrong)
    if not after:  # it ended before the move: its history moves too, and it stays closed
        last = before[-1]["valid_to"]
        open_to = min(last, before[-1]["open_to"] or last)
        after = [before[-1] | {"valid_from": day, "valid_to": None, "open_to": open_to}]
    before[-1] |= {"successor_trust_code": to, "successor_ward_code": new_code}
    new = [row | {"trust_code": to, "ward_code": new_code, **_NOWHERE} for row in after]
    there = rows_of(register.wards, trust_code=to, ward_code=new_code)
    return _with(_with(register, (trust, code), before), (to, new_code), [*there, *new])


def to_move(register: Register, trust: str, into: str, day: date) -> list[Row]:
    """The latest row of each ward that moves when its trust merges on a day.

    A ward that ended earlier moves only if its code could be confused with another ward's.
    """
    wards = {row["ward_code"]: row for row in rows_of(register.wards, trust_code=trust)}
    return [
        row
        for code, row in sorted(wards.items())
        if not row["successor_ward_code"]
        and (
            row["valid_to"] is None
            or row["valid_to"] >= day
            or rows_of(register.wards, trust_code=into, ward_code=code)
        )
    ]


def wards_on(register: Register, trust: str, day: date) -> list[Row]:
    """The row of each ward of a trust that is valid on a day, by name."""
    rows = [row for row in rows_of(register.wards, trust_code=trust) if held([row], day)]
    return sorted(rows, key=lambda row: (row["ward_name"], row["ward_code"]))


def free_code(register: Register, code: str, ward_trust: str, to: str) -> str:
    """A code for a ward in another trust: its own if free there, or else one based on it."""
    tries = [code, *(f"{code[:9]}-{number}" for number in range(2, 100))]
    key = (ward_trust, code)
    return next(new for new in tries if not _taken(register, key, (to, new)))


def _taken(register: Register, ward: tuple[str, str], key: tuple[str, str]) -> bool:
    """Whether a code belongs to another ward; a code this ward itself once had is free."""
    now = dict(current_wards(register).select("ward_id", "current_ward_id").iter_rows())
    became = now.get(ward_id(*key))
    return became is not None and became != ward_id(*ward)


def _of(register: Register, trust: str, code: str, day: date) -> tuple[list[Row], Row]:
    rows = rows_of(register.wards, trust_code=trust, ward_code=code)
    if not rows:
        raise refusal(f"There is no ward {trust}-{code} in the register.")
    now = held(rows, day)
    if now is None:
        first, last = rows[0]["valid_from"], rows[-1]["valid_to"]
        when = f"from {day_of(first)}" + (f" until {day_of(last)}" if last else "")
        raise refusal(
            f"{ward_named(rows[-1])} is in the register {when}, which does not include "
            f"{day_of(day)}."
        )
    return rows, now


def _with(register: Register, key: tuple[str, str], rows: list[Row]) -> Register:
    trust, code = key
    return replace(
        register, wards=with_rows(register.wards, rows, trust_code=trust, ward_code=code)
    )
