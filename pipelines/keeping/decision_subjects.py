"""What a decision may be about: a trust, a ward, a measure and a time that there are."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from pipelines.measures import load
from pipelines.registers.register import Register
from schemas.london_time import london_day
from schemas.periods import Month
from schemas.programme import Programme
from schemas.vocabularies import EVENT_KIND

LONGEST_EXCEPTION = timedelta(days=60)


class DecisionError(ValueError):
    """A decision that cannot be taken, said as a sentence."""


@dataclass(frozen=True)
class UnitCodes:
    """The codes by which the register knows a ward, a trust or (without any) every trust."""

    trust_code: str | None = None
    ward_code: str | None = None


def unit(register: Register, codes: UnitCodes) -> dict[str, str | None]:
    """A ward, a trust, or (without codes) every trust; raises DecisionError if there is none."""
    trust_code, ward_code = codes.trust_code, codes.ward_code
    if trust_code is None and ward_code is not None:
        raise DecisionError(f"Say which trust the ward {ward_code} belongs to.")
    if trust_code is not None and trust_code not in register.trusts["trust_code"]:
        raise DecisionError(f"There is no trust {trust_code} in the register.")
    known = register.wards.filter(trust_code=trust_code or "")["ward_code"]
    if ward_code is not None and ward_code not in known:
        raise DecisionError(f"There is no ward {ward_code} of {trust_code} in the register.")
    return {"trust_code": trust_code, "ward_code": ward_code}


def measure(measure_id: str) -> str:
    """A measure that there is."""
    if measure_id not in {known.id for known in load()}:
        raise DecisionError(f"There is no measure {measure_id}: name one by its code, as SS-I1.")
    return measure_id


def event_kind(kind: str) -> str:
    """A kind of event that the return knows too."""
    if kind not in EVENT_KIND:
        raise DecisionError(f"“{kind}” is no kind of event: choose {', '.join(EVENT_KIND)}.")
    return kind


def owner(register: Register, email: str | None, trust_code: str | None, today: date) -> str:
    """Who answers for an exception: one of the programme team, or somebody of the trust."""
    if not email or not email.strip():
        raise DecisionError("Say who answers for it: the e-mail address of one person.")
    held = register.access.filter(
        pl.col("email").str.to_lowercase() == email.strip().lower(),
        pl.col("valid_from") <= today,
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= today),
    )
    for role, trusts in held.select("role", "trusts").iter_rows():
        if role == "programme" or (role == "trust" and trust_code in (trusts or "").split()):
            return email.strip().lower()
    raise DecisionError(
        "The person who answers for it must be in the register now, in the programme team or for "
        "this trust. Check the address."
    )


def last_day_of_exception(until: date | None, trust_code: str | None, today: date) -> date:
    """The last day of an exception to figures that are final; it is always soon."""
    if trust_code is None:
        raise DecisionError("The month's figures are final: open it for one trust at a time.")
    latest = today + LONGEST_EXCEPTION
    if until is None or not today <= until <= latest:
        raise DecisionError(
            "The month's figures are final: choose the last day on which they may change, from "
            f"today to {_said(latest)}."
        )
    return until


def last_day_before_lock(until: date | None, today: date, locked: date) -> date:
    """The last day of a month that is opened again; without a choice, until it is locked."""
    if until is not None and not today <= until <= locked:
        raise DecisionError(
            f"The month's figures are final after {_said(locked)}: choose a last day from today "
            "to then."
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
    """A day (2026-03-14), or a month for want of one, that charts show."""
    if len(text.strip()) <= len("2026-03"):
        return charted_month(text, programme, at)
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise DecisionError(f"“{text}” is not a day: write it as 2026-03-14.") from None
    _charted(day, programme, at)
    return day.isoformat()


def _charted(day: date, programme: Programme, at: datetime) -> None:
    if day > london_day(at):
        raise DecisionError(f"{_said(day)} has not come yet: choose a time that is past.")
    if day < programme.first.first_day:
        raise DecisionError(
            f"{_said(day)} is before {programme.first.label}, when the programme began: no chart "
            "shows it."
        )


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
