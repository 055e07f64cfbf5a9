"""What a programme does with wards: each act takes a register and gives the next one. Pure.

What cannot be done raises RegisterError with every reason at once. No day before the act's own is
described differently afterwards.
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
    """A new ward of a trust, from the day it opens; `values` are the columns of the register."""
    code = str(values["ward_code"]).strip().upper()
    opens: date = values["open_from"]
    owner = held(rows_of(register.trusts, trust_code=trust), opens)
    wrong = [*code_problems(code), *problems_of_values(values)]
    if owner is None:
        wrong.append(f"The trust {trust} is not in the register on {day_of(opens)}.")
    if rows := rows_of(register.wards, trust_code=trust, ward_code=code):
        wrong.append(f"{trust} has a ward with this code already: {ward_named(rows[-1])}.")
    if wrong:
        raise RegisterError(wrong)
    row = {**values, "ward_name": values["ward_name"].strip(), "trust_code": trust}
    row |= {"ward_code": code, "open_to": None, "valid_from": opens, "valid_to": None, **_NOWHERE}
    return _with(register, (trust, code), [row])


def change_ward(register: Register, trust: str, code: str, day: date, changes: Row) -> Register:
    """Another name, number of beds, class, sex … from a day on; before it nothing changes."""
    rows, now = _of(register, trust, code, day)
    new = {field: value for field, value in changes.items() if now[field] != value}
    if not new:
        raise refusal(f"{ward_named(now)} is described so already: nothing would change.")
    if wrong := problems_of_values({**now, **new}):
        raise RegisterError([f"{ward_named(now)}: {sentence}" for sentence in wrong])
    return _with(register, (trust, code), changed(rows, day, new))


def close_ward(register: Register, trust: str, code: str, last_day: date) -> Register:
    """A ward's last day open; it stays in the register, and on every chart of its past."""
    rows, now = _of(register, trust, code, last_day)
    if now["open_to"] is not None:
        raise refusal(f"{ward_named(now)} closed on {day_of(now['open_to'])} already.")
    if last_day < now["open_from"]:
        opened = day_of(now["open_from"])
        raise refusal(
            f"{ward_named(now)} opened on {opened}: its last day open cannot be "
            f"{day_of(last_day)}, which lies before that."
        )
    closed = [
        row if row["valid_to"] is not None and row["valid_to"] < last_day
        else row | {"open_to": last_day}
        for row in rows
    ]  # fmt: skip
    return _with(register, (trust, code), closed)


def reopen_ward(register: Register, trust: str, code: str, day: date) -> Register:
    """A closed ward opens again on a day; the months between stay closed."""
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
    """A ward belongs to another trust from a day on, under a code that is free there."""
    _of(register, trust, code, day)
    if trust == to:
        raise refusal(f"The ward is {trust}’s already: choose another trust.")
    owner = held(rows_of(register.trusts, trust_code=to), day)
    if owner is None:
        raise refusal(f"The trust {to} is not in the register on {day_of(day)}.")
    if owner["valid_to"] is not None:
        raise refusal(f"{trust_named(owner)} ends on {day_of(owner['valid_to'])}.")
    return moved(register, trust, code, to, new_code, day)


def moved(register: Register, trust: str, code: str, to: str, new_code: str, day: date) -> Register:
    """The ward under its new name, its old name leading there; for moves and mergers."""
    rows = rows_of(register.wards, trust_code=trust, ward_code=code)
    new_code = new_code.strip().upper()
    before, after = cut(rows, day)
    if not before:
        raise RegisterError(
            [f"{ward_named(rows[0])} begins on {day_of(day)}: choose a later day for its move."]
        )
    wrong = code_problems(new_code)
    if (trust, code) != (to, new_code) and _taken(register, (trust, code), (to, new_code)):
        wrong.append(
            f"{ward_named(rows[-1])}: {to} uses the code {new_code} for another ward, so give it "
            "a new one there."
        )
    if wrong:
        raise RegisterError(wrong)
    if not after:  # it ended before the move: its history goes along, and it stays closed
        last = before[-1]["valid_to"]
        open_to = min(last, before[-1]["open_to"] or last)
        after = [before[-1] | {"valid_from": day, "valid_to": None, "open_to": open_to}]
    before[-1] |= {"successor_trust_code": to, "successor_ward_code": new_code}
    new = [row | {"trust_code": to, "ward_code": new_code, **_NOWHERE} for row in after]
    there = rows_of(register.wards, trust_code=to, ward_code=new_code)
    return _with(_with(register, (trust, code), before), (to, new_code), [*there, *new])


def to_move(register: Register, trust: str, into: str, day: date) -> list[Row]:
    """The latest row of each ward that goes along when its trust merges on a day.

    A ward that ended before goes along only where its code would be taken for another ward's.
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
    """The row of each ward of a trust that holds on a day, by name."""
    rows = [row for row in rows_of(register.wards, trust_code=trust) if held([row], day)]
    return sorted(rows, key=lambda row: (row["ward_name"], row["ward_code"]))


def free_code(register: Register, code: str, ward_trust: str, to: str) -> str:
    """A code for a ward in another trust: its own if it is free there, else one made from it."""
    tries = [code, *(f"{code[:9]}-{number}" for number in range(2, 100))]
    key = (ward_trust, code)
    return next(new for new in tries if not _taken(register, key, (to, new)))


def _taken(register: Register, ward: tuple[str, str], key: tuple[str, str]) -> bool:
    """Whether a code stands for another ward; one that this ward once had itself is free."""
    now = dict(current_wards(register).select("ward_id", "current_ward_id").iter_rows())
    became = now.get(ward_id(*key))
    return became is not None and became != ward_id(*ward)


def _of(register: Register, trust: str, code: str, day: date) -> tuple[list[Row], Row]:
    rows = rows_of(register.wards, trust_code=trust, ward_code=code)
    if not rows:
        raise refusal(f"The register holds no ward {trust}-{code}.")
    now = held(rows, day)
    if now is None:
        first, last = rows[0]["valid_from"], rows[-1]["valid_to"]
        when = f"since {day_of(first)}" + (f" until {day_of(last)}" if last else "")
        raise refusal(
            f"{ward_named(rows[-1])} is in the register {when}: {day_of(day)} is not in that time."
        )
    return rows, now


def _with(register: Register, key: tuple[str, str], rows: list[Row]) -> Register:
    trust, code = key
    return replace(
        register, wards=with_rows(register.wards, rows, trust_code=trust, ward_code=code)
    )
