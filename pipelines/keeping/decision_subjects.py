"""Checks that what a decision is about exists: its trust, ward, measure and time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from pipelines.registers.register import Register
from schemas import wording
from schemas.london_time import london_day
from schemas.measures import Measure
from schemas.periods import Month
from schemas.programme import Programme
from schemas.vocabularies import EVENT_KIND

LONGEST_EXCEPTION = timedelta(days=60)


class DecisionError(ValueError):
    """A decision that can't be made; the message is a sentence."""


class AlreadyDecided(DecisionError):
    """What is to be decided or asked for has been already."""


class NotInForce(DecisionError):
    """What is to be undone or answered isn't there, or has been undone or answered already."""


@dataclass(frozen=True)
class UnitCodes:
    """The codes by which the register knows a ward, a trust or (without any) every trust."""

    trust_code: str | None = None
    ward_code: str | None = None


def unit(register: Register, codes: UnitCodes) -> dict[str, str | None]:
    """A ward, a trust, or (without codes) every trust; raises DecisionError if it is unknown."""
    trust_code, ward_code = codes.trust_code, codes.ward_code
    if trust_code is None and ward_code is not None:
        raise DecisionError(f"Name the trust that ward {ward_code} belongs to.")
    if trust_code is not None and trust_code not in register.trusts["trust_code"]:
        raise DecisionError(f"There is no trust {trust_code} in the register.")
    known = register.wards.filter(trust_code=trust_code or "")["ward_code"]
    if ward_code is not None and ward_code not in known:
        raise DecisionError(
            f"There is no ward {ward_code} in {trust_code} in the register: its wards are "
            f"{wording.listed(known.unique().sort().to_list(), nothing='not in it yet')}."
        )
    return {"trust_code": trust_code, "ward_code": ward_code}


def measure(measure_id: str, measures: Iterable[Measure]) -> str:
    """A measure that exists."""
    if measure_id not in {known.id for known in measures}:
        raise DecisionError(f"There is no measure {measure_id}: write its code, such as SS-I1.")
    return measure_id


def event_kind(kind: str) -> str:
    """A kind of event that a return may also use."""
    if kind not in EVENT_KIND:
        raise DecisionError(
            f"“{kind}” is not a kind of event: choose one of {', '.join(EVENT_KIND)}."
        )
    return kind


def owner(register: Register, email: str | None, trust_code: str | None, today: date) -> str:
    """The person responsible for an exception: on the programme team, or at the trust."""
    if not email or not email.strip():
        raise DecisionError("Give the e-mail address of the person responsible for it.")
    held = register.access.filter(
        pl.col("email").str.to_lowercase() == email.strip().lower(),
        pl.col("valid_from") <= today,
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= today),
    )
    for role, trusts in held.select("role", "trusts").iter_rows():
        if role == "programme" or (role == "trust" and trust_code in (trusts or "").split()):
            return email.strip().lower()
    raise DecisionError(
        "The person responsible must be in the register today, on the programme team or for this "
        "trust. Check the address."
    )


def last_day_of_exception(until: date | None, trust_code: str | None, today: date) -> date:
    """The last day of an exception for final figures, at most 60 days away."""
    if trust_code is None:
        raise DecisionError("The month's figures are final: reopen it for one trust at a time.")
    latest = today + LONGEST_EXCEPTION
    if until is None or not today <= until <= latest:
        raise DecisionError(
            "The month's figures are final: choose the last day on which they may change, between "
            f"today and {_in_words(latest)}."
        )
    return until


def last_day_before_lock(until: date | None, today: date, locked: date) -> date:
    """The last day of a reopened month; if none is chosen, the day it is locked."""
    if until is not None and not today <= until <= locked:
        raise DecisionError(
            f"The month's figures are final after {_in_words(locked)}: choose a last day between "
            "today and then."
        )
    return until or locked


def any_month(text: str) -> str:
    """A calendar month."""
    try:
        return str(Month.parse(text))
    except ValueError as error:
        raise DecisionError(str(error)) from None


def charted_month(text: str, programme: Programme, at: datetime) -> str:
    """A month that charts show: not before the programme began, and not in the future."""
    month = any_month(text)
    _charted(Month.parse(month).first_day, programme, at)
    return month


def charted_day(text: str, programme: Programme, at: datetime) -> str:
    """A day (2026-03-14) or a month that charts show."""
    if len(text.strip()) <= len("2026-03"):
        return charted_month(text, programme, at)
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise DecisionError(f"“{text}” is not a date: write it like 2026-03-14.") from None
    _charted(day, programme, at)
    return day.isoformat()


def _charted(day: date, programme: Programme, at: datetime) -> None:
    if day > london_day(at):
        raise DecisionError(f"{_in_words(day)} is in the future: choose a time in the past.")
    if day < programme.first.first_day:
        raise DecisionError(
            f"{_in_words(day)} is before {programme.first.label}, when the programme began: no "
            "chart shows it."
        )


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
