"""Who was affected by reported incidents, and who is alleged to be responsible: a small table.

By the strictest rule there is: twelve months together, only for the programme team and a trust
about itself, and not ward by ward; never for a region, another trust or a file for sharing. Each
figure leads to the wards that it adds up, and each ward's to its cells.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard.charts.figure_links import linked, pair_of
from dashboard.charts.table import Column, html
from dashboard.page import filters, page
from dashboard.page.figure_reference import CellsReference
from dashboard.page.session import Visit
from dashboard.panels import figure_source
from dashboard.queries.organisations import wards
from dashboard.queries.pairs import covered_by_pairs, pair_of_wards, who_by_whom
from dashboard.words import pairs as words
from schemas import wording
from schemas.periods import Month
from schemas.sheets.pairs import AFFECTED, ALLEGED, HEADING, cell

_COLUMNS = (
    Column("alleged", "Alleged to be responsible", row_header=True),
    *(Column(who, f"{words.AFFECTED[who]} affected", True, markup=True) for who in AFFECTED),
)
_WARDS = (
    Column("ward", "Ward", row_header=True, markup=True),
    Column("trust_name", "Trust"),
    Column("incidents", "Incidents", number=True),
)
_MONTHS, _ROWS = 12, 50
_READERS = ("programme", "trust")


@dataclass(frozen=True)
class Pair:
    """One figure of the table: of which unit, its name, who was affected, by whom, until when."""

    level: str
    unit: str
    name: str
    affected: str
    alleged: str
    last: Month

    @property
    def cells(self) -> CellsReference:
        """Its column in the sheet “monthly”, over the twelve months."""
        what = words.sentence(self.affected, self.alleged)
        field = cell(self.affected, self.alleged)
        return CellsReference(
            self.unit, self.name, what, (field,), self.last + (1 - _MONTHS), _MONTHS
        )


def of_programme(visit: Visit, last: date) -> None:
    """The whole programme's table; nothing if no ward sent it."""
    if visit.scope.role == "programme":
        _show(visit, last, None)


def of_trust(visit: Visit, last: date, trust: str) -> None:
    """One trust's table, for its lead or the programme team; nothing if it was never sent."""
    if visit.scope.role in _READERS:
        _show(visit, last, trust)


def _show(visit: Visit, last: date, trust: str | None) -> None:
    if visit.ask(who_by_whom, last=last, trust=trust).is_empty():
        return
    table = page.ready(visit, _table, last=last, trust=trust)
    page.section(HEADING, visit.keep(_said, last=last, trust=trust), markup=table)


def _said(visit: Visit, last: date, trust: str | None) -> str:
    covered = visit.ask(covered_by_pairs, last=last, trust=trust).row(0, named=True)
    most = words.most(visit.ask(who_by_whom, last=last, trust=trust))
    return " ".join((most, words.coverage(covered), words.TWICE, words.ONLY_YOU))


def _table(visit: Visit, last: date, trust: str | None) -> str:
    whose = f", {trust}" if trust else ""
    caption = f"{HEADING}{whose}, twelve months to {wording.month_of(last)}"
    found = visit.ask(who_by_whom, last=last, trust=trust)
    return html(caption, _COLUMNS, _rows(found, last, trust))


def _rows(found: pl.DataFrame, last: date, trust: str | None) -> list[dict[str, object]]:
    counts = {(row["affected"], row["alleged"]): row for row in found.iter_rows(named=True)}
    level, unit = ("trust", trust) if trust else ("programme", "programme")

    def figure(affected: str, alleged: str) -> str:
        address = pair_of(level, unit, cell(affected, alleged), f"{Month.of(last)}")
        return linked(f"{counts[affected, alleged]['incidents']:,}", address)

    return [
        {"alleged": words.ALLEGED[alleged]}
        | {affected: figure(affected, alleged) for affected in AFFECTED}
        for alleged in ALLEGED
    ]


def named(column: str) -> tuple[str, str] | None:
    """Who was affected and who is alleged, by the name of a column; None if it counts no pair."""
    kinds = ((affected, alleged) for affected in AFFECTED for alleged in ALLEGED)
    return next((kind for kind in kinds if cell(*kind) == column), None)


def headline(visit: Visit, pair: Pair) -> str | None:
    """The figure in words; None for readers, for a group, and where nothing was counted."""
    if visit.scope.role not in _READERS or pair.level == "group":
        return None
    found = visit.keep(_of_wards, pair=pair)
    if found.is_empty():
        return None
    incidents = wording.counted(int(found["incidents"].sum()), "reported incident")
    typed = pair.cells
    when = wording.period(typed.month.first_day, typed.last.first_day)
    return f"{typed.what}, {pair.name}, {when}: {incidents}."


def source(visit: Visit, pair: Pair) -> None:
    """The wards that the figure adds up, or the cells of a ward's."""
    if pair.level == "ward":
        figure_source.show_cells(visit, pair.cells)
        return
    shown = filters.places(visit.keep(_of_wards, pair=pair).height, _ROWS, "wards")
    page.cached(visit, _wards, pair=pair, shown=shown)


def _of_wards(visit: Visit, pair: Pair) -> pl.DataFrame:
    found = visit.ask(
        pair_of_wards,
        last=pair.last.first_day,
        affected=pair.affected,
        alleged=pair.alleged,
        trust=pair.unit if pair.level == "trust" else None,
    )
    return found.filter(ward_id=pair.unit) if pair.level == "ward" else found


def _wards(visit: Visit, pair: Pair, shown: range) -> str:
    names = {row["ward_id"]: row for row in visit.ask(wards).iter_rows(named=True)}
    (field,) = pair.cells.fields
    rows = []
    for row in visit.keep(_of_wards, pair=pair).slice(shown.start, len(shown)).to_dicts():
        ward = names.get(row["ward_id"], {})
        link = pair_of("ward", row["ward_id"], field, f"{pair.last}")
        name = str(ward.get("ward_name") or row["ward_id"])
        rows.append(
            {
                "ward": linked(name, link),
                "trust_name": ward.get("trust_name"),
                "incidents": f"{row['incidents']:,}",
            }
        )
    return html("The wards this figure adds up. Choose one to see its cells.", _WARDS, rows)
