"""Who was affected by reported incidents, and who is alleged to be responsible: a small table.

By the strictest rule there is: twelve months together, only for the programme team and a trust
about itself, and not ward by ward; never for a region, another trust or a file for sharing.
"""

from datetime import date

import polars as pl

from dashboard.charts.table import Column, html
from dashboard.page import page
from dashboard.page.session import Visit
from dashboard.queries.windows import covered_by_pairs, who_by_whom
from schemas import wording
from schemas.sheets.pairs import AFFECTED, ALLEGED, HEADING

_AFFECTED = {"patient": "Patients", "staff": "Staff", "visitor": "Visitors"}
_BY = {"patient": "a patient", "staff": "a member of staff", "visitor": "a visitor"}
_NOBODY = "Nobody named"
_COLUMNS = (
    Column("affected", "Affected", row_header=True),
    *(
        Column(who, f"{_BY[who].capitalize()} alleged responsible" if who in _BY else _NOBODY, True)
        for who in ALLEGED
    ),
)
_TWICE = (
    "An incident that affected several kinds of people, or in which several are alleged to be "
    "responsible, is counted in each place."
)
_ONLY_YOU = (
    "A report doesn’t establish what happened. Only the trust itself and the programme team see "
    "this table: take care who you share it with."
)


def of_programme(visit: Visit, last: date) -> None:
    """The whole programme's table; nothing if no ward sent it."""
    if visit.scope.role == "programme":
        _show(visit, last, None, "")


def of_trust(visit: Visit, last: date, trust: str) -> None:
    """One trust's table, for its lead or the programme team; nothing if it was never sent."""
    if visit.scope.role in ("programme", "trust"):
        _show(visit, last, trust, trust)


def _show(visit: Visit, last: date, trust: str | None, code: str) -> None:
    found = visit.ask(who_by_whom, last=last, trust=trust)
    if found.is_empty():
        return
    covered = visit.ask(covered_by_pairs, last=last, trust=trust).row(0, named=True)
    page.section(HEADING, f"{_most(found)} {_coverage(covered)} {_TWICE} {_ONLY_YOU}")
    whose = f", {code}" if code else ""
    caption = f"{HEADING}{whose}, twelve months to {wording.month_of(last)}"
    page.html(html(caption, _COLUMNS, _rows(found)))


def _rows(found: pl.DataFrame) -> list[dict[str, object]]:
    counts = {(row["affected"], row["alleged"]): row for row in found.iter_rows(named=True)}
    return [
        {"affected": _AFFECTED[affected]}
        | {alleged: f"{counts[affected, alleged]['incidents']:,}" for alleged in ALLEGED}
        for affected in AFFECTED
    ]


def _most(found: pl.DataFrame) -> str:
    """What was reported most often, in a sentence."""
    most = found.filter(pl.col("incidents") == pl.col("incidents").max())
    number = int(most["incidents"][0])
    if not number:
        return "No incident was reported in these twelve months."
    if most.height > 1:
        return "No pair of people stands out."
    affected, alleged = str(most["affected"][0]), str(most["alleged"][0])
    by = f"{_BY[alleged]} is" if alleged in _BY else "nobody is named as"
    return (
        f"Most often {_BY[affected]} was affected and {by} alleged to be responsible: in "
        f"{wording.counted(number, 'reported incident')}."
    )


def _coverage(covered: dict[str, object]) -> str:
    wards = f"{wording.counted(int(str(covered['wards'])), 'ward')} filled in the table"
    if not covered["reported"]:
        return f"{wards}."
    known = wording.of_them(int(covered["known"]), int(covered["reported"]), "reported incident")
    return f"{wards}, for {known}."
