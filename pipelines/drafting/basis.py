"""What the drafts of a trust's month are made on: its wards, what was sent, and what is checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from pipelines.accepting.context import active_return, context_for
from pipelines.checking.check import check_rows
from pipelines.checking.context import Context
from pipelines.checking.past import Past, past_of
from pipelines.checking.rules.return_status import NEEDED
from pipelines.keeping.drafts import Draft
from pipelines.keeping.home import Home
from pipelines.registers.successors import move_of
from pipelines.sending import own, sent_so_far
from pipelines.workbooks.template import Rows, filled, rows_to_fill_in
from schemas.periods import Month
from schemas.problems import Problem, Severity
from schemas.receipts import Receipt
from schemas.returns import TEMPLATE_VERSION, columns_of
from schemas.wording import day_of

NOT_TYPED = ("period", "ward_code")  # the screen knows them
CONFIRMED = tuple(
    field
    for field in columns_of("cover")
    if field not in ("template_version", "trust_code", "trust_name", "period")
)


@dataclass(frozen=True)
class Looked:
    """What the check will say of one ward's figures: needed blanks, errors and queries."""

    blank: tuple[str, ...] = ()
    errors: tuple[Problem, ...] = ()
    queries: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Basis:
    """One trust's month: the rows its workbook would have, and the return in use, if any.

    `wards` are those to type, code to name: the ones open in that month, and any that were sent.
    """

    trust: str
    month: Month
    wards: Mapping[str, str]
    rows: Rows
    context: Context
    active: Receipt | None

    def typed(self, ward: str) -> dict[str, int | str]:
        """What a ward's form holds before anybody has saved a draft: as sent, or nothing yet."""
        row = next((r for r in self.rows["monthly"] if r["ward_code"] == ward), {})
        columns = columns_of("monthly")
        values = {
            field: int(value) if columns[field].kind == "count" else str(value)
            for field, value in row.items()
            if field not in NOT_TYPED and value not in (None, "")
        }
        return {"return_status": "data", **values}

    def last_month(self, ward: str, field: str) -> int | str | None:
        """What the ward's return for the month before has in a field; None if there is nothing."""
        return self._past.value(1, "monthly", ward, field)

    @property
    def sent_last_month(self) -> bool:
        """Whether there is a return for the month before."""
        return self._past.has(1)

    @cached_property
    def _past(self) -> Past:
        return past_of(self.context.history, self.trust, self.month)


def basis_of(home: Home, trust: str, month: Month, today: date, allowed: frozenset[str]) -> Basis:
    """What drafts are made on, for somebody who may send for these trusts; raises NotYours.

    Raises ValueError with a sentence if the trust was not in the register in that month.
    """
    own(trust, allowed)
    entries = home.archive.entries()
    previous, in_use = sent_so_far(home, entries, trust, month)
    rows = rows_to_fill_in(home.programme, entries.register, trust, month, previous, in_use)
    named = dict(
        entries.register.wards_of(trust, month).select("ward_code", "ward_name").iter_rows()
    )
    due = [
        *entries.register.wards_open(trust, month)["ward_code"],
        *(row["ward_code"] for row in rows["monthly"]),
    ]
    return Basis(
        trust,
        month,
        {code: str(named.get(code, code)) for code in dict.fromkeys(due)},
        rows,
        context_for(home, today, frozenset({trust}), entries),
        active_return(entries, trust, str(month)),
    )


def look(basis: Basis, typed: Mapping[str, Mapping[str, int | str]]) -> Mapping[str, Looked]:
    """What the check will say of each ward's figures as they are typed, by ward code."""
    found = check_rows(typed, basis.trust, basis.month, basis.context)
    return {ward: _looked(typed[ward], problems) for ward, problems in found.items()}


def _looked(typed: Mapping[str, int | str], problems: Iterable[Problem]) -> Looked:
    lacking = {p.column for p in problems if p.code == "E03" and p.column in NEEDED}
    figures = [field for field in typed if columns_of("monthly")[field].kind == "count"]
    if not figures and any(p.code == "E03" for p in problems):  # said once for the whole row
        status = typed["return_status"]
        return Looked(tuple(field for field, rows in NEEDED.items() if status in rows.words))
    others = [p for p in problems if not (p.code == "E03" and p.column in lacking)]
    return Looked(
        tuple(field for field in NEEDED if field in lacking),
        tuple(p for p in others if p.severity is Severity.ERROR),
        tuple(p for p in others if p.severity is Severity.QUERY),
    )


def set_aside(basis: Basis, draft: Draft) -> str:
    """Why a draft isn't part of the return, in a sentence; empty if it is."""
    closed = (basis.trust, basis.month) in basis.context.closed_months
    if closed:
        return (
            f"{basis.month.label} is closed, so this can’t be sent. If its figures must change, "
            "ask the programme team to reopen the month."
        )
    moved = move_of(basis.context.register, basis.trust, draft.ward, basis.month.first_day)
    if draft.ward not in basis.wards and moved:
        trust, code, day = moved
        where = f"ward {code}" if trust == basis.trust else f"ward {code} of {trust}"
        return f"{draft.ward} became {where} on {day_of(day)}, so its figures belong there."
    if draft.ward not in basis.wards:
        return (
            f"The register now says that {draft.ward} was not open in {basis.month.label}. If that "
            "is wrong, ask the programme team to correct it."
        )
    if draft.template != TEMPLATE_VERSION:
        return (
            "The questions have changed since this was saved. Open the ward, look through it and "
            "save it again."
        )
    return ""


def workbook_of(basis: Basis, drafts: Iterable[Draft], cover: Mapping[str, Any]) -> bytes:
    """The workbook with the drafts' figures in it, and everything else as it would be pre-filled.

    `cover` holds the answers about the whole return, by field.
    """
    by_ward = {
        draft.ward: {"period": str(basis.month), "ward_code": draft.ward, **draft.typed}
        for draft in drafts
    }
    kept = [by_ward.pop(row["ward_code"], row) for row in basis.rows["monthly"]]
    rows = {
        **basis.rows,
        "cover": [{**basis.rows["cover"][0], **cover}],
        "monthly": [*kept, *by_ward.values()],
    }
    programme, register = basis.context.programme, basis.context.register
    return filled(programme, register, basis.trust, basis.month, rows)
