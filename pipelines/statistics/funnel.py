"""Funnel limits and categories: whether a unit is further from its group than chance explains.

Limits are drawn at 95% and 99.8%. They are interpolated so that the curves are smooth. A unit's
category never comes from the curve, but from the exact probability of a count as high or as low as
its own, so that 4 of 4 against 89% (probability 0.64) is within the expected range.
"""

from dataclasses import dataclass
from math import fsum
from typing import Any, Literal, TypeVar

import narwhals as nw
import numpy as np
from narwhals.typing import IntoFrameT
from numpy.typing import NDArray

from pipelines.statistics.dispersion import Dispersion, dispersion, winsorised
from pipelines.statistics.exact_limits import Chance, Kind
from pipelines.statistics.on_this_machine import locally
from pipelines.statistics.transformed import SCALES

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Method = Literal["exact", "arcsine", "log", "square_root", "shmi"]
Adjust = Literal["auto", "always", "never"]

_Centre = TypeVar("_Centre", float, float | Floats)

LIMITS = {"lower95": 0.025, "upper95": 0.975, "lower998": 0.001, "upper998": 0.999}
OUTSIDE, NEARLY_OUTSIDE = 0.001, 0.025
_NUMBERS = ("value", "centre", "z", *LIMITS, "p_low", "p_high", "phi", "tau2")


@dataclass(frozen=True)
class Choices:
    """How limits are worked out: the kind of figure, the scale and the dispersion allowed for.

    `digits` rounds z (with 6: 1.959964 and 3.090232, as in FunnelPlotR); None does not round it.
    """

    kind: Kind
    method: Method = "exact"
    adjust: Adjust = "auto"
    digits: int | None = 6

    def tau2(self, found: Dispersion) -> float | None:
        """The variance beyond chance that limits allow for; None if none was asked for."""
        wanted = self.adjust == "always" or (self.adjust == "auto" and found.clear)
        return found.tau2 if wanted else None


def funnel(
    frame: IntoFrameT,
    choices: Choices,
    *,
    centre: float | None = None,
    dispersion: tuple[float, float] | None = None,
    basis: str | None = None,
) -> IntoFrameT:
    """Compare every unit with the centre of all of them.

    `frame` has the columns `numerator` and `denominator` (people asked, bed days, or expected
    events for a ratio), one row for each unit; a unit without a denominator above 0 is `too_few`.
    `basis` names a column that is true for the units that make the centre and the dispersion (by
    default all); a `centre` and a `dispersion` (phi, tau2) may be given instead.

    Added columns: `value, centre, z, lower95, upper95, lower998, upper998, p_low, p_high, phi,
    tau2, adjusted, category` (at 99.8%) and `category95`. Values and limits are unscaled; tau2 is
    the variance of values, or of transformed values. The methods other than `exact` decide by
    their own limits: `arcsine` is for proportions, `log` for rates, `square_root` and `shmi` for
    ratios. `adjust="auto"` widens limits only where dispersion is clear. Any frame will do; a lazy
    engine's rows are fetched, and what is made of them goes back to it.
    """
    return locally(frame, lambda data: _funnel(data, choices, centre, dispersion, basis))


def _funnel(
    data: nw.DataFrame[Any],
    choices: Choices,
    centre: float | None,
    dispersion: tuple[float, float] | None,
    basis: str | None,
) -> nw.DataFrame[Any]:
    counts, sizes = _column(data, "numerator"), _column(data, "denominator")
    usable = np.isfinite(counts) & np.isfinite(sizes) & (sizes > 0)
    made_of = usable & data[basis].to_numpy().astype(bool) if basis else usable
    columns = _empty(len(counts))
    columns["value"][usable] = counts[usable] / sizes[usable]
    if centre is None and made_of.any():
        centre = _centre(choices.kind, counts[made_of], sizes[made_of])
    if centre is not None and usable.any():
        found = (
            Dispersion(*dispersion, units=int(made_of.sum()))
            if dispersion
            else spread_of(choices, centre, counts[made_of], sizes[made_of])
        )
        judged = judge(choices, centre, found, counts[usable], sizes[usable])
        for name, values in judged.items():
            columns[name][usable] = values
    return _with(data, columns)


def limits(
    kind: Kind, centre: float | Floats, sizes: Floats, share: float = 0.975, tau2: float = 0.0
) -> Floats:
    """One exact limit at each size, to draw a curve; `share` is 0.975 for the upper 95% limit.

    Without `tau2`, each size may have a centre of its own.
    """
    found = np.array(np.broadcast_to(centre, sizes.shape), dtype=float)
    varies = (found > 0) & ((found < 1) | (kind != "proportion"))
    if varies.any():
        around = centre if isinstance(centre, float) else found[varies]
        some = sizes[varies]
        found[varies] = Chance(kind, around, tau2).quantile(some, share) / some
    return found


