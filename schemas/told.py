"""What the totals of a level tell of the counts in them, and with what a level was settled."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from schemas.ranges import UNKNOWN, Flags, Floats, Ranges
from schemas.sums import PROGRAMME, TRUST


@dataclass(frozen=True)
class Told:
    """What the totals of a level tell of counts that a reader must not know more of.

    `seen` is what a reader knows, `base` what is known anyway, without using totals of this level
    to narrow their parts; `narrowed` are the counts of which that is too much.
    """

    seen: Ranges
    base: Ranges
    narrowed: Flags

    @classmethod
    def of(cls, seen: Ranges, base: Ranges, needs: Flags) -> "Told":
        """What is told of counts that need their whole range and don't have it any more."""
        less = (seen.low > base.low) | (seen.high < np.minimum(base.high, UNKNOWN))
        return cls(seen, base, needs & less)

    @cached_property
    def _helped(self) -> Flags:
        """The entries whose total narrowed their part."""
        part, base = self.seen.part, self.base
        part_low, part_high = self.seen.bounds()
        return (part_low > base.low[part]) | (part_high < np.minimum(base.high, UNKNOWN)[part])

    @cached_property
    def _holding(self) -> Flags:
        return self.seen.only(self._helped).holding(self.narrowed)

    @property
    def blamed(self) -> Flags:
        """Totals that helped, directly or through others, to narrow what is `narrowed`."""
        return self._holding & ~self.narrowed if self.narrowed.any() else self.narrowed

    @property
    def beside_blamed(self) -> Flags:
        """The other parts of the totals that are `blamed`."""
        if not self.narrowed.any():
            return self.narrowed
        seen = self.seen
        sums = seen.of[self._helped & self._holding[seen.total]]
        beside = np.zeros(len(seen.low), dtype=bool)
        beside[seen.part[np.isin(seen.of, sums)]] = True
        return beside & ~self.narrowed

    @property
    def behind(self) -> Flags:
        """Totals that narrowed what in turn narrowed a count that needs its range.

        A part is narrowed by its total together with the other parts, so whatever narrowed one of
        those is behind it too, and so on.
        """
        seen, base, down = self.seen, self.base, self._helped
        if not self.narrowed.any():
            return self.narrowed
        changed = (seen.low > base.low) | (seen.high < base.high)
        up = (seen.added(seen.low) > base.low[seen.total]) | (
            seen.added(seen.high) < base.high[seen.total]
        )
        behind, reached = np.zeros(len(seen.low), dtype=bool), self.narrowed
        while True:
            more = reached.copy()
            used = (down & reached[seen.part]) | (up & reached[seen.total])
            behind[seen.total[down & reached[seen.part]]] = True
            more[seen.total[used]] = True
            together = np.isin(seen.of, seen.of[used])
            more[seen.part[together & changed[seen.part]]] = True
            if (more == reached).all():
                return behind & ~self.narrowed
            reached = more


def telling_insiders(
    told: Told,
    lower: Ranges,
    level: NDArray[np.int8],
    exact: Floats,
    inside: Flags,
    hidden: Flags,
) -> Flags:
    """Totals that help to tell too much to someone who knows one trust exactly.

    Those are totals of the programme, and the totals over categories and months that include them.
    `lower` is what the totals of trusts and wards tell, `exact` what the counts are, and `inside`
    says which hold something that must not be known.
    """
    trusts = (level[lower.total] == PROGRAMME) & (level[lower.part] == TRUST)
    totals = lower.total[trusts]

    def tells(seen: Ranges) -> Flags:
        low, high = lower.low.copy(), lower.high.copy()
        low[totals], high[totals] = seen.low[totals], seen.high[totals]
        return replace(lower.only(trusts), low=low, high=high).tells_insiders(exact, inside)

    anyway = tells(told.base) & hidden
    of_programme = lower.only(level[lower.part] == PROGRAMME)
    return of_programme.holding(tells(told.seen) & ~anyway)


@dataclass(frozen=True)
class Settled:
    """What a level was settled with, and what its totals and those of lower levels tell then."""

    low: Floats
    high: Floats
    needs: Flags
    hidden: Flags
    found: Ranges

    def differs(self, last: "Settled | None") -> Flags:
        """The counts of which something else is known, needed or shown than last time."""
        if last is None:
            return np.ones(len(self.low), dtype=bool)
        known = (self.low != last.low) | (self.high != last.high)
        return np.asarray(known | (self.needs != last.needs) | (self.hidden != last.hidden))
