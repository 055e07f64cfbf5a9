"""Counts rises that began after a start, against starts dealt to other trusts by chance.

Whole trusts exchange all their starts, so wards that share their ups and downs stay together, and
every month keeps as many starts. Only trusts with as many wards exchange them, and only if each
ward had figures around its new start. The deals come from a random walk of exchanges that begins at
what happened, goes back to a common deal and from there to each other one (Besag and Clifford 1989,
parallel method): what happened is then one of equally likely deals, however well the walk mixes.
Several ideas are judged together (Westfall and Young 1993, step-down, smallest p value).
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import numpy as np

from pipelines.statistics.effect.panel import Flags, Floats, Whole

DEALS, EACH = 999, 100  # deals beside what happened, at least; and for each idea
EXCHANGES = 200  # that are tried for each deal
WITHIN = 4  # months, the one of the start among them


@dataclass(frozen=True)
class Wards:
    """Wards with their trusts, numbered from 0, and the months, counted from 0, of their figures.

    `began` (wards, months) says where a rise began. `first` and `last` are the first and the last
    month with a figure.
    """

    trust: Whole
    began: Flags
    first: Whole
    last: Whole

    @cached_property
    def so_far(self) -> Whole:
        """How many rises began before each month (wards, months + WITHIN)."""
        return np.cumsum(np.pad(self.began, ((0, 0), (1, WITHIN))), axis=1, dtype=np.int64)


@dataclass(frozen=True)
class Heard:
    """Of each idea: how many rose, how many would by chance, and how likely so many are then.

    `alone` is the chance of an idea by itself, `adjusted` that of so small a chance among all of
    them. `exchanged`: how often in 100 tried exchanges two trusts could exchange their starts.
    """

    rose: Whole
    by_chance: Floats
    alone: Floats
    adjusted: Floats
    exchanged: float


def heard(wards: Wards, starts: Whole) -> Heard:
    """Judge `starts` (ideas, wards): the month in which each started, below 0 if it didn't.

    The deals follow from the figures, so the same figures give the same answer.
    """
    places = _places(wards)
    fits = _fits(wards, starts, places)
    # So small a chance as one in all deals comes up once for each idea: it must be a rare one.
    many = max(DEALS, EACH * len(starts) - 1)
    random = np.random.default_rng(_seed(wards, starts))
    holders, exchanged = _deals(places, fits, many, random)
    counts = np.stack([_rose(wards, starts, places, holder) for holder in holders])
    alone = _share_as_high(counts)
    return Heard(
        rose=counts[0],
        by_chance=counts.mean(axis=0),
        alone=alone[0],
        adjusted=_adjusted(alone),
        exchanged=exchanged,
    )


def rises(wards: Wards, starts: Whole) -> Flags:
    """After which starts (..., wards) a rise began within the months that count."""
    at = np.maximum(starts, 0)
    row = np.arange(len(wards.trust))
    since = wards.so_far[row, at + WITHIN] > wards.so_far[row, at]
    return np.asarray(since & (starts >= 0))


def _seed(wards: Wards, starts: Whole) -> int:
    content = (wards.trust, wards.began, wards.first, wards.last, starts)
    made_of = b"".join(np.ascontiguousarray(one).tobytes() for one in content)
    return int.from_bytes(sha256(made_of).digest()[:8], "big")


def _places(wards: Wards) -> list[Whole]:
    """The wards of each trust."""
    return [np.flatnonzero(wards.trust == trust) for trust in range(int(wards.trust.max()) + 1)]


def _fits(wards: Wards, starts: Whole, places: list[Whole]) -> list[list[bool]]:
    """Whether the wards of one trust (row) could have had the starts of another (column)."""
    return [
        [
            len(here) == len(there)
            and bool(
                np.all(
                    (starts[:, there] < 0)
                    | (
                        (starts[:, there] > wards.first[here])
                        & (starts[:, there] <= wards.last[here])
                    )
                )
            )
            for there in places
        ]
        for here in places
    ]


def _deals(
    places: list[Whole], fits: list[list[bool]], many: int, random: np.random.Generator
) -> tuple[list[list[int]], float]:
    """What happened and the other deals: whose starts each trust has; and how many exchanges."""
    happened = list(range(len(places)))
    alike: dict[int, list[int]] = {}
    for trust in happened:
        alike.setdefault(len(places[trust]), []).append(trust)
    partners = [group for group in alike.values() if len(group) > 1]
    if not partners:
        return [happened] * (many + 1), 0.0
    # What happened keeps its place even where its own starts don't fit: a figure may be missing.
    fits = [[fit or a == b for b, fit in enumerate(row)] for a, row in enumerate(fits)]
    sizes = np.array([len(group) for group in partners], dtype=float)
    done: Counter[bool] = Counter()

    def walked(begin: list[int]) -> list[int]:
        deal = list(begin)
        groups = random.choice(len(partners), EXCHANGES, p=sizes / sizes.sum())
        draws = random.random((EXCHANGES, 2))
        for group, (one, two) in zip(groups.tolist(), draws.tolist(), strict=True):
            among = partners[group]
            a, b = among[int(one * len(among))], among[int(two * len(among))]
            able = a != b and fits[a][deal[b]] and fits[b][deal[a]]
            done[able] += 1
            if able:
                deal[a], deal[b] = deal[b], deal[a]
        return deal

    middle = walked(happened)
    others = [walked(middle) for _ in range(many)]
    return [happened, *others], 100 * done[True] / done.total()


def _rose(wards: Wards, starts: Whole, places: list[Whole], holder: list[int]) -> Whole:
    """How many wards rose after each idea, had the trusts the starts of those in `holder`."""
    source = np.empty(len(wards.trust), dtype=np.int64)
    for trust, other in enumerate(holder):
        source[places[trust]] = places[other]
    return np.asarray(rises(wards, starts[:, source]).sum(axis=1), dtype=np.int64)


def _share_as_high(counts: Whole) -> Floats:
    """For each deal and idea, the share of deals in which at least as many rose."""
    shares = np.empty(counts.shape)
    for idea, column in enumerate(counts.T):
        ordered = np.sort(column)
        shares[:, idea] = 1 - np.searchsorted(ordered, column, side="left") / len(column)
    return shares


def _adjusted(alone: Floats) -> Floats:
    """The chance, for each idea, of so small a chance among it and all with larger ones."""
    order = np.argsort(alone[0], kind="stable")
    # From the largest chance to the smallest, the smallest of those so far in each deal.
    smallest = np.minimum.accumulate(alone[:, order[::-1]], axis=1)[:, ::-1]
    among = (smallest <= alone[0, order] + 1e-12).mean(axis=0)
    found = np.empty(len(order))
    found[order] = np.maximum.accumulate(among)
    return found
