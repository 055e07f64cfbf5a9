"""A table of counts while it is settled: which are hidden so far, and what a reader knows.

This file has the rules that need no look at what totals tell; that is `schemas.settling`.
"""

import numpy as np
import polars as pl

from schemas.ranges import FAR, Flags, Ranges, in_order
from schemas.sums import LEVELS, MONTHS, NEVER, PROGRAMME, TRUST

SMALL = "small number"
FEW_ASKED = "too few people answered"
SUBTRACTION = "would give away a small number by subtraction"
UNCHECKED = "cannot be checked against its parts"
_REASONS = (SMALL, FEW_ASKED, SUBTRACTION, UNCHECKED, NEVER)


class Table:
    """A table while it is settled: what is hidden so far, and what a reader knows."""

    def __init__(self, cells: pl.DataFrame, sums: pl.DataFrame) -> None:
        given = sorted(cells["why"].drop_nulls().unique())
        self._reasons = [None, *dict.fromkeys([*_REASONS, *given])]
        self._number = {reason: number for number, reason in enumerate(self._reasons)}
        self.why = cells["why"].replace_strict(self._number, default=0).to_numpy().copy()
        numbers = {name: number for number, name in enumerate(LEVELS)}
        self.level = cells["level"].replace_strict(numbers, return_dtype=pl.Int8).to_numpy()
        self.x = cells["x"].fill_null(0.0).to_numpy().astype(float)
        self.needs = cells["needs"].fill_null(False).to_numpy().astype(bool)
        self.sums = in_order(sums)
        known = Ranges.of_columns(cells["lo"], cells["hi"], self.sums)
        known.low, known.high = np.minimum(known.low, self.x), np.maximum(known.high, self.x)
        self._know_sums(known)
        self._every = known  # with the sums that can't be checked
        self.again = cells["of"].is_not_null().to_numpy()
        self.left = cells["rest"].is_not_null().to_numpy()  # says what is left of a whole
        self.years = self.months = np.zeros(0, dtype=int)  # of nothing, if shown
        self.whole = self.some = np.zeros(0, dtype=int)  # counts, and some of each
        self.figure = cells.select(pl.coalesce("figure", "row")).to_series().to_numpy().astype(int)
        self.figures = int((~self.again & cells["figure"].is_not_null().to_numpy()).sum())

    @property
    def hidden(self) -> Flags:
        """The counts that are not shown, for whatever reason (`why`, a number)."""
        return np.asarray(self.why > 0)

    def reasons(self) -> list[str | None]:
        """Why each figure is hidden, be it for what it says of a count of another measure."""
        again = np.flatnonzero(self.again & self.hidden)[::-1]  # of several, the first one counts
        of_others = np.zeros_like(self.why)
        of_others[self.figure[again]] = self.why[again]
        reasons = np.where(self.hidden, self.why, of_others)[: self.figures]
        return [self._reasons[number] for number in reasons]

    def let_count_again(
        self, bounds: pl.DataFrame, left: pl.DataFrame, affected: pl.DataFrame
    ) -> None:
        """Let the reader know the counts of other measures that the figures shown use.

        Of the rows in `bounds`, the figure only says that the count is no less. Of figures that say
        so of what is left of the same whole, the first is the one to hide. `left` has the sums of a
        figure that counts some of a whole and of what is left of that (`schemas.sums.left_over`),
        `affected` those of the incidents and of how many more people they affected.
        """
        self._every = self._every.with_sums(left)
        known = self.known.with_sums(left).with_sums(affected)
        self._know_sums(known.only(~self._wrong(known)))
        is_some = np.isin(left["part"].to_numpy(), np.flatnonzero(self.why != self._number[NEVER]))
        self.whole, self.some = (left[name].to_numpy()[is_some] for name in ("total", "part"))
        hidden = self.hidden[self.figure]
        self.why[self.again & hidden] = self.why[self.figure][self.again & hidden]
        equal = self.again & ~self.hidden
        shown = bounds.filter(pl.Series(equal[bounds["row"].to_numpy()]))
        equal[bounds["row"].to_numpy()] = False
        self.known.low[equal] = self.known.high[equal] = self.x[equal]
        rest = shown.filter(pl.col("whole").is_not_null())
        rest = rest.unique("whole", keep="first", maintain_order=True)
        part = shown.filter(pl.col("whole").is_null())
        known, x = self.known.narrowed(), self.x
        row, figure = part["row"].to_numpy(), self.figure[part["row"].to_numpy()]
        said = part["exact"].fill_null(np.nan).to_numpy()
        self.known.low[row] = np.minimum(np.where(np.isnan(said), known.low[figure], said), x[row])
        row, whole = rest["row"].to_numpy(), rest["whole"].to_numpy()
        figure = self.figure[row]
        without, most = (np.where(figure == whole, 0, of[figure]) for of in (x, known.high))
        remains = np.where(x[row] >= x[whole] - without, known.low[whole] - most, 0)
        self.known.low[row] = np.clip(remains, 0, x[row])

    def hide(self, rows: Flags, reason: str) -> None:
        """Hide what is shown of these; the months of a hidden year of nothing need their range.

        A figure that is hidden says nothing of a count of another measure any more either.
        """
        figures = np.zeros(len(self.x), dtype=bool)
        figures[self.figure[rows & ~self.hidden]] = True
        rows = figures[self.figure] & ~self.hidden
        self.why[rows] = self._number[reason]
        self.say_nothing_of(rows)
        self.needs[self.months[np.isin(self.years, self.figure[rows])]] = True

    def hide_dominated(self, most: float) -> None:
        """Hide programme totals that leave a small number when one trust is subtracted.

        A total below 5 is hidden for the same reason, in the same words: otherwise a trust with 4
        could tell that all the others have none.
        """
        known = self.known
        trusts = (self.level_of_total == PROGRAMME) & (self.level[known.part] == TRUST)
        largest, trusts_in = np.zeros(len(self.x)), np.zeros(len(self.x))
        np.maximum.at(largest, known.total[trusts], self.x[known.part[trusts]])
        np.add.at(trusts_in, known.total[trusts], 1)
        few = (trusts_in > 1) & (self.x > 0) & (self.x - largest <= most)
        few &= ~self.left & (~self.hidden | self.needs)
        least = np.where(self.needs, known.low, np.minimum(0.0, self.x))
        self.why[few], self.needs[few] = self._number[SUBTRACTION], True
        known.low[few] = least[few]
        known.high[few] = (largest + most)[few]

    def hide_zeros(self, level: int, most: float) -> None:
        """If a total is hidden as small, hide its zeros too, so that enough parts remain for it."""
        known = self.known
        inside = np.zeros(len(self.x), dtype=bool)
        inside[known.part[self.needs[known.total] & (self.level_of_total == level)]] = True
        zero = inside & (self.x == 0)
        self.hide(zero, SMALL)
        known.high[zero] = np.where(self.needs, known.high, most)[zero]
        self.needs |= zero
        known.low[inside & self.needs & (known.low == 1)] = 0.0

    def say_nothing_of(self, rows: Flags) -> None:
        """Let the reader know nothing of these counts, but that none of a whole is below 0.

        More than the whole can be explained, as when patients left during the month and had
        answered. A range that such a count isn't in would contradict what its sums say, and no
        range that rests on them could be relied on.
        """
        self.known.low[rows], self.known.high[rows] = np.minimum(0.0, self.x[rows]), FAR

    def allow_years_of_nothing(self) -> None:
        """Let a year be shown as 0, although that shows each of its months was 0: it is policy."""
        nothing = (self.x == 0) & ~self.hidden
        years = self.known.only(self.sums["kind"].to_numpy() == MONTHS)
        allowed = nothing[years.total] & self.needs[years.part]
        self.years, self.months = years.total[allowed], years.part[allowed]
        self.needs[self.months] = False

    def hide_unchecked(self, must: pl.DataFrame) -> None:
        """Hide totals that lack parts or are not the sum of their parts, and drop those sums."""
        rows = np.zeros(len(self.x), dtype=bool)
        wrong = self._wrong(self.known)
        rows[self.known.total[wrong]] = True
        rows[must.join(self.sums, on=["total", "kind"], how="anti")["total"].to_numpy()] = True
        self.hide(rows, UNCHECKED)
        self._know_sums(self.known.only(~wrong))

    def _wrong(self, sums: Ranges) -> Flags:
        """For each entry, whether its sum isn't the total: a part may be missing."""
        return np.asarray(np.abs(sums.added(self.x) - self.x[sums.total]) > 1e-9)

    def _know_sums(self, known: Ranges) -> None:
        self.known, self.level_of_total = known, self.level[known.total]
