"""Settles a table of counts: which totals must be hidden for what they tell of their parts.

Wards are settled first, then trusts, then the programme. At each level only totals of that level
are hidden. What other trusts sent matters to a trust's figures in one way: a part of a hidden total
of the programme, here too, has its zeros hidden.
"""

from dataclasses import replace

import numpy as np

from schemas.hiding import FEW_ASKED, SUBTRACTION, Table
from schemas.ranges import Flags, Ranges, Rows
from schemas.sums import NEVER, PROGRAMME, TRUST, WARD
from schemas.told import Settled, Told, telling_insiders


class Settling(Table):
    """A table whose levels can be settled."""

    def _know_sums(self, known: Ranges) -> None:
        super()._know_sums(known)
        self._upto = [known.sums.only(self.level_of_total <= of) for of in (WARD, TRUST, PROGRAMME)]
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
