"""Finds what a trust or ward of the past has become, after mergers and moves."""

from collections.abc import Callable, Hashable
from datetime import date
from typing import TypeVar

import polars as pl

from pipelines.registers.effective import DAY, rows_of
from pipelines.registers.register import Register
from schemas.wording import day_of

Key = TypeVar("Key", bound=Hashable)


def ward_id(trust_code: str, ward_code: str) -> str:
    """The id of a ward in a release, such as Z01-ALDER1."""
    return f"{trust_code}-{ward_code}"


def current_trusts(register: Register, day: date = date.max) -> dict[str, str]:
    """For each trust code, the code of the trust it belongs to on a day."""
    after = _successors(register.trusts, ["trust_code"], ["successor_code"], day)
    step = {code: new[0] for (code,), new in after.items()}
    return {
        code: _last(code, step.get, "Trust")
        for code in register.trusts["trust_code"].unique().sort()
    }


def current_wards(register: Register, day: date = date.max) -> pl.DataFrame:
    """For each ward, the ward it is on a day: ward_id, current_ward_id, current_trust_code.

    A ward follows its own successor first. If its whole trust merged, it keeps its code under the
    new trust if it is in the register there, and its old id otherwise.
    """
    columns = ["trust_code", "ward_code"]
    known = set(register.wards.select(columns).unique().iter_rows())
    moved = _successors(
        register.wards, columns, ["successor_trust_code", "successor_ward_code"], day
    )
    trusts = current_trusts(register, day)

    def step(key: tuple[str, str]) -> tuple[str, str] | None:
        if key in moved:
            return moved[key]
        under_new_trust = (trusts.get(key[0], key[0]), key[1])
        return under_new_trust if under_new_trust != key and under_new_trust in known else None

    rows = []
    for key in sorted(known):
        trust_code, ward_code = _last(key, step, "Ward")
        rows.append(
            (ward_id(*key), ward_id(trust_code, ward_code), trusts.get(trust_code, trust_code))
        )
    names = ["ward_id", "current_ward_id", "current_trust_code"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def merger_of(register: Register, trust_code: str, day: date) -> str | None:
    """What a trust has become by a day: Z07 became part of Z03 on 1 April 2026; None if nothing."""
    parts, code = [], trust_code
    while rows := rows_of(register.trusts, trust_code=code):
        ended, into = rows[-1]["valid_to"], rows[-1]["successor_code"]
        if not into or ended is None or ended >= day or len(parts) > register.trusts.height:
            break
        parts.append(f"{code} became part of {into} on {day_of(ended + DAY)}")
        code = into
    return ", and ".join(parts) or None


def move_of(
    register: Register, trust_code: str, ward_code: str, day: date
) -> tuple[str, str, date] | None:
    """The trust and code that a ward had after it moved, if it has by a day, and since when."""
    rows = rows_of(register.wards, trust_code=trust_code, ward_code=ward_code)
    last = rows[-1] if rows else {}
    ended, code = last.get("valid_to"), last.get("successor_ward_code")
    trust = last.get("successor_trust_code")
    if ended is None or ended >= day or not (trust or code):
        return None
    return trust or trust_code, code or ward_code, ended + DAY


def _successors(
    frame: pl.DataFrame, keys: list[str], successors: list[str], day: date
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The successor named in the latest row of each key, once that row has ended."""
    latest = frame.sort("valid_from").unique(keys, keep="last", maintain_order=True)
    ended = pl.col("valid_to").is_null() | (pl.col("valid_to") < day)
    named = latest.filter(pl.col(successors[0]).is_not_null(), ended)
    after = [pl.col(s).fill_null(pl.col(k)) for s, k in zip(successors, keys, strict=True)]
    pairs = zip(named.select(keys).iter_rows(), named.select(after).iter_rows(), strict=True)
    return dict(pairs)


def _last(key: Key, step: Callable[[Key], Key | None], what: str) -> Key:
    passed = [key]
    while (after := step(key)) is not None:
        if after in passed:
            names = " to ".join("-".join(k) if isinstance(k, tuple) else k for k in passed)
            raise ValueError(f"{what} {names} leads back to itself: correct its successors.")
        passed.append(after)
        key = after
    return key
