"""What someone sending a return needs: the open months, the workbook and the receipt.

`check` decides whether a return is right, and `submit` saves it.
"""

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from pipelines.accepting.context import active_return, context_for
from pipelines.accepting.preview import Preview
from pipelines.accepting.submission import Arrival, Submission
from pipelines.checking.prechecks.month import never_sent
from pipelines.keeping.entries import Entries
from pipelines.keeping.explanations import as_answered
from pipelines.keeping.home import Home
from pipelines.keeping.month_locks import closed_months
from pipelines.keeping.uploads import Uploads
from pipelines.submit import submit
from pipelines.workbooks.baseline_template import baseline_template
from pipelines.workbooks.template import template
from schemas.baseline_window import BaselineWindow
from schemas.deadlines import dates_for
from schemas.periods import Month, months
from schemas.receipts import Receipt, slot_of
from schemas.wording import day_of, listed

_AHEAD = 12  # months for which a workbook can be prepared


class NotYours(PermissionError):
    """Someone asked for a trust that is not theirs; the message says so."""


@dataclass(frozen=True)
class OpenMonth:
    """A month that a trust may send now, when it is due, and the return in use, if any."""

    month: Month
    due: date
    active: Receipt | None

    @property
    def slot(self) -> str:
        """What is sent (`schemas.receipts.slot_of`)."""
        return str(self.month)

    @property
    def label(self) -> str:
        """The month in words."""
        return self.month.label


@dataclass(frozen=True)
class OpenBaseline:
    """A baseline that a trust may send now, and the one in use, if any."""

    window: BaselineWindow
    active: Receipt | None

    @property
    def slot(self) -> str:
        """What is sent (`schemas.receipts.slot_of`)."""
        return slot_of(self.window.first, baseline=True)

    @property
    def label(self) -> str:
        """Its months in words."""
        return self.window.label


def inbox(home: Home) -> Uploads:
    """The uploads of a programme that have not been sent yet."""
    return Uploads(home.root / "inbox")


def open_months(home: Home, trust: str, today: date, allowed: frozenset[str]) -> list[OpenMonth]:
    """The months a trust may send: those never sent first, oldest first, then the others."""
    own(trust, allowed)
    entries = home.archive.entries()
    context = context_for(home, today, frozenset({trust}), entries)
    found = [
        OpenMonth(
            month,
            dates_for(month, home.programme.deadlines).due,
            active_return(entries, trust, str(month)),
        )
        for month in home.programme.expected_months(today)
        if (trust, month) not in context.closed_months
        and not context.register.wards_open(trust, month).is_empty()
    ]
    sent = [choice for choice in found if choice.active]
    return [choice for choice in found if not choice.active] + sent[::-1]


def open_baselines(
    home: Home, trust: str, today: date, allowed: frozenset[str]
) -> list[OpenBaseline]:
    """The baselines a trust may send, earliest first."""
    own(trust, allowed)
    windows = [
        window
        for window in home.programme.baselines_of(trust)
        if window.last_month.last_day < today <= window.until
    ]
    if not windows:
        return []
    entries = home.archive.entries()
    found = [OpenBaseline(window, None) for window in windows]
    return [replace(each, active=active_return(entries, trust, each.slot)) for each in found]


def baseline_workbook(home: Home, window: BaselineWindow, allowed: frozenset[str]) -> bytes:
    """The workbook of a baseline to fill in, with cover answers from the trust's latest return.

    If it was sent already, it holds every figure of the version in use. Raises ValueError with a
    sentence if no ward can bring one.
    """
    own(window.trust, allowed)
    entries = home.archive.entries()
    in_use = active_return(entries, window.trust, slot_of(window.first, baseline=True))
    sent = [receipt for receipt in entries.active if receipt.trust_code == window.trust]
    last = max(sent, key=lambda receipt: receipt.month, default=None)
    return baseline_template(
        home.programme,
        entries.register,
        window,
        home.archive.cells(last) if last else None,
        home.archive.cells(in_use) if in_use else None,
    )


