"""What figures would have been without the change, from the months of wards yet to start.

The estimator of Borusyak, Jaravel and Spiess (2024), with generalised least squares: unit levels
and months are fitted to entries before the start alone, every entry after it is predicted from
them (and from what is known of its cluster's shock), and the effect is the average difference.
No unit that has started is ever a comparison, so effects may differ by unit and by time.
Inference: every cluster left out in turn, the variance scaled to be unbiased and its degrees of
freedom worked out under the working covariance, as Bell and McCaffrey (2002) do for regressions.
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy  # not its parts, which are slow to import: most commands never use them

from pipelines.statistics.effect.panel import Flags, Floats, Panel, Whole
from pipelines.statistics.effect.shocks import Inverse, Shocks, levels_of

_TOO_SMALL = 1e-9


@dataclass(frozen=True)
class Pieces:
    """What each cluster adds; the first axis is the cluster, K the averages that are wanted.

    `information` (C, k, k) and `score` (C, k) fit what clusters share. An average is
    (total - slope @ shared) / weight, with `total` (C, K), `slope` (C, K, k), `weight` (C, K).
    `noise` (C, K) is the variance of `total` and `scale` that of `score` per `information`.
    """

    information: Floats
    score: Floats
    total: Floats
    slope: Floats
    weight: Floats
    noise: Floats
    scale: float


@dataclass(frozen=True)
class Average:
    """An average difference with its standard error and degrees of freedom."""

    value: float
    error: float
    freedom: float

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        reach = float(scipy.special.stdtrit(self.freedom, (1 + level) / 2)) * self.error
        return self.value - reach, self.value + reach

    @property
    def detectable(self) -> float:
        """The value that would be told from 0 in 8 of 10 cases, at 95%."""
        return (
            float(
                scipy.special.stdtrit(self.freedom, 0.975)
                + scipy.special.stdtrit(self.freedom, 0.8)
            )
            * self.error
        )

    @property
    def chance(self) -> float:
        """The two-sided probability of a value this far from 0 if nothing differed."""
        if self.error <= 0:
            return 1.0 if self.value == 0 else 0.0
        return float(2 * scipy.special.stdtr(self.freedom, -abs(self.value) / self.error))


@dataclass(frozen=True)
class Averages:
    """The averages that were wanted, together: values (K), covariance (K, K), freedom (K).

    `without` (C, K) are the averages with each cluster left out.
    """

    value: Floats
    covariance: Floats
    freedom: Floats
    without: Floats

    @property
    def apart(self) -> Floats:
        """How far each left-out average is from their mean, scaled to be unbiased (C, K)."""
        apart, count = self.without - self.without.mean(0), len(self.without)
        spread = (count - 1) / count * (apart**2).sum(0)
        unbiased = np.diag(self.covariance) / np.where(spread > 0, spread, 1)
        return np.asarray(apart * np.sqrt(unbiased))

    def __getitem__(self, place: int) -> Average:
        error = float(np.sqrt(max(self.covariance[place, place], 0)))
        return Average(float(self.value[place]), error, float(self.freedom[place]))


def values_of(parts: Pieces) -> Floats:
    """Every average alone, without its certainty."""
    whole = _inverse(parts.information.sum(0))
    summed = parts.total.sum(0) - parts.slope.sum(0) @ whole @ parts.score.sum(0)
    return np.asarray(summed / parts.weight.sum(0))


def averages(parts: Pieces) -> Averages:
    """Every average, with what leaving each cluster out says of its certainty."""
    count = len(parts.information)
    whole = _inverse(parts.information.sum(0))
    weight = parts.weight.sum(0)
    value = values_of(parts)
    left = _inverse(parts.information.sum(0) - parts.information)
    slope, weights = parts.slope.sum(0) - parts.slope, weight - parts.weight
    reach = np.einsum("cij,ckj->kci", left, slope)  # how each left-out average uses the scores
    used = np.einsum("kci,ci->ck", reach, parts.score.sum(0) - parts.score)
    without = (parts.total.sum(0) - parts.total - used) / weights
    apart = without - without.mean(0)
    covariance = (count - 1) / count * apart.T @ apart
    all_slope = parts.slope.sum(0) @ whole
    freedom, unbiased = np.ones(len(value)), np.ones(len(value))
    for k in range(len(value)):
        # covariance of left-out averages c and d: all clusters but these two add to it
        own = np.einsum("ci,cil,dl->cd", reach[k], parts.information, reach[k], optimize=True)
        own = parts.scale * own + parts.noise[:, k][:, None]
        at = parts.scale * reach[k] @ parts.information.sum(0) @ reach[k].T
        at += parts.noise[:, k].sum() - own - own.T + np.diag(np.diag(own))
        expected = at / np.outer(weights[:, k], weights[:, k])
        centred = expected - expected.mean(0) - expected.mean(1)[:, None] + expected.mean()
        trace = float(np.trace(centred))
        freedom[k] = trace**2 / float((centred**2).sum())
        model = parts.noise[:, k].sum() + parts.scale * (
            all_slope[k] @ parts.information.sum(0) @ all_slope[k]
        )
        unbiased[k] = model / weight[k] ** 2 / (trace * (count - 1) / count)
    root = np.sqrt(unbiased)
    return Averages(value, covariance * np.outer(root, root), freedom, without)


def between(one: Averages, other: Averages, share: float) -> Averages:
    """Averages that go a share of the way from one answer to another about the same entries.

    So do those with each cluster left out, each with the scale that makes its own unbiased.
    """
    mixed = [
        np.asarray((1 - share) * a + share * b)
        for a, b in (
            (one.value, other.value),
            (one.apart, other.apart),
            (one.freedom, other.freedom),
            (one.without, other.without),
        )
    ]
    value, apart, freedom, without = mixed
    count = len(without)
    return Averages(value, (count - 1) / count * apart.T @ apart, freedom, without)


def narrowed(found: Averages, known: Averages, part: float) -> Averages:
    """Averages that are surer, as something else of the same figures turned out to be near 0.

    What an average shares with `known` moves it less then: so much of that variance is gone
    (`part`, from 0 to 1). What they share is the square of the correlation of both with each
    cluster left out, adjusted for chance.
    """
    count = len(found.without)
    apart, other = (one.without - one.without.mean(0) for one in (found, known))
    squares = (apart**2).sum(0) * (other**2).sum(0)
    shared = np.divide((apart * other).sum(0) ** 2, squares, out=squares * 0, where=squares > 0)
    adjusted = np.maximum((shared * (count - 1) - 1) / (count - 2), 0)
    root = np.sqrt(1 - part * adjusted)
    return replace(found, covariance=found.covariance * np.outer(root, root))


def coefficient(parts: Pieces) -> Averages:
    """The last of what clusters share, as a trend is; leaving each cluster out says how certain."""
    count = len(parts.information)
    value = (_inverse(parts.information.sum(0)) @ parts.score.sum(0))[-1:]
    left = _inverse(parts.information.sum(0) - parts.information)
    without = np.einsum("cj,cj->c", left[:, -1, :], parts.score.sum(0) - parts.score)[:, None]
    apart = without - without.mean(0)
    covariance = (count - 1) / count * apart.T @ apart
    return Averages(value, covariance, np.array([count - 1.0]), without)


def _inverse(matrix: Floats) -> Floats:
    """The inverse of one or many; what isn't identified counts as 0."""
    return np.asarray(np.linalg.pinv(matrix, _TOO_SMALL, hermitian=True), dtype=float)


