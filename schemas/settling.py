"""A table of counts while it is settled: which totals are hidden, and what a reader knows.

Wards are settled first, then trusts, then the programme. At each level only totals of that level
are hidden, so a trust's table is the same whether it is masked alone or with all the others.
"""

from dataclasses import replace

import numpy as np
import polars as pl

from schemas.ranges import FAR, Flags, Ranges, Rows, in_order
from schemas.sums import LEVELS, MONTHS, NEVER, PROGRAMME, TRUST, WARD
from schemas.told import Settled, Told, telling_insiders

SMALL = "small number"
FEW_ASKED = "too few people answered"
SUBTRACTION = "would give away a small number by subtraction"
UNCHECKED = "cannot be checked against its parts"


class Table:
    """A table while it is settled: what is hidden so far, and what a reader knows."""

    def __init__(self, cells: pl.DataFrame, sums: pl.DataFrame) -> None:
        given = sorted(cells["why"].drop_nulls().unique())
        self._reasons = [None, *dict.fromkeys([SMALL, FEW_ASKED, SUBTRACTION, UNCHECKED, NEVER, *given])]
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
        self._upto = [known.sums.only(self.level_of_total <= of) for of in range(len(LEVELS))]
        self._together = [replace(known, sums=sums).together() for sums in self._upto]
        self._totals = np.zeros(len(self.x), dtype=bool)
        self._totals[known.total] = True
        self._settled: dict[tuple[int, bool], Settled] = {}

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
        # Everybody knows how many were asked.
        small = self.needs & self._totals & (self.why != self._number[FEW_ASKED])
        low, high = self.known.low[small], self.known.high[small]
        self.say_nothing_of(small)
        self.needs[small] = False
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
        lower = self.known
        for level in (WARD, TRUST, PROGRAMME):
            lower = self.settle(level, again, insiders, lower)

    def _inside_hidden(self) -> Flags:
        """What is part of a hidden total, at any depth: its zeros may be hidden too (`hide_zeros`).

        That a total of the programme is hidden hides no zeros; its own parts count all the same.
        """
        hidden = self.hidden & (self.why != self._number[NEVER])
        hidden[self.figure[hidden & self.again]] = True  # figures hidden for what else they tell
        hidden &= ~self.again
        every = self._every.sums
        below = every.only(self.level[every.total] < PROGRAMME)
        return below.inside(hidden) | (every.inside(hidden) & (self.level > WARD))


    def settle(self, level: int, again: bool, insiders: bool, lower: Ranges) -> Ranges:
        """Hide totals of this level until no total narrows a count that must stay unknown.

        With `again`, these are first of all the figures that use a count of another measure, and
        with `insiders` what tells someone who knows one trust exactly is hidden too. If
        all totals that are to blame are hidden, what is shown beside the count is hidden too.
        `lower` is what the totals of lower levels tell; what they tell together with those of this
        level is returned. What stands together with nothing that has changed since this level was
        last settled is as it was.
        """
        insiders = insiders and level == PROGRAMME
        last = self._settled.get((level, insiders))
        open_still = self._standing_with(level, self._now().differs(last))
        found = self.known if last is None else last.found
        found = Ranges(found.low.copy(), found.high.copy(), self._upto[level])
        while open_still.any():
            rows = np.flatnonzero(open_still)
            before = lower.where(self.level >= level, self.known)
            before = replace(before, sums=self._upto[level]).among(open_still)
            first = self.level[rows[before.total]] == level
            full = before.narrowed(first=first)
            base = before.narrowed(downwards=False, first=first)
            found.low[rows], found.high[rows] = full.low, full.high
            told = Told.of(full, base, self.needs[rows])
            blamed = told.blamed
            if insiders:
                telling = self._telling_insiders(rows, before, told)
                blamed = blamed | telling
                if not told.narrowed.any():  # what is behind those is hidden in their turn
                    told = replace(told, narrowed=telling)
            to_hide = self._to_hide(level, again, rows, told, blamed)
            if not to_hide.any():
                break
            before_hiding = self._now()
            self.hide(to_hide, SUBTRACTION)
            # Only what stands together with something of these can come out otherwise.
            changed = self._now().differs(before_hiding) | self._of(rows, blamed | told.narrowed)
            open_still = self._standing_with(level, changed)
        self._settled[level, False] = self._settled[level, insiders] = self._now(found)
        return found

    def _to_hide(self, level: int, again: bool, rows: Rows, told: Told, blamed: Flags) -> Flags:
        """What is hidden next of a level: the first of what may be that is still shown."""
        shown = (self.level == level) & ~self.needs & ~self.hidden
        to_blame = self._of(rows, blamed)
        choices: tuple[Flags, ...] = (to_blame & (self.again == again), to_blame)
        if not (to_blame & shown).any():
            behind = self._of(rows, told.behind)
            beside = self._of(rows, told.beside_blamed) & self._totals
            choices = (self._some_of(behind), behind, beside)
        found = (choice & shown for choice in choices)
        return next((choice for choice in found if choice.any()), np.zeros_like(shown))

    def _of(self, rows: Rows, flags: Flags) -> Flags:
        """Flags of some rows as flags of all."""
        flagged = np.zeros(len(self.x), dtype=bool)
        flagged[rows[flags]] = True
        return flagged

    def _standing_with(self, level: int, counts: Flags) -> Flags:
        """These counts and all that any sums of a level, or of lower ones, connect with them."""
        groups = np.zeros(len(self.x), dtype=bool)
        groups[self._together[level][counts]] = True
        return groups[self._together[level]]

    def _now(self, found: Ranges | None = None) -> Settled:
        known = self.known
        return Settled(
            known.low.copy(), known.high.copy(), self.needs.copy(), self.hidden, found or known
        )

    def _telling_insiders(self, rows: Rows, lower: Ranges, told: Told) -> Flags:
        inside = lower.holding(self.needs[rows])
        return telling_insiders(
            told, lower, self.level[rows], self.x[rows], inside, self.hidden[rows]
        )

    def _some_of(self, rows: Flags) -> Flags:
        """The figures that count some of what these count: they are hidden first."""
        some = np.zeros(len(self.x), dtype=bool)
        some[self.some[rows[self.whole]]] = True
        return some