def spread_of(choices: Choices, centre: float, counts: Floats, sizes: Floats) -> Dispersion:
    """How much units differ beyond chance, from Pearson or transformed residuals."""
    if choices.method != "exact":
        return SCALES[choices.method].dispersion(counts, sizes, centre)
    variance = _variance(choices.kind, centre)
    if variance <= 0 or not len(counts):
        return Dispersion(phi=0.0, tau2=0.0, units=max(len(counts), 1))
    errors = np.sqrt(variance / sizes)
    return dispersion(winsorised((counts / sizes - centre) / errors), errors)


def judge(
    choices: Choices, centre: float | Floats, found: Dispersion, counts: Floats, sizes: Floats
) -> dict[str, Any]:
    """What is said of each unit, by column of `funnel`: one number for all, or one for each unit.

    `counts` and `sizes` are the units' numerators and denominators, all above 0; `found` is how
    much units differ, by `spread_of` or as given. By the exact method and without an allowance for
    that, units of several groups can be judged together, each with the centre of its group.
    """
    tau2 = choices.tau2(found)
    exact = choices.method == "exact"
    return {
        "centre": centre,
        "phi": found.phi,
        "tau2": found.tau2,
        "adjusted": bool(tau2),
        **(
            _by_exact_tails(choices, centre, tau2, counts, sizes)
            if exact
            else _by_own_limits(choices, float(centre), tau2, counts, sizes)
        ),
    }


def _by_exact_tails(
    choices: Choices, centre: float | Floats, tau2: float | None, counts: Floats, sizes: Floats
) -> dict[str, Any]:
    kind, extra = choices.kind, tau2 or 0.0
    spread = np.sqrt(_variance(kind, centre) / sizes + extra)
    distance = counts / sizes - centre
    low, high = Chance(kind, centre, extra).tails(counts, sizes)
    return {
        **{name: limits(kind, centre, sizes, share, extra) for name, share in LIMITS.items()},
        "z": np.divide(distance, spread, out=np.zeros_like(sizes), where=spread > 0),
        "p_low": low,
        "p_high": high,
        "category": _named(low < OUTSIDE, high < OUTSIDE),
        "category95": _named(low < NEARLY_OUTSIDE, high < NEARLY_OUTSIDE),
    }


def _by_own_limits(
    choices: Choices, centre: float, tau2: float | None, counts: Floats, sizes: Floats
) -> dict[str, Any]:
    scale = SCALES[choices.method]
    if scale.kind != choices.kind:
        raise ValueError(f"The {choices.method} method is for a {scale.kind}, not {choices.kind}.")
    edges = {
        name: scale.limit(centre, sizes, share, tau2, choices.digits)
        for name, share in LIMITS.items()
    }
    value = counts / sizes
    return {
        **edges,
        "z": scale.score(counts, sizes, centre, tau2 or 0.0),
        "category": _named(value < edges["lower998"], value > edges["upper998"]),
        "category95": _named(value < edges["lower95"], value > edges["upper95"]),
    }


def _centre(kind: Kind, counts: Floats, sizes: Floats) -> float:
    return 1.0 if kind == "ratio" else fsum(counts) / fsum(sizes)


def _variance(kind: Kind, centre: _Centre) -> _Centre:
    return centre * (1 - centre) if kind == "proportion" else centre


def _named(lower: Flags, higher: Flags) -> NDArray[Any]:
    return np.where(higher, "higher", np.where(lower, "lower", "within")).astype(object)


def _column(data: nw.DataFrame[Any], name: str) -> Floats:
    column = data[name].cast(nw.Float64)
    return np.asarray(column.fill_null(float("nan")).to_numpy(), dtype=float)


def _empty(rows: int) -> dict[str, NDArray[Any]]:
    columns: dict[str, NDArray[Any]] = {name: np.full(rows, np.nan) for name in _NUMBERS}
    columns["adjusted"] = np.zeros(rows, dtype=bool)
    columns["category"] = np.full(rows, "too_few", dtype=object)
    columns["category95"] = np.full(rows, "too_few", dtype=object)
    return columns


def _with(data: nw.DataFrame[Any], columns: dict[str, NDArray[Any]]) -> nw.DataFrame[Any]:
    """The frame with these columns; NaN becomes an empty cell."""
    space = data.implementation
    series = [nw.new_series(n, v.tolist(), backend=space) for n, v in columns.items()]
    there = [nw.when(~nw.col(name).is_nan()).then(nw.col(name)).alias(name) for name in _NUMBERS]
    return data.with_columns(*series).with_columns(*there)