def pieces(panel: Panel, design: Floats, shocks: Shocks, fitted: Flags, wanted: Floats) -> Pieces:
    """What each cluster adds to the fit and to the averages.

    `fitted` are the entries that levels and `design` are fitted to; the columns of `wanted` weigh
    the others. Every unit has a fitted entry.
    """
    together = shocks.together(panel.months)
    parts = []
    for rows in panel.rows_by_cluster:
        parts.append(_cluster(panel, rows, design, (shocks, together), fitted[rows], wanted[rows]))
    information, score, total, slope, weight, noise = (
        np.array(part) for part in zip(*parts, strict=True)
    )
    return Pieces(information, score, total, slope, weight, noise, shocks.scale)


def _cluster(
    panel: Panel,
    rows: Whole,
    design: Floats,
    covariance: tuple[Shocks, Floats],
    fitted: Flags,
    wanted: Floats,
) -> tuple[Floats, ...]:
    shocks, together = covariance
    base, later = rows[fitted], rows[~fitted]
    noise = shocks.noise(panel.size[rows])
    inverse = Inverse(noise[fitted], panel.month[base], together)
    units = levels_of(panel.unit[rows])
    levels, design_b, weight = units[fitted], design[base], wanted[~fitted]
    by_month = np.zeros((panel.months, weight.shape[1]))
    np.add.at(by_month, panel.month[later], weight)
    told = (together @ by_month)[panel.month[base]]  # covariance of base with wanted
    own, shared = levels.shape[1], design.shape[1]
    solved = inverse(np.column_stack([levels, design_b, told]))
    by_level, by_design, foretold = np.split(solved, [own, own + shared], axis=1)
    find = np.linalg.solve(levels.T @ by_level, by_level.T)
    contrast = by_design.T - (by_design.T @ levels) @ find
    back = -(foretold + find.T @ (units[~fitted].T @ weight - levels.T @ foretold))
    every = np.zeros((len(rows), weight.shape[1]))
    every[~fitted], every[fitted] = weight, back
    monthly = np.zeros((panel.months, weight.shape[1]))
    np.add.at(monthly, panel.month[rows], every)
    variance = (noise[:, None] * every**2).sum(0) + np.einsum(
        "tk,ts,sk->k", monthly, together, monthly
    )
    return (
        contrast @ design_b,
        contrast @ panel.figure[base],
        every.T @ panel.figure[rows],
        every.T @ design[rows],
        weight.sum(0),
        shocks.scale * variance,
    )
