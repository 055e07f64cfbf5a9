"""Works out which months accept returns, and until when a figure may change.

A month is due, then closed, then locked. Once it is closed, a trust can send only if the programme
reopens it, at most until it is locked. Once it is locked, its figures are final: only an exception
for one trust, with a person responsible for it and a last day, lets them change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pipelines.keeping.decisions import in_force
from schemas.deadlines import dates_for
from schemas.london_time import london_day
from schemas.periods import Month
from schemas.programme import Programme
from schemas.receipts import Decision

EXCEPTIONS = ("reopened_month", "lock_exception")
LastDays = Mapping[tuple[str | None, Month], date]


@dataclass(frozen=True)
class Span:
    """The last days on which a trust may send for a month, and on which its figures may change.

    `closes` is the day for everyone; `open_until` is later if there is an exception.
    """

    closes: date
    open_until: date
    changes_until: date


@dataclass(frozen=True)
class Calendar:
    """When a programme's months are due, closed and final, as it stands on a day."""

    programme: Programme
    exceptions: LastDays
    day: date


def last_days(decisions: Iterable[Decision], programme: Programme) -> LastDays:
    """The last day of each exception in force, by trust (None: every trust) and month."""
    found: dict[tuple[str | None, Month], date] = {}
    for taken in in_force(decisions):
        if taken.kind not in EXCEPTIONS or not taken.month:
            continue
        month = Month.parse(taken.month)
        last = _day(taken.expires) if taken.expires else date.max
        if taken.kind == "reopened_month":
            last = min(last, dates_for(month, programme.deadlines).locked)
        about = taken.trust_code, month
        found[about] = max(last, found.get(about, last))
    return found


def span(trust: str | None, month: Month, exceptions: LastDays, programme: Programme) -> Span:
    """Until when a trust may send for a month, and until when its figures may change.

    None is every trust that has no exception of its own.
    """
    dates = dates_for(month, programme.deadlines)
    granted = [exceptions[who, month] for who in (trust, None) if (who, month) in exceptions]
    until = max(dates.closed, *granted) if granted else dates.closed
    return Span(dates.closed, until, max(dates.locked, until))


def closed_months(
    trusts: Iterable[str], decisions: Iterable[Decision], programme: Programme, today: date
) -> frozenset[tuple[str, Month]]:
    """Each trust and month that accepts no return on a day: closed, and not reopened."""
    exceptions = last_days(decisions, programme)
    closed = [
        month
        for month in programme.expected_months(today)
        if dates_for(month, programme.deadlines).closed < today
    ]
    return frozenset(
        (trust, month)
        for trust in trusts
        for month in closed
        if span(trust, month, exceptions, programme).open_until < today
    )


def _day(text: str) -> date:
    return london_day(datetime.fromisoformat(text)) if "T" in text else date.fromisoformat(text)
