"""How much the drift of starters would have to bend to explain an answer that allows for a drift.

Smoothness, as Rambachan and Roth (2023, Review of Economic Studies 90:2555): without what was
started, starters would have moved away from those that never start along a line that changes its
slope by at most so much from one period to the next. A straight line is allowed for already, so
only the bends are left to do harm.
"""

from collections.abc import Callable

import numpy as np

from pipelines.statistics.effect.imputation import Average
from pipelines.statistics.effect.panel import NEVER, Floats, Panel

Moved = Callable[[Floats], float]  # what figures add to the average


def hidden_bend(panel: Panel, moved: Moved, answer: Average) -> float | None:
    """The change of slope each period, always the worst way, that takes the interval to 0.

    In the unit of the average; none if the interval holds 0 or no bend can do harm. `moved` is what
    figures would add to the average.
    """
    lower, upper = answer.interval()
    if lower <= 0 <= upper:
        return None
    harm = worst(panel, moved)
    return min(abs(lower), abs(upper)) / harm if harm > 0 else None


def worst(panel: Panel, moved: Moved) -> float:
    """How far bends of at most 1 a period can move the average.

    A line with bends is a straight one and a hinge for each period since the start, bent by at most
    1 either way. The average is linear in the figures; so the worst are the moves by every hinge,
    added up without their signs.
    """
    starts = panel.start < NEVER
    since = np.where(starts, panel.since, 0)
    periods = np.arange(int(since.min()) + 1, int(since.max()))
    hinges = (np.where(starts, np.maximum(since - period, 0), 0.0) for period in periods)
    return sum(abs(moved(hinge)) for hinge in hinges)
