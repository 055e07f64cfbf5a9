"""Ranges of counts that are sums of one another, and how far each narrows down the others."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

FAR = 1e12  # beyond any count
_UNKNOWN = FAR / 2  # so is what is left of it when counts are subtracted

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]


@dataclass
class Ranges:
    """What a reader knows: count i is between `low[i]` and `high[i]`.

    Each entry of `total`, `part` and `of` says that a count is part of a total, in sum number `of`.
    """

    low: Floats
    high: Floats
    total: Rows
    part: Rows
    of: Rows

    @classmethod
    def of_columns(cls, low: pl.Series, high: pl.Series, sums: pl.DataFrame) -> "Ranges":
        """The ranges from columns, and from sums with `total`, `part` and `kind`."""
        number = sums.select(of=(pl.struct("total", "kind").rank("dense") - 1).cast(pl.Int64))
        total, part = (sums[name].to_numpy() for name in ("total", "part"))
        lows, highs = (column.to_numpy().astype(float) for column in (low, high))
        return cls(lows, highs, total, part, number["of"].to_numpy())

    def only(self, sums: Flags) -> "Ranges":
        """The same ranges with only some of the sums known."""
        return replace(self, total=self.total[sums], part=self.part[sums], of=self.of[sums])

    def with_sums(self, sums: pl.DataFrame) -> "Ranges":
        """The same ranges with more sums known, with `total`, `part` and `kind`."""
        more = Ranges.of_columns(pl.Series(self.low), pl.Series(self.high), sums)
        after = more.of + self.of.max(initial=-1) + 1
        pairs = ((self.total, more.total), (self.part, more.part), (self.of, after))
        total, part, of = (np.concatenate(pair) for pair in pairs)
        return replace(self, total=total, part=part, of=of)

    def added(self, values: Floats) -> Floats:
        """For each entry, the values of all parts of its sum together."""
        if not len(self.of):
            return np.zeros(0)
        return np.asarray(np.bincount(self.of, weights=values[self.part])[self.of])

    def narrowed(self, downwards: bool = True) -> "Ranges":
        """The ranges that remain when every sum has been used as often as it helps.

        Without `downwards`, parts narrow their totals, but totals don't narrow their parts.
        """
        low, high = self.low.copy(), self.high.copy()
        while True:
            before = low.sum() - high.sum()
            np.maximum.at(low, self.total, self.added(low))
            np.minimum.at(high, self.total, self.added(high))
            if downwards:
                part_low, part_high = replace(self, low=low, high=high).bounds()
                np.maximum.at(low, self.part, part_low)
                np.minimum.at(high, self.part, part_high)
            if low.sum() - high.sum() <= before:
                return replace(self, low=low, high=high)

    def bounds(self) -> tuple[Floats, Floats]:
        """For each entry, the bounds that the total and the other parts give for this part."""
        others_high = self.added(self.high) - self.high[self.part]
        others_low = self.added(self.low) - self.low[self.part]
        return self.low[self.total] - others_high, self.high[self.total] - others_low

    def holding(self, counts: Flags) -> Flags:
        """These counts, and every total that includes one of them, at any depth."""
        held = counts.copy()
        while True:
            more = held.copy()
            more[self.total[held[self.part]]] = True
            if (more == held).all():
                return held
            held = more

    def blamed(self, needs: Flags, base: "Ranges") -> Flags:
        """Totals that helped, directly or through others, to narrow a count that `needs` its range.

        `base` is what is known anyway, without using totals of this level to narrow their parts.
        """
        helped, narrowed = self._helped(base), self._narrowed(needs, base)
        return self.only(helped).holding(narrowed) & ~narrowed

    def behind(self, needs: Flags, base: "Ranges") -> Flags:
        """Totals that narrowed what in turn narrowed a count that `needs` its range.

        A part is narrowed by its total together with the other parts, so whatever narrowed one of
        those is behind it too, and so on.
        """
        changed = (self.low > base.low) | (self.high < base.high)
        down = self._helped(base)
        up = (self.added(self.low) > base.low[self.total]) | (
            self.added(self.high) < base.high[self.total]
        )
        narrowed, behind = self._narrowed(needs, base), np.zeros(len(self.low), dtype=bool)
        reached = narrowed
        while True:
            more = reached.copy()
            used = (down & reached[self.part]) | (up & reached[self.total])
            behind[self.total[down & reached[self.part]]] = True
            more[self.total[used]] = True
            together = np.isin(self.of, self.of[used])
            more[self.part[together & changed[self.part]]] = True
            if (more == reached).all():
                return behind & ~narrowed
            reached = more

    def beside_blamed(self, needs: Flags, base: "Ranges") -> Flags:
        """The other parts of the totals that are `blamed`."""
        helped, narrowed = self._helped(base), self._narrowed(needs, base)
        sums = self.of[helped & self.only(helped).holding(narrowed)[self.total]]
        beside = np.zeros(len(self.low), dtype=bool)
        beside[self.part[np.isin(self.of, sums)]] = True
        return beside & ~narrowed

    def _helped(self, base: "Ranges") -> Flags:
        part_low, part_high = self.bounds()
        most = np.minimum(base.high, _UNKNOWN)
        return (part_low > base.low[self.part]) | (part_high < most[self.part])

    def _narrowed(self, needs: Flags, base: "Ranges") -> Flags:
        return needs & ((self.low > base.low) | (self.high < np.minimum(base.high, _UNKNOWN)))

    def tells_insiders(self, exact: Floats, inside: Flags) -> Flags:
        """Totals that narrow a part with something hidden `inside`, for one who knows another part.

        Someone who knows one part exactly can subtract it from the total; the most revealing part
        is assumed.
        """
        flags = np.zeros(len(self.low), dtype=bool)
        if not len(self.of):
            return flags
        length = int(self.of.max()) + 1
        spare_high, spare_low, width = (np.full(length, -FAR) for _ in range(3))
        np.maximum.at(spare_high, self.of, (self.high - exact)[self.part])
        np.maximum.at(spare_low, self.of, (exact - self.low)[self.part])
        wide = np.where(inside, self.high - self.low, -FAR)[self.part]
        np.maximum.at(width, self.of, wide)
        low, high = self.low[self.total], self.high[self.total]
        too_high = low - self.added(self.high) + spare_high[self.of] > -width[self.of]
        too_low = high - self.added(self.low) - spare_low[self.of] < width[self.of]
        too_low &= high < _UNKNOWN
        flags[self.total[(width[self.of] > -FAR) & (too_high | too_low)]] = True
        return flags
