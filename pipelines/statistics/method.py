"""The settings for charting a series, with the house defaults."""

from dataclasses import dataclass
from typing import Literal

Chart = Literal["auto", "xmr", "run", "p", "pp", "u", "up", "c", "g", "t", "cusum", "points"]
Direction = Literal["up", "down", "none"]
Find = Literal["doubling", "halving"]  # of events, by a CUSUM

TRIAL_BELOW = 12  # points in a phase: fewer make trial limits
RUN_CHART_FROM = 6  # points in a phase: fewer are only drawn, with their median


@dataclass(frozen=True)
class Method:
    """The settings of a process chart; a `direction` or `target` column in the data overrides them.

    `baseline` fixes limits on that many points at the start of each phase. `sigma` is "nhs" for
    limits at 2.66 mean moving ranges and "exact" for 3/1.128 of them. `find` is what a CUSUM looks
    for.
    """

    chart: Chart = "auto"
    direction: Direction = "none"
    target: float | None = None
    baseline: int | None = None
    screen: bool = False
    two_of_three: Literal["mdc", "ptd"] = "mdc"
    assurance: Literal["mdc", "strict"] = "mdc"
    sigma: Literal["nhs", "exact"] = "nhs"
    find: Find = "doubling"
