"""Collects every typed value of the active returns, each with the cell it was sent in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pipelines.keeping.archive import Archive
from pipelines.releasing.foundations import FOUNDATION_FIELDS
from pipelines.releasing.last_release import LastRelease
from pipelines.releasing.steps.in_order import in_order
from schemas.receipts import Receipt
from schemas.release import ReleaseCells
from schemas.sheets.pairs import PAIRS
from schemas.typed import empty, typed

KEYS = ["return_id", "sheet", "row", "column"]
_COUNTED_BESIDE = (*FOUNDATION_FIELDS, *PAIRS)


@dataclass(frozen=True)
class ActiveCells:
    """The cells of the returns in use: new ones from the archive, the others from a release.

    Those of baselines are given by `of_baselines` alone: they count towards no month's figures.
    """

    archive: Archive
    active: Sequence[Receipt]
    last: LastRelease

    @cached_property
    def gone(self) -> pl.DataFrame:
        """The `return_id` of each return that the last release holds and that isn't active now."""
        now = {(receipt.return_id, receipt.sha256) for receipt in self.active}
        gone = sorted(return_id for return_id, _ in self.last.returns_in_use - now)
        return pl.DataFrame({"return_id": gone}, {"return_id": pl.String})

    @cached_property
    def new(self) -> pl.DataFrame:
        """The cells of the returns that the last release doesn't hold."""
        new = [r for r in self.active if (r.return_id, r.sha256) not in self.last.returns_in_use]
        return shown_cells(self.archive, new)

    def of_trusts(self, codes: Collection[str]) -> pl.DataFrame:
        """Every cell that these trusts sent for a month."""
        held = self._rows("list_contains($codes, trust_code)", codes=sorted(codes))
        return self._with(held, pl.col("trust_code").is_in(list(codes)))

    def of_events(self) -> pl.DataFrame:
        """Every cell of the events that wards sent."""
        return self._with(self._rows("sheet = 'events'"), pl.col("sheet") == "events")

    def of_baselines(self) -> pl.DataFrame:
        """Every cell of the baselines in use."""
        return self._of_baselines

    @cached_property
    def _of_baselines(self) -> pl.DataFrame:
        if not self._baselines:
            return empty(ReleaseCells)
        held = self._rows("list_contains($ids, return_id)", ids=self._baselines)
        return self._kept(held, pl.col("return_id").is_in(self._baselines))

    @property
    def _baselines(self) -> list[str]:
        return [receipt.return_id for receipt in self.active if receipt.baseline_to]

    def _with(self, held: pl.DataFrame, condition: pl.Expr) -> pl.DataFrame:
        of_months = ~pl.col("return_id").is_in(self._baselines)
        return self._kept(held, condition).filter(of_months)

    def _kept(self, held: pl.DataFrame, condition: pl.Expr) -> pl.DataFrame:
        kept = held.filter(~pl.col("return_id").is_in(self.gone["return_id"].implode()))
        new = self.new.filter(condition)
        return in_order(pl.concat([kept, new]), *KEYS) if kept.height else new

    def _rows(self, where: str, **parameters: object) -> pl.DataFrame:
        if self.last.path is None:
            return empty(ReleaseCells)
        return typed(self.last.rows("cells", where, **parameters), ReleaseCells)


def beside_figures(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells that say something else than a month's figures, and counts beside measures.

    These are charters, ratings and events, the fields that `foundations` counts wards by, and who
    was affected, by whom.
    """
    counted = pl.col("field").is_in(_COUNTED_BESIDE)
    return cells.filter((pl.col("sheet") != "monthly") | counted)


def shown_cells(archive: Archive, receipts: Sequence[Receipt]) -> pl.DataFrame:
    """The cells of some returns that a release holds: never who feels safe by group on a ward."""
    return cells_of(archive, receipts).filter(pl.col("sheet") != "breakdowns")


def cells_of(archive: Archive, receipts: Sequence[Receipt]) -> pl.DataFrame:
    """The cells of some returns, read in the archive (`schemas.release.ReleaseCells`).

    The month is that of the return; of a baseline's figures, that of their row.
    """
    trust, slot = (pl.col("return_id").str.split("/").list.get(place) for place in (0, 1))
    month = pl.concat_str(slot.str.head(7), pl.lit("-01")).str.to_date("%Y-%m-%d")
    sent = archive.cells_of(receipts).with_columns(trust_code=trust, month=month)
    if any(receipt.baseline_to for receipt in receipts):
        sent = _by_row(sent)
    ward_id = pl.concat_str("trust_code", pl.lit("-"), "ward_code")
    return in_order(typed(sent.with_columns(ward_id=ward_id), ReleaseCells), *KEYS)


def _by_row(sent: pl.DataFrame) -> pl.DataFrame:
    """The cells of `monthly`, each with the month that its row names."""
    place = ["return_id", "sheet", "row"]
    named = sent.filter(sheet="monthly", field="period").select(*place, named="text")
    month = pl.concat_str("named", pl.lit("-01")).str.to_date("%Y-%m-%d")
    rows = sent.join(named, on=place, how="left", maintain_order="left")
    return rows.with_columns(month=pl.coalesce(month, "month")).drop("named")
