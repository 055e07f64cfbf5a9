"""What an answer calls things, and how it writes differences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp

from pipelines.effect.told import Periods
from pipelines.statistics.effect.comparable import Reason
from pipelines.statistics.effect.estimate import Kind

# What would help where there is no answer, with {period} for what a period is called.
IN_A_FILE: Mapping[Reason, str] = {
    "nobody": "Fill in adopted for the units that started.",
    "everybody": "Add each unit's {period}s from before its start.",
    "comparison": "Add clusters that started later, or never.",
    "before": "See when the change began, and what else began then.",
    "reporting": "Use only units that report as regularly as before.",
    "clusters": "Add clusters, also some that never started.",
    "starters": "Wait until more have started.",
    "events": "Add units and {period}s.",
    "expected": "Add units and {period}s.",
    "none": "Check that events were still reported, and add {period}s.",
    "certainty": "Add clusters and {period}s.",
}


_MORE_DIGITS = range(3)


@dataclass(frozen=True)
class Terms:
    """What an answer is about: its periods, the kind of measure, and what to call things.

    `advice` says what would help where there is no answer; some reasons have none.
    """

    periods: Periods
    kind: Kind
    unit: str = "unit"
    cluster: str = "cluster"
    advice: Mapping[Reason, str] = field(default_factory=lambda: IN_A_FILE)

    @property
    def period(self) -> str:
        return self.periods.word

    def word(self, what: str) -> str:
        """What a unit, a cluster or a period is called here; anything else keeps its name."""
        own = {"unit": self.unit, "cluster": self.cluster, "period": self.period}
        return own.get(what, what)


def number(value: float, kind: Kind, more: int = 0) -> str:
    """Points to one decimal and whole per cent; smaller ones to one digit. Or to so many more."""
    size = abs(value) * 100 if kind == "proportion" else abs(exp(value) - 1) * 100
    places, least = (1, 0.1) if kind == "proportion" else (0, 1)
    if size >= least:
        return f"{size:,.{places + more}f}"
    return f"{size:.{1 + more}g}" if size >= 0.001 else "under 0.001"


def _unit(kind: Kind) -> str:
    return " percentage points" if kind == "proportion" else "%"


def size(value: float, kind: Kind) -> str:
    """How large a difference is: 8.6 percentage points, or 19%."""
    return number(value, kind) + _unit(kind)


def difference(value: float, kind: Kind) -> str:
    """A difference with its side: 8.6 percentage points higher."""
    return f"{size(value, kind)} {side(value)}"


def between(lower: float, upper: float, kind: Kind) -> str:
    """A span of differences: 5.0 to 12.2 percentage points higher.

    To as many digits as show its ends apart, up to two more than a difference by itself.
    """
    near, far = sorted((lower, upper), key=abs)
    if side(lower) == side(upper):
        for more in _MORE_DIGITS:
            least, most = number(near, kind, more), number(far, kind, more)
            if least != most:
                return f"{least} to {most}{_unit(kind)} {side(far)}"
        return difference(far, kind)
    percent = "%" if kind == "rate" else ""
    return f"{number(lower, kind)}{percent} {side(lower)} to {difference(upper, kind)}"


def side(value: float) -> str:
    """Which way a difference goes."""
    return "higher" if value > 0 else "lower"


def ratios(value: float, lower: float, upper: float) -> str:
    """A ratio with its interval: 1.32 (1.24 to 1.40).

    To as many digits as show its ends apart, and from 1 where the interval doesn't hold it.
    """
    clear = not lower <= 0 <= upper
    for more in _MORE_DIGITS:
        read, low, high = (f"{exp(at):.{2 + more}f}" for at in (value, lower, upper))
        if low != high and not (clear and 1 in (float(low), float(high))):
            break
    return f"{read} ({low} to {high})"


def in_words(number: int) -> str:
    """A small whole number as a word."""
    return ("no", "one", "two", "three", "four", "five", "six")[number]
