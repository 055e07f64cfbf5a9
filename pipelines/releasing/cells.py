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
from schemas.typed import empty, in_categories, in_words, typed

KEYS = ["return_id", "sheet", "row", "column"]
RECUR = ("return_id", "trust_code", "ward_id", "sheet", "column", "field", "state")
TOGETHER = 500  # returns read at once
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
        """The cells of the returns that the last release doesn't hold, most texts as categories."""
        new = [r for r in self.active if (r.return_id, r.sha256) not in self.last.returns_in_use]
        in_turn = sorted(new, key=lambda receipt: receipt.return_id)
        read = (
            shown_cells(self.archive, in_turn[number : number + TOGETHER])
            for number in range(0, max(len(new), 1), TOGETHER)
        )
        return pl.concat(in_categories(some, RECUR) for some in read)

    def of_trusts(self, codes: Collection[str]) -> pl.DataFrame:
        """Every cell that these trusts sent for a month."""
        kept = self._rows("list_contains($codes, trust_code)", codes=sorted(codes))
        asked = set(codes)
        new = [part for code, part in self._new_of.items() if code in asked]
        return self._of_months(kept, pl.concat([self.new.clear(), *new]))

    def of_events(self) -> pl.DataFrame:
        """Every cell of the events that wards sent."""
        return self._of_months(self._rows("sheet = 'events'"), self.new.filter(sheet="events"))

    def of_baselines(self) -> pl.DataFrame:
        """Every cell of the baselines in use."""
        return self._of_baselines

    @cached_property
    def _of_baselines(self) -> pl.DataFrame:
        if not self._baselines:
            return empty(ReleaseCells)
        kept = self._rows("list_contains($ids, return_id)", ids=self._baselines)
        return self._with(kept, self.new.filter(pl.col("return_id").is_in(self._baselines)))

    @property
    def _baselines(self) -> list[str]:
        return [receipt.return_id for receipt in self.active if receipt.baseline_to]

    @cached_property
    def _new_of(self) -> dict[str, pl.DataFrame]:
        """The new cells of each trust: a part of all, which are in the order of their returns."""
        runs = self.new["trust_code"].rle().struct.unnest()
        ends = runs["len"].cast(pl.Int64).cum_sum().to_list()
        starts = [0, *ends]
        return {
            code: self.new[start:end]
            for code, start, end in zip(runs["value"], starts, ends, strict=False)
        }

    def _of_months(self, kept: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
        found = self._with(kept, new)
        if not self._baselines:
            return found
        return found.filter(~pl.col("return_id").is_in(self._baselines))

    def _with(self, kept: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
        kept = kept.filter(~pl.col("return_id").is_in(self.gone["return_id"].implode()))
        new = in_words(new)
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