def baseline_with(home: Home, trust: str, month: Month) -> BaselineWindow:
    """The baseline of a trust that may have a month; ValueError with a sentence if none may."""
    windows = home.programme.baselines_of(trust)
    found = [each for each in windows if each.first_month <= month <= each.last_month]
    if not found:
        has = listed([each.label for each in windows], last="or")
        but = f"its baseline is {has}" if windows else "it has been asked for none"
        raise ValueError(f"{month.label} is in no baseline of {trust}: {but}.")
    return found[0]


def coming_month(home: Home, trust: str, today: date, allowed: frozenset[str]) -> OpenMonth | None:
    """The next month that a trust can send once it has ended; None if none is planned in a year."""
    own(trust, allowed)
    programme, register = home.programme, home.archive.entries().register
    first = max(Month.of(today), programme.first)
    ahead = first + (_AHEAD - 1)
    last = Month.parse(programme.last_month) if programme.last_month else ahead
    for month in months(first, min(last, ahead)):
        if not programme.paused(month) and not register.wards_open(trust, month).is_empty():
            return OpenMonth(month, dates_for(month, programme.deadlines).due, None)
    return None


def when_to_send(home: Home, trust: str, month: Month, today: date) -> str:
    """When the return that a workbook is for can be sent, in a sentence; empty if it can be now.

    Raises ValueError with a sentence for a month that has no return, or none to prepare yet.
    """
    if never := never_sent(month, home.programme):
        raise ValueError(" ".join(never).strip())
    this_month = Month.of(today)
    if month > this_month + _AHEAD:
        raise ValueError(
            f"{month.label} is more than a year ahead, and nobody knows yet which wards and "
            "questions it will have: create its workbook once it has begun."
        )
    if month >= this_month:
        again = " Create it again then if wards or questions have changed."
        return (
            f"{month.label} has not ended: its return can be sent from "
            f"{day_of((month + 1).first_day)}.{again if month > this_month else ''}"
        )
    entries = home.archive.entries()
    if (trust, month) in closed_months([trust], entries.decisions, home.programme, today):
        return (
            f"{month.label} is closed for {trust}: its return can be sent only if the programme "
            "team reopens the month."
        )
    return ""


def workbook_for(home: Home, trust: str, month: Month, allowed: frozenset[str]) -> bytes:
    """The workbook to fill in, with details from the trust's latest earlier month.

    For a month that was sent already, it holds every figure of the version in use.
    """
    own(trust, allowed)
    entries = home.archive.entries()
    previous, in_use = sent_so_far(home, entries, trust, month)
    return template(home.programme, entries.register, trust, month, previous, in_use)


def sent_so_far(
    home: Home, entries: Entries, trust: str, month: Month
) -> tuple[pl.DataFrame | None, pl.DataFrame | None]:
    """The cells of a trust's latest return before a month, and of the month's version in use.

    Either is None if there is none; the first also if the second isn't.
    """
    if in_use := active_return(entries, trust, str(month)):
        return None, home.archive.cells(in_use)
    earlier = [r for r in entries.active if r.trust_code == trust and r.month < str(month)]
    last = max(earlier, key=lambda receipt: receipt.month, default=None)
    return home.archive.cells(last) if last else None, None


def send(home: Home, look: Preview, arrival: Arrival) -> Submission:
    """Send an upload that was looked at; nothing is kept if another return came since then."""
    own(look.checked.trust or "", arrival.allowed_trusts or frozenset())
    return submit(home, replace(arrival, replaces=look.active))


def receipt_of(
    home: Home, trust: str, slot: str, version: int, allowed: frozenset[str]
) -> Receipt | None:
    """A receipt given before, with the explanations of its queries so far.

    `slot` is a month or a baseline (`schemas.receipts.slot_of`).
    """
    own(trust, allowed)
    wanted, entries = f"{trust}/{slot}/{version}", home.archive.entries()
    found = next((r for r in entries.every if r.return_id == wanted), None)
    return as_answered(found, entries.decisions) if found else None


def file_of(home: Home, receipt: Receipt, allowed: frozenset[str]) -> bytes:
    """The file of a receipt exactly as it was sent, but for any text that may not be kept."""
    own(receipt.trust_code, allowed)
    return home.archive.original(receipt).read_bytes()


def own(trust: str, allowed: frozenset[str]) -> None:
    """Raise NotYours if a trust is not among those that somebody may send for."""
    if trust not in allowed:
        raise NotYours(f"You may not send for {trust}.")
