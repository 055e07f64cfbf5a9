"""Levels of many units at once, each pulled towards the average as far as its figures are few.

Shares are beta-binomial and rates gamma-Poisson: a unit's own level is drawn from a beta or gamma
distribution around the average of all units, worth `strength` answers or so much exposure, and
its figures are drawn from that level. Average and strength are not known either. They are weighed
by the likelihood of all figures; beforehand every shrinkage strength / (strength + size) of a unit
of median size is as likely as any other (the uniform shrinkage prior of Daniels 1999, Canadian
Journal of Statistics 27:567), and so is every average on the scale of log-odds or logarithms.
Intervals come from the mean and variance of what remains, as a beta or gamma distribution with
both (Christiansen and Morris 1997, JASA 92:618), so they allow for a strength that isn't known.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import scipy  # not its parts, which are slow to import
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STRENGTHS, _AVERAGES = 24, 13  # of the grid over what isn't known
_REACH = 4.0  # standard errors of the average, each way
_OUTERMOST = 30.0  # log-odds of an average: 1 minus 1e-13
_TAIL = 0.025


@dataclass(frozen=True)
class Shrunk:
    """The level of each unit with its 95% interval, and the average of all units.

    `pulled` is how far each is pulled towards the average: 0 not at all, 1 all the way.
    """

    value: Floats
    lower: Floats
    upper: Floats
    pulled: Floats
    centre: float


class _Family(Protocol):
    def noise(self, average: Floats, strength: Floats, size: Floats) -> Floats: ...

    def on_line(self, average: Floats) -> Floats: ...

    def off_line(self, on_line: Floats) -> Floats: ...

    def per_step(self, average: Floats) -> Floats: ...

    def likelihood(
        self, count: Floats, size: Floats, average: Floats, strength: Floats
    ) -> Floats: ...

    def variance(self, value: Floats, weight: Floats) -> Floats: ...

    def ends(self, mean: Floats, variance: Floats) -> tuple[Floats, Floats]: ...


class _Shares:
    """Answers of one kind out of all: beta-binomial."""

    def noise(self, average: Floats, strength: Floats, size: Floats) -> Floats:
        return average * (1 - average) / size * (1 + (size - 1) / (strength + 1))

    def on_line(self, average: Floats) -> Floats:
        return np.asarray(scipy.special.logit(average))

    def off_line(self, on_line: Floats) -> Floats:
        # further out an average would be 1 itself, and no answer at all could be of the other kind
        return np.asarray(scipy.special.expit(np.clip(on_line, -_OUTERMOST, _OUTERMOST)))

    def per_step(self, average: Floats) -> Floats:
        return average * (1 - average)

    def likelihood(self, count: Floats, size: Floats, average: Floats, strength: Floats) -> Floats:
        yes, no = strength * average, strength * (1 - average)
        with_figures = scipy.special.betaln(yes + count, no + size - count)
        return np.asarray(with_figures - scipy.special.betaln(yes, no))

    def variance(self, value: Floats, weight: Floats) -> Floats:
        return value * (1 - value) / (weight + 1)

    def ends(self, mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
        both = mean * (1 - mean) / variance - 1
        found = (
            scipy.special.betaincinv(mean * both, (1 - mean) * both, p) for p in (_TAIL, 1 - _TAIL)
        )
        low, high = found
        return low, high


class _Rates:
    """Events over an exposure: gamma-Poisson."""

    def noise(self, average: Floats, strength: Floats, size: Floats) -> Floats:
        return average / size + average / strength

    def on_line(self, average: Floats) -> Floats:
        return np.log(average)

    def off_line(self, on_line: Floats) -> Floats:
        return np.exp(on_line)

    def per_step(self, average: Floats) -> Floats:
        return average

    def likelihood(self, count: Floats, size: Floats, average: Floats, strength: Floats) -> Floats:
        shape, log_gamma = strength * average, scipy.special.gammaln
        kept = shape * np.log(strength / (strength + size)) - count * np.log(strength + size)
        return np.asarray(log_gamma(shape + count) - log_gamma(shape) + kept)

    def variance(self, value: Floats, weight: Floats) -> Floats:
        return value / weight

    def ends(self, mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
        rate = mean / variance
        found = (scipy.special.gammaincinv(mean * rate, p) / rate for p in (_TAIL, 1 - _TAIL))
        low, high = found
        return low, high


def shares(part: Floats, whole: Floats) -> Shrunk:
    """The share of each unit, from `part` of `whole`; one without answers is the average."""
    return _shrunk(_Shares(), part, whole)


def rates(count: Floats, exposure: Floats) -> Shrunk:
    """The rate of each unit per unit of exposure; one without exposure has the average."""
    return _shrunk(_Rates(), count, exposure)


def _shrunk(family: _Family, count: Floats, size: Floats) -> Shrunk:
    """Every unit weighed over the grid of averages and strengths; some unit has a size."""
    count, size = np.asarray(count, dtype=float), np.asarray(size, dtype=float)
    known = size > 0
    average, strength, weight = _grid(family, count[known], size[known])
    value = (strength * average + count) / (strength + size)
    spread = family.variance(value, strength + size)
    mean = (weight * value).sum(0)
    variance = (weight * (spread + value**2)).sum(0) - mean**2
    lower, upper = family.ends(mean, variance)
    pulled = (weight * (strength / (strength + size))).sum(0)
    return Shrunk(mean, lower, upper, pulled, float((weight * average).sum()))


def _grid(family: _Family, count: Floats, size: Floats) -> tuple[Floats, Floats, Floats]:
    """Averages, strengths and their weights, which sum to 1: one row for each place (G, 1)."""
    shrinkage = (np.arange(_STRENGTHS) + 0.5) / _STRENGTHS
    strengths = float(np.median(size)) * shrinkage / (1 - shrinkage)
    pooled = np.asarray((count.sum() + 0.5) / (size.sum() + 1))
    noise = family.noise(pooled, strengths[:, None], size)
    error = np.sqrt(1 / (1 / noise).sum(1)) / family.per_step(pooled)
    steps = np.linspace(-_REACH, _REACH, _AVERAGES)
    average = family.off_line(family.on_line(pooled) + error[:, None] * steps).ravel()[:, None]
    strength = np.repeat(strengths, _AVERAGES)[:, None]
    likelihood = family.likelihood(count, size, average, strength).sum(1)
    weight = np.exp(likelihood - likelihood.max()) * np.repeat(error, _AVERAGES)
    return average, strength, (weight / weight.sum())[:, None]
