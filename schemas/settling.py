"""A table of counts while it is settled: which totals are hidden, and what a reader knows.

Wards are settled first, then trusts, then the programme. At each level only totals of that level
are hidden, so a trust's table is the same whether it is masked alone or with all the others.
"""

from dataclasses import replace

import numpy as np
import polars as pl

from schemas.ranges import FAR, Flags, Ranges, Sums, Told, in_order
from schemas.sums import LEVELS, MONTHS, NEVER

WARD, TRUST, PROGRAMME = range(len(LEVELS))
SMALL = "small number"
FEW_ASKED = "too few people answered"
SUBTRACTION = "would give away a small number by subtraction"
UNCHECKED = "cannot be checked against its parts"


class Table:
    """A table while it is settled: what is hidden so far, and what a reader knows."""

    def __init__(self, cells: pl.DataFrame, sums: pl.DataFrame) -> None:
        self.why = np.array(cells["why"].to_list(), dtype=object)
        numbers = {name: number for number, name in enumerate(LEVELS)}
        self.level = cells["level"].replace_strict(numbers, return_dtype=pl.Int8).to_numpy()
        self.x = cells["x"].fill_null(0.0).to_numpy().astype(float)
        self.needs = cells["needs"].fill_null(False).to_numpy().astype(bool)
        self.sums = in_order(sums)
        self._know_sums(Ranges.of_columns(cells["lo"], cells["hi"], self.sums))
        self._every = self.known  # with the sums that can't be checked
        self.again = cells["of"].is_not_null().to_numpy()
        self.left = cells["rest"].is_not_null().to_numpy()  # says what is left of a whole
        self.years = self.months = np.zeros(0, dtype=int)  # of nothing, if shown
        self.whole = self.some = np.zeros(0, dtype=int)  # counts, and some of each
        self.figure = cells.select(pl.coalesce("figure", "row")).to_series().to_numpy().astype(int)
        self.figures = int((~self.again & cells["figure"].is_not_null().to_numpy()).sum())

    def reasons(self) -> list[str | None]:
        """Why each figure is hidden, be it for what it says of a count of another measure."""
        hidden = self.again & (self.why != None)  # noqa: E711 - an element-wise comparison
        reasons = self.why[: self.figures].copy()
        for figure, reason in zip(self.figure[hidden], self.why[hidden], strict=True):
            reasons[figure] = reasons[figure] or reason
        return list(reasons)

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
        is_some = np.isin(left["part"].to_numpy(), np.flatnonzero(self.why != NEVER))
        self.whole, self.some = (left[name].to_numpy()[is_some] for name in ("total", "part"))
        hidden = self.why[self.figure] != None  # noqa: E711 - an element-wise comparison
        self.why[self.again & hidden] = self.why[self.figure][self.again & hidden]
        equal = self.again & (self.why == None)  # noqa: E711 - an element-wise comparison
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
        figures[self.figure[rows & (self.why == None)]] = True  # noqa: E711 - element-wise
        rows = figures[self.figure] & (self.why == None)  # noqa: E711 - an element-wise comparison
        self.why[rows] = reason
        self.known.low[rows], self.known.high[rows] = 0.0, FAR
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
        few &= ~self.left & ((self.why == None) | self.needs)  # noqa: E711 - element-wise
        least = np.where(self.needs, known.low, 0.0)
        self.why[few], self.needs[few] = SUBTRACTION, True
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
        """Let the reader know nothing of what is never given out: hiding it tells nothing."""
        self.known.low[rows], self.known.high[rows] = 0.0, FAR

    def allow_years_of_nothing(self) -> None:
        """Let a year be shown as 0, although that shows each of its months was 0: it is policy."""
        nothing = (self.x == 0) & (self.why == None)  # noqa: E711 - an element-wise comparison
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
        levels = range(len(LEVELS) + 1)
        self._below: list[Sums] = [known.sums.only(self.level_of_total < of) for of in levels]
        self._together = known.together()

    def settle_all(self, again: bool = False) -> None:
        """Settle every level, for readers who know more and who know less of what is hidden.

        Where a 0 would be shown, hiding says that it is not 0, unless a total of it is hidden: then
        it may be 0. A hidden total may be small by itself, or be hidden for its parts. Who knows
        that it is small knows so much of its parts that nothing shown adds to it; for who doesn't,
        it may. What is safe from one reader is still safe when more is hidden, so one round is
        enough, unless what is hidden now lets a figure be 0 that could not be, or takes in a year
        of nothing.
        """
        while True:
            open_months = int((~self.needs[self.months]).sum())
            self._settle_levels(again)
            zero = self._may_be_zero()
            self._settle_without_insiders(again)
            years_stand = int((~self.needs[self.months]).sum()) == open_months
            if years_stand and not (self._may_be_zero() & ~zero).any():
                return

    def _settle_without_insiders(self, again: bool) -> None:
        total = np.zeros(len(self.x), dtype=bool)
        total[self.known.total] = True
        small = self.needs & total & (self.why != FEW_ASKED)  # everybody knows how many were asked
        low, high = self.known.low[small], self.known.high[small]
        self.known.low[small], self.known.high[small], self.needs[small] = 0.0, FAR, False
        self._settle_levels(again, insiders=False)
        self.known.low[small], self.known.high[small], self.needs[small] = low, high, True

    def _settle_levels(self, again: bool, insiders: bool = True) -> None:
        self._settle_each(again, insiders)
        while True:
            zero = self._may_be_zero()
            self.known.low[zero] = 0.0
            self._settle_each(again, insiders)
            self.known.low[zero] = 1.0
            if not (self._may_be_zero() & ~zero).any():
                return

    def _may_be_zero(self) -> Flags:
        """Hidden figures that would be known not to be 0, were they not part of a hidden total."""
        return np.asarray(self.needs & (self.known.low == 1) & self._inside_hidden())

    def _settle_each(self, again: bool, insiders: bool) -> None:
        lower = None
        for level in (WARD, TRUST, PROGRAMME):
            lower = self.settle(level, again, insiders, lower)

    def _inside_hidden(self) -> Flags:
        """What is part of a hidden total, at any depth: its zeros may be hidden too (`hide_zeros`).

        That a total of the programme is hidden hides no zeros; its own parts count all the same.
        """
        hidden = (self.why != None) & (self.why != NEVER)  # noqa: E711 - an element-wise comparison
        hidden[self.figure[hidden & self.again]] = True  # figures hidden for what else they tell
        hidden &= ~self.again
        every = self._every.sums
        below = every.only(self.level[every.total] < PROGRAMME)
        return below.inside(hidden) | (every.inside(hidden) & (self.level > WARD))

    def settle(
        self, level: int, again: bool, insiders: bool, lower: Ranges | None = None
    ) -> Ranges:
        """Hide totals of this level until no total narrows a count that must stay unknown.

        With `again`, these are first of all the figures that use a count of another measure, and
        with `insiders` what tells someone who knows one trust exactly is hidden too. If
        all totals that are to blame are hidden, what is shown beside the count is hidden too.
        `lower` is what the totals of lower levels tell; what they tell together with those of this
        level is returned.
        """
        here = (self.level == level) & ~self.needs
        totals = np.zeros(len(self.x), dtype=bool)
        totals[self.known.total] = True
        below, upto = self._below[level], self._below[level + 1]
        open_still = np.ones(len(self.x), dtype=bool)
        found: Ranges | None = None
        while True:
            if lower is None:
                lower = replace(self.known, sums=below).narrowed()
            mine = self.level[upto.total] == level
            full = replace(lower, sums=upto).narrowed(first=mine)
            base = replace(lower, sums=upto).narrowed(downwards=False, first=mine)
            found = full if found is None else found.where(open_still, full)
            told = Told(full, base, self.needs & open_still)
            blamed = told.blamed
            if insiders and level == PROGRAMME:
                anyway = self._tells_insiders(lower, base) & (self.why != None)  # noqa: E711
                blamed |= self._above(self._tells_insiders(lower, full) & ~anyway & open_still)
            shown = here & (self.why == None)  # noqa: E711 - an element-wise comparison
            choices: tuple[Flags, ...] = (blamed & (self.again == again), blamed)
            if not (blamed & shown).any():
                behind, beside = told.behind, told.beside_blamed & totals
                choices = (self._some_of(behind), behind, beside)
            for choice in choices:
                if (choice & shown).any():
                    needed = self.needs.copy()
                    self.hide(choice & shown, SUBTRACTION)
                    # Only what stands together with something of these can come out otherwise.
                    changed = choice | blamed | told.narrowed | (self.needs != needed)
                    open_still = self._standing_with(changed)
                    below, upto = (
                        sums.only(open_still[sums.total])
                        for sums in (self._below[level], self._below[level + 1])
                    )
                    lower = None
                    break
            else:
                return replace(found, sums=self._below[level + 1])

    def _standing_with(self, counts: Flags) -> Flags:
        """These counts and all that any sums connect with them."""
        groups = np.zeros(len(self.x), dtype=bool)
        groups[self._together[counts]] = True
        return groups[self._together]

    def _some_of(self, rows: Flags) -> Flags:
        """The figures that count some of what these count: they are hidden first."""
        some = np.zeros(len(self.x), dtype=bool)
        some[self.some[rows[self.whole]]] = True
        return some

    def _tells_insiders(self, lower: Ranges, seen: Ranges) -> Flags:
        """Programme totals that reveal too much to someone who knows one trust exactly."""
        known = self.known
        trusts = (self.level_of_total == PROGRAMME) & (self.level[known.part] == TRUST)
        high, low, totals = lower.high.copy(), lower.low.copy(), known.total[trusts]
        high[totals], low[totals] = seen.high[totals], seen.low[totals]
        sums = replace(known.only(trusts), low=low, high=high)
        return sums.tells_insiders(self.x, inside=lower.holding(self.needs))

    def _above(self, rows: Flags) -> Flags:
        """These programme totals, and the totals over categories and months that include them."""
        of_programme = self.level[self.known.part] == PROGRAMME
        return self.known.only(of_programme).holding(rows)
