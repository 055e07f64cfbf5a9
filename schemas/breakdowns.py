"""Which categories of a breakdown are large enough to be shown, and which are hidden with them."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from schemas.programme import NOT_KNOWN, DisclosurePolicy

# How many answered and how many of them feel safe, by category, of one trust or ward.
Part = Mapping[str, tuple[int, int]]


def hidden(parts: Sequence[Part], policy: DisclosurePolicy) -> frozenset[str]:
    """The categories that may not be shown of what these parts come to together.

    A reader may know the sum over all categories, one part whole, and these rules. What is hidden
    is therefore so much, without any one part too, that a category too small could be all of it or
    nothing. Which others are hidden with it depends on their names, not on their size.
    """
    names = sorted({name for part in parts for name in part}, key=lambda c: (c == NOT_KNOWN, c))
    known = _without_one(parts, names)
    least = _least(policy)
    large: NDArray[np.bool_] = np.asarray((known >= least).all(axis=(0, 2)))
    chosen: NDArray[np.bool_] = np.logical_not(large)
    for place in reversed(range(len(names))):
        if not chosen.any():
            break
        spare = known[:, chosen].sum(axis=1) - least * (chosen & large).sum()
        if (spare >= least).all():
            return frozenset(name for name, out in zip(names, chosen, strict=True) if out)
        chosen[place] = True
    return frozenset(names) if chosen.any() else frozenset()


def may_be_shown(parts: Sequence[Part], policy: DisclosurePolicy) -> bool:
    """Whether there are enough people in all categories together, without any one part too."""
    names = sorted({name for part in parts for name in part})
    total = _without_one(parts, names).sum(axis=1)
    return bool((total >= _least(policy)).all())


def _least(policy: DisclosurePolicy) -> NDArray[np.int64]:
    """The fewest who answered, who feel safe, and who don't."""
    return np.array([policy.smallest_respondents, policy.smallest_count, policy.smallest_count])


def _without_one(parts: Sequence[Part], names: Sequence[str]) -> NDArray[np.int64]:
    """Who answered, feels safe and doesn't by category: of all parts, then without each in turn."""
    pairs = [[part.get(name, (0, 0)) for name in names] for part in parts]
    each = np.array(pairs, dtype=np.int64).reshape(len(parts), len(names), 2)
    counts = np.concatenate([each, each[..., :1] - each[..., 1:]], axis=2)
    total = counts.sum(axis=0)
    return np.concatenate([total[None], total - counts])
