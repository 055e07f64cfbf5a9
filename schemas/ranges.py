"""Ranges of counts that are sums of one another, and how far each narrows down the others."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

FAR = 1e12  # beyond any count
UNKNOWN = FAR / 2  # so is what is left of it when counts are subtracted

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]


def in_order(sums: pl.DataFrame) -> pl.DataFrame:
    """Sums with `total`, `part` and `kind`, each with its number `of`; its entries together."""
    kinds, parts = (pl.col(name).max().cast(pl.Int64) + 1 for name in ("kind", "part"))
    of = pl.col("total").cast(pl.Int64) * kinds + pl.col("kind")
    ordered = sums.with_columns(of=of).sort(pl.col("of") * parts + pl.col("part"))
    return ordered.with_columns(of=pl.col("of").rle_id().cast(pl.Int64))


@dataclass(frozen=True, eq=False)
class Sums:
    """Which counts are parts of which totals.

    Each entry of `total`, `part` and `of` says that a count is part of a total, in sum number `of`.
    The entries of a sum stand together.
    """

    total: Rows
    part: Rows
    of: Rows

    @cached_property
    def starts(self) -> Rows:
        """The first entry of each sum."""
        return np.flatnonzero(np.diff(self.of, prepend=-1))

    @cached_property
    def whole(self) -> Rows:
        """The total of each sum."""
        return self.total[self.starts]

    @cached_property
    def place(self) -> Rows:
        """For each entry, the place of its sum among all of them."""
        lengths = np.diff(self.starts, append=len(self.of))
        return np.repeat(np.arange(len(lengths)), lengths)

    @cached_property
    def counts(self) -> Rows:
        """Every count of these sums, some of them several times."""
        return np.concatenate([self.whole, self.part])

    def only(self, entries: Flags) -> "Sums":
        """Some entries."""
        return Sums(self.total[entries], self.part[entries], self.of[entries])

    def among(self, counts: Flags) -> "Sums":
        """The sums of some counts, which are numbered among themselves.

        No sum may have some of its counts among them and others not.
        """
        if counts.all():
            return self
        kept, number = counts[self.total], np.cumsum(counts) - 1
        return Sums(number[self.total[kept]], number[self.part[kept]], self.of[kept])

    def with_any(self, counts: Flags) -> "Sums":
        """The sums that one of these counts is in, as a part or as the total."""
        if not len(self.of):
            return self
        found = np.logical_or.reduceat(counts[self.part], self.starts) | counts[self.whole]
        return self.only(found[self.place])

    def inside(self, counts: Flags) -> Flags:
        """Every part of these counts, at any depth."""
        found = np.zeros(len(counts), dtype=bool)
        while True:
            more = found.copy()
            more[self.part[(counts | found)[self.total]]] = True
            if (more == found).all():
                return found
            found = more

    def of_parts(self, values: Floats) -> Floats:
        """For each sum, the values of all its parts together."""
        sums = np.bincount(self.place, weights=values[self.part], minlength=len(self.starts))
        return np.asarray(sums, dtype=np.float64)


@dataclass
class Ranges:
    """What a reader knows: count i is between `low[i]` and `high[i]`, and sums of the counts."""

    low: Floats
    high: Floats
    sums: Sums

    @classmethod
    def of_columns(cls, low: pl.Series, high: pl.Series, sums: pl.DataFrame) -> "Ranges":
        """The ranges from columns, and from the sums of `in_order`."""
        lows, highs = (column.to_numpy().astype(float) for column in (low, high))
        return cls(lows, highs, Sums(*(sums[name].to_numpy() for name in ("total", "part", "of"))))

    @property
    def total(self) -> Rows:
        """The total of each entry."""
        return self.sums.total

    @property
    def part(self) -> Rows:
        """The part of each entry."""
        return self.sums.part

    @property
    def of(self) -> Rows:
        """The sum of each entry."""
        return self.sums.of

    def only(self, entries: Flags) -> "Ranges":
        """The same ranges with only some of the sums known."""
        return replace(self, sums=self.sums.only(entries))

    def among(self, counts: Flags) -> "Ranges":
        """The ranges of some counts alone (`Sums.among`)."""
        return Ranges(self.low[counts], self.high[counts], self.sums.among(counts))

    def with_sums(self, sums: pl.DataFrame) -> "Ranges":
        """The same ranges with more sums known, with `total`, `part` and `kind`."""
        more = in_order(sums)
        after = more["of"].to_numpy() + self.of.max(initial=-1) + 1
        pairs = (self.total, more["total"]), (self.part, more["part"]), (self.of, after)
        return replace(self, sums=Sums(*(np.concatenate(pair) for pair in pairs)))

    def where(self, counts: Flags, others: "Ranges") -> "Ranges":
        """The same ranges, with those of some counts as others have them."""
        low, high = np.where(counts, others.low, self.low), np.where(counts, others.high, self.high)
        return replace(self, low=low, high=high)

    def together(self) -> Rows:
        """For each count, a number it shares with whatever any sums connect it with."""
        group = np.arange(len(self.low))
        while True:
            before = group.copy()
            np.minimum.at(group, self.total, group[self.part])
            np.minimum.at(group, self.part, group[self.total])
            group = group[group]
            if (group == before).all():
                return group

    def added(self, values: Floats) -> Floats:
        """For each entry, the values of all parts of its sum together."""
        return np.asarray(self.sums.of_parts(values)[self.sums.place])

    def narrowed(self, downwards: bool = True, first: Flags | None = None) -> "Ranges":
        """The ranges that remain when every sum has been used as often as it helps.

        Without `downwards`, parts narrow their totals, but totals don't narrow their parts. `first`
        are the entries to begin with, where nothing is left to find with the others alone.
        """
        low, high = self.low.copy(), self.high.copy()
        sums = self.sums if first is None else self.sums.only(first)
        while len(sums.of):
            counts = sums.counts
            before_low, before_high = low[counts], high[counts]
            Ranges(low, high, sums)._use(downwards)
            # Only a sum of which a count was narrowed can help any further.
            narrowed = np.zeros(len(low), dtype=bool)
            narrowed[counts[(low[counts] > before_low) | (high[counts] < before_high)]] = True
            sums = self.sums.with_any(narrowed)
        return replace(self, low=low, high=high)

    def _use(self, downwards: bool) -> None:
        """Use each sum once, in place."""
        sums, low, high = self.sums, self.low, self.high
        np.maximum.at(low, sums.whole, sums.of_parts(low))
        np.minimum.at(high, sums.whole, sums.of_parts(high))
        if downwards:
            part_low, part_high = self.bounds()
            higher, lower = part_low > low[self.part], part_high < high[self.part]
            np.maximum.at(low, self.part[higher], part_low[higher])
            np.minimum.at(high, self.part[lower], part_high[lower])

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
        too_low &= high < UNKNOWN
        flags[self.total[(width[self.of] > -FAR) & (too_high | too_low)]] = True
        return flags
