"""Changes to groups: each takes a register and returns the next one. Pure.

A change that can't be made raises RegisterError with every reason at once. What a group had before
a day stays as it was.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date

import polars as pl

from pipelines.registers.effective import DAY, Row, cut, held, rows_of, with_rows
from pipelines.registers.register import Register, RegisterError, refusal
from schemas.register import GROUP_CODE
from schemas.vocabularies import OWN_GROUPS, REGIONS
from schemas.wording import day_of

LONGEST_NAME = 80


def add_group(
    register: Register, code: str, name: str, kind: str, members: Collection[str], day: date
) -> Register:
    """Make a group of some trusts (`Z01`) and wards (`Z01-ALDER1`) from a day onwards."""
    code = code.strip().upper()
    wrong = []
    if not re.fullmatch(GROUP_CODE, code):
        wrong.append(
            f"“{code}” is not a group code: use 2 to 12 letters and digits that begin with a "
            "letter, such as NORTH1."
        )
    elif code in REGIONS:
        wrong.append(f"{code} is the code of a region: use another.")
    elif (there := register.groups.filter(group_code=code)).height:
        wrong.append(f"{there['group_name'][0]} ({code}) is in the register already.")
    wrong += _wrong_name(name)
    if kind not in OWN_GROUPS:
        wrong.append("A group needs a kind: choose one from the list.")
    if not members:
        wrong.append("A group needs at least one trust or ward.")
    if wrong:
        raise RegisterError(wrong)
    about = {"group_code": code, "group_name": name.strip(), "kind": kind}
    return _joined(register, about, members, day)


def rename(register: Register, code: str, name: str) -> Register:
    """Give a group another name, for all its days."""
    now = _of(register, code)
    if wrong := _wrong_name(name):
        raise RegisterError(wrong)
    if now["group_name"] == name.strip():
        raise refusal(f"{_named(now)} already has this name: nothing would change.")
    here = pl.when(pl.col("group_code") == code).then(pl.lit(name.strip()))
    groups = register.groups.with_columns(group_name=here.otherwise("group_name"))
    return replace(register, groups=groups)


def join(register: Register, code: str, members: Collection[str], day: date) -> Register:
    """Add trusts and wards to a group from a day onwards."""
    now = _of(register, code)
    if not members:
        raise refusal("Choose at least one trust or ward.")
    return _joined(register, now, members, day)


def leave(register: Register, code: str, member: str, last_day: date) -> Register:
    """Take a trust or ward out of a group after its last day in it."""
    now, rows = _of(register, code), rows_of(register.groups, group_code=code, member=member)
    if held(rows, last_day) is None:
        raise refusal(f"{member} is not in {_named(now)} on {day_of(last_day)}.")
    before, after = cut(rows, last_day + DAY)
    if not after:
        raise refusal(f"{member} leaves {_named(now)} on {day_of(last_day)} already.")
    return _with(register, code, member, before)


def _joined(register: Register, about: Row, members: Collection[str], day: date) -> Register:
    wrong = []
    for member in sorted(set(members)):
        rows = rows_of(register.groups, group_code=about["group_code"], member=member)
        if any(row["valid_to"] is None or row["valid_to"] >= day for row in rows):
            wrong.append(f"{member} is in {_named(about)} on {day_of(day)} or later already.")
            continue
        named = {name: about[name] for name in ("group_code", "group_name", "kind")}
        new = named | {"member": member, "valid_from": day, "valid_to": None}
        register = _with(register, about["group_code"], member, [*rows, new])
    if wrong:
        raise RegisterError(wrong)
    return register


def _of(register: Register, code: str) -> Row:
    rows = register.groups.filter(group_code=code)
    if rows.is_empty():
        raise refusal(f"There is no group {code} in the register.")
    return rows.row(0, named=True)


def _wrong_name(name: str) -> list[str]:
    if 1 <= len(name.strip()) <= LONGEST_NAME:
        return []
    return [f"A group needs a name of up to {LONGEST_NAME} characters."]


def _named(row: Row) -> str:
    return f"{row['group_name']} ({row['group_code']})"


def _with(register: Register, code: str, member: str, rows: list[Row]) -> Register:
    groups = with_rows(register.groups, rows, group_code=code, member=member)
    return replace(register, groups=groups)
