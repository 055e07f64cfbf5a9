"""What can be compared with what, and refusals that need no estimate."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipelines.statistics.effect.imputation import averages, pieces
from pipelines.statistics.effect.panel import NEVER, Flags, Panel, Whole, months_as_columns
from pipelines.statistics.effect.shocks import Shocks

Reason = Literal[
    "nobody",
    "everybody",
    "comparison",
    "clusters",
    "starters",
    "events",
    "expected",
    "none",
    "alike",
    "before",
    "reporting",
    "certainty",
]

FEWEST_CLUSTERS, FEWEST_STARTERS = 20, 5
EVENTS_BEFORE, EVENTS_AFTER = 100, 20  # a rate needs them, the latter to be expected
COMPARED = 3  # clusters still to start, in every period that counts
REPORTING_CHANCE, REPORTING_CHANGE = 0.01, 0.15


@dataclass(frozen=True)
class Compared:
    """What was compared: counts, and the place in the file of each cluster that is left.

    `after` is the figure of those who started, over the periods that count; `early` the place of
    each unit without a period before its start, `alone` the entries after a start without a
    comparison.
    """

    units: int
    starters: int
    never: int
    clusters: Whole
    starting_clusters: int
    entries_before: int
    entries_after: int
    after: float
    early: Whole
    alone: int


class Unanswerable(ValueError):
    """The figures can't say; `reason` says why, `found` the number that decided.

    `compared` is what could have been compared, once that is known.
    """

    def __init__(self, reason: Reason, found: float = 0.0) -> None:
        super().__init__(reason)
        self.reason, self.found = reason, found
        self.compared: Compared | None = None


def comparable(panel: Panel) -> tuple[Flags, Compared]:
    """The entries that can be compared.

    A unit needs a period before its start, and a period after a start needs three clusters that
    are still to start.
    """
    has_before = (np.bincount(panel.unit, ~panel.started) > 0)[panel.unit]
    waiting = np.array(
        [
            len(np.unique(panel.cluster[has_before & ~panel.started & (panel.month == m)]))
            for m in range(panel.months)
        ]
    )
    alone = has_before & panel.started & (waiting[panel.month] < COMPARED)
    rows = has_before & ~alone
    after, size = rows & panel.started, panel.size
    return rows, Compared(
        units=len(np.unique(panel.unit[rows])),
        starters=len(np.unique(panel.unit[after])),
        never=len(np.unique(panel.unit[rows & (panel.start >= NEVER)])),
        clusters=np.unique(panel.cluster[rows]),
        starting_clusters=len(np.unique(panel.cluster[after])),
        entries_before=int((rows & ~after).sum()),
        entries_after=int(after.sum()),
        after=float((size * panel.figure)[after].sum() / max(size[after].sum(), 1e-12)),
        early=np.unique(panel.unit[~has_before]),
        alone=int(alone.sum()),
    )


def check_clusters(panel: Panel) -> None:
    """Refuse what too few clusters say."""
    clusters = int(panel.cluster.max()) + 1
    if not panel.started.any():
        raise Unanswerable("comparison", clusters)
    if clusters < FEWEST_CLUSTERS:
        raise Unanswerable("clusters", clusters)
    starters = len(np.unique(panel.cluster[panel.started]))
    if starters < FEWEST_STARTERS:
        raise Unanswerable("starters", starters)


def check_reporting(panel: Panel) -> None:
    """Refuse if units send figures for more, or fewer, months once they have started."""
    units, months = int(panel.unit.max()) + 1, panel.months
    if len(panel.unit) == units * months:
        return
    first = np.unique(panel.unit, return_index=True)[1]
    sent = np.zeros((units, months))
    sent[panel.unit, panel.month] = 1
    unit, month = np.divmod(np.arange(units * months), months)
    every = Panel(
        unit=unit,
        cluster=panel.cluster[first][unit],
        month=month,
        start=panel.start[first][unit],
        figure=sent.ravel(),
        size=np.ones(units * months),
    )
    every = every.only(comparable(every)[0])
    if not every.started.any() or every.cluster.max() + 1 < FEWEST_CLUSTERS:
        return
    found = averages(
        pieces(
            every,
            months_as_columns(every),
            Shocks(scale=max(float(every.figure.var()), 1e-9)),
            ~every.started,
            every.started[:, None].astype(float),
        )
    )[0]
    if abs(found.value) >= REPORTING_CHANGE and found.chance < REPORTING_CHANCE:
        raise Unanswerable("reporting", found.value)
