"""A baseline: the months from before a trust or ward joined, in one workbook."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from pipelines.checking.context import Context
from pipelines.checking.parse import parse
from pipelines.checking.past import Past, past_of
from pipelines.checking.problem_at import problem_of_file
from pipelines.reading.tables import Row, Tables
from pipelines.reading.text_sheets import Cell
from schemas.baseline_window import BaselineWindow
from schemas.cells import Cells
from schemas.periods import Month, months
from schemas.problems import Problem, Severity
from schemas.receipts import slot_of
from schemas.returns import columns_of
from schemas.typed import empty
from schemas.wording import listed, period, quoted

READ = ("cover", "wards", "monthly")  # the other sheets each speak of one month


@dataclass(frozen=True)
class Baseline:
    """A baseline as its cover asks for it: the window it is sent in, and the months it is for."""

    window: BaselineWindow
    first: Month
    last: Month

    @property
    def label(self) -> str:
        """Its months in words."""
        return period(self.first.first_day, self.last.first_day)

    @property
    def slot(self) -> str:
        """What it is a version of (`schemas.receipts.slot_of`)."""
        return slot_of(self.window.first, baseline=True)

    def in_use(self, context: Context) -> pl.DataFrame:
        """The cells of its version in use (`schemas.cells`, trust_code, month); maybe none."""
        if context.baselines is None:
            return _no_cells()
        return_id = pl.col("return_id").str.starts_with(f"{self.window.trust}/{self.slot}/")
        return context.baselines.filter(return_id).select(_no_cells().columns)


def by_month(tables: Tables, baseline: Baseline) -> dict[Month, Tables]:
    """What a baseline says of each of its months, as the return of that month would.

    A row without a month of the baseline is with the first, where the rules refuse it.
    """
    wanted = list(months(baseline.first, baseline.last))
    rows: dict[Month, list[Row]] = {month: [] for month in wanted}
    for row in tables["monthly"].rows:
        rows[_month_of(row.cells.get("period"), wanted)].append(row)
    return {month: _part(tables, month, found) for month, found in rows.items()}


def past_so_far(
    baseline: Baseline, month: Month, before: Mapping[Month, pl.DataFrame], context: Context
) -> Past:
    """What a month of a baseline is compared with: the months before it, and its version in use.

    `before` holds the cells of the file's own earlier months: those that may be kept.
    """
    trust = baseline.window.trust
    placed = [
        cells.with_columns(trust_code=pl.lit(trust), month=pl.lit(of.first_day))
        for of, cells in before.items()
    ]
    in_use = baseline.in_use(context).filter(month=month.first_day)
    return past_of(pl.concat([*placed, in_use]), trust, month)


def months_lost(tables: Tables, baseline: Baseline, context: Context) -> Iterator[Problem]:
    """W18: a month of the version in use that the file leaves out."""
    used = baseline.in_use(context).filter(sheet="monthly")
    wanted = list(months(baseline.first, baseline.last))
    here = {_month_of(row.cells.get("period"), wanted) for row in tables["monthly"].rows}
    gone = [Month.of(day) for day in used["month"].unique().sort()]
    if gone := [month.label for month in gone if month not in here]:
        yield Problem(
            Severity.QUERY,
            "W18",
            f"The baseline in use has figures for {listed(gone)}, and this file has none.",
            "To keep what was sent, download the baseline’s workbook again: it holds the version "
            "in use. If a month should go, say why.",
            sheet="monthly",
        )


def not_read(tables: Tables) -> Iterator[Problem]:
    """N02: sheets with something in them that a baseline does not have."""
    others = [name for name, table in tables.tables.items() if name not in READ and table.rows]
    if others:
        yield problem_of_file(
            "N02",
            "Not part of a baseline and not read: the "
            f"{'sheet' if len(others) == 1 else 'sheets'} {listed(map(quoted, others))}.",
            "Nothing to do: a baseline has monthly figures only.",
            Severity.NOTE,
        )


def _month_of(cell: Cell | None, wanted: list[Month]) -> Month:
    parsed = parse(cell, columns_of("monthly")["period"], {}) if cell else None
    month = Month.of(parsed.value) if parsed and parsed.value else wanted[0]
    return month if month in wanted else wanted[0]


def _part(tables: Tables, month: Month, rows: list[Row]) -> Tables:
    """The cover, which names all months in one cell, with one of them; and that month's rows."""
    cover = tables["cover"]
    named = cover.rows[0].cells["period"]
    told = Cell(named.row, named.column, str(month), "assumed")
    one = replace(cover.rows[0], cells={**cover.rows[0].cells, "period": told})
    here = {
        **{name: tables[name] for name in READ if name in tables},
        "cover": replace(cover, rows=(one,)),
        "monthly": replace(tables["monthly"], rows=tuple(rows)),
    }
    return Tables(tables.kind, here, ())


def _no_cells() -> pl.DataFrame:
    return empty(Cells).with_columns(
        trust_code=pl.lit(None, pl.String), month=pl.lit(None, pl.Date)
    )
