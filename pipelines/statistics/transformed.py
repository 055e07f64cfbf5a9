"""Funnel limits on transformed scales, for comparison with other NHS tools.

`arcsine` is for proportions, `log` for rates, and `square_root` (as used by the CQC) and `shmi` for
ratios of observed to expected events. On each scale the standard error depends on size alone, so
the limits are the centre plus and minus z standard errors, transformed back. Two published tools
are wrong here and are not followed: limits for a rate built from its bed days alone, and adjusted
limits for a ratio that are never squared back.
"""

from abc import ABC, abstractmethod

import numpy as np
import scipy  # not its parts, which are slow to import: most commands never use them
from numpy.typing import NDArray

from pipelines.statistics.dispersion import Dispersion, dispersion, truncated, winsorised
from pipelines.statistics.exact_limits import Kind

Floats = NDArray[np.float64]


class Scale(ABC):
    """One transformation; counts, sizes, limits and values are as in `funnel`."""

    kind: Kind

    @abstractmethod
    def transform(self, counts: Floats, sizes: Floats) -> Floats:
        """Observed values on this scale."""

    @abstractmethod
    def centre(self, centre: float) -> float:
        """The centre on this scale."""

    @abstractmethod
    def back(self, y: Floats) -> Floats:
        """Values from this scale."""

    @abstractmethod
    def errors(self, counts: Floats, sizes: Floats) -> Floats:
        """Standard errors on this scale of units with these counts."""

    def unadjusted(self, counts: Floats, sizes: Floats, centre: float) -> Floats:
        """Distance from the centre in standard errors of the unit's own count."""
        distance = self.transform(counts, sizes) - self.centre(centre)
        return np.asarray(distance / self.errors(counts, sizes))

    def dispersion(self, counts: Floats, sizes: Floats, centre: float) -> Dispersion:
        """Over-dispersion of winsorised scores."""
        z = winsorised(self.unadjusted(counts, sizes, centre))
        return dispersion(z, self.errors(counts, sizes))

    def limit(
        self, centre: float, sizes: Floats, share: float, tau2: float | None, digits: int | None
    ) -> Floats:
        """One limit at each size; `tau2` is None if no adjustment was asked for."""
        z = scipy.stats.norm.ppf(share)
        z = z if digits is None else round(z, digits)
        spread = np.sqrt(self.errors(centre * sizes, sizes) ** 2 + (tau2 or 0.0))
        return self.back(self.centre(centre) + z * spread)

    def score(self, counts: Floats, sizes: Floats, centre: float, tau2: float) -> Floats:
        """Distance from the centre in the standard errors that the limits use."""
        spread = np.sqrt(self.errors(centre * sizes, sizes) ** 2 + tau2)
        return np.asarray((self.transform(counts, sizes) - self.centre(centre)) / spread)


class Arcsine(Scale):
    """asin(sqrt(p)), whose standard error is 1 / (2 sqrt(n))."""

    kind: Kind = "proportion"

    def transform(self, counts: Floats, sizes: Floats) -> Floats:
        return np.arcsin(np.sqrt(counts / sizes))

    def centre(self, centre: float) -> float:
        return float(np.arcsin(np.sqrt(centre)))

    def back(self, y: Floats) -> Floats:
        return np.sin(np.clip(y, 0, np.pi / 2)) ** 2

    def errors(self, counts: Floats, sizes: Floats) -> Floats:
        return 1 / (2 * np.sqrt(sizes))


class Log(Scale):
    """The log of a rate; half an event is added to estimate its spread."""

    kind: Kind = "rate"

    def transform(self, counts: Floats, sizes: Floats) -> Floats:
        return np.log((counts + 0.5) / (sizes + 0.5))

    def centre(self, centre: float) -> float:
        return float(np.log(centre))

    def back(self, y: Floats) -> Floats:
        return np.exp(y)

    def errors(self, counts: Floats, sizes: Floats) -> Floats:
        return np.sqrt(counts / (counts + 0.5) ** 2 + sizes / (sizes + 0.5) ** 2)

    def score(self, counts: Floats, sizes: Floats, centre: float, tau2: float) -> Floats:
        """As for the limits: no half is added to the rate itself, unless it is 0."""
        value = np.where(counts > 0, counts / sizes, (counts + 0.5) / (sizes + 0.5))
        spread = np.sqrt(self.errors(centre * sizes, sizes) ** 2 + tau2)
        return np.asarray((np.log(value) - self.centre(centre)) / spread)


class _Ratio(Scale):
    """Observed over expected events; without over-dispersion, its limits are exact Poisson."""

    kind: Kind = "ratio"

    def limit(
        self, centre: float, sizes: Floats, share: float, tau2: float | None, digits: int | None
    ) -> Floats:
        if tau2:
            return super().limit(centre, sizes, share, tau2, digits)
        expected = centre * sizes
        more = 0 if share < 0.5 else 1
        return np.asarray(scipy.stats.chi2.ppf(share, 2 * (expected + more)) / 2 / sizes)

    def score(self, counts: Floats, sizes: Floats, centre: float, tau2: float) -> Floats:
        """The z at which a limit would pass through the unit."""
        if tau2 > 0:
            return super().score(counts, sizes, centre, tau2)
        expected = centre * sizes
        more = np.where(counts < expected, 0, 1)
        return np.asarray(
            scipy.stats.norm.ppf(scipy.stats.chi2.cdf(2 * counts, 2 * (expected + more)))
        )


class SquareRoot(_Ratio):
    """sqrt(O / E), whose standard error is 1 / (2 sqrt(E)); squared back, as by the CQC."""

    def transform(self, counts: Floats, sizes: Floats) -> Floats:
        return np.sqrt(counts / sizes)

    def centre(self, centre: float) -> float:
        return float(np.sqrt(centre))

    def back(self, y: Floats) -> Floats:
        return np.maximum(y, 0) ** 2

    def errors(self, counts: Floats, sizes: Floats) -> Floats:
        return 1 / (2 * np.sqrt(sizes))


class Shmi(_Ratio):
    """log(O / E), leaving out scores outside the middle 80%, as in the national SHMI."""

    def transform(self, counts: Floats, sizes: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.log(counts / sizes)

    def centre(self, centre: float) -> float:
        return float(np.log(centre))

    def back(self, y: Floats) -> Floats:
        return np.exp(y)

    def errors(self, counts: Floats, sizes: Floats) -> Floats:
        return 1 / np.sqrt(sizes)

    def limit(
        self, centre: float, sizes: Floats, share: float, tau2: float | None, digits: int | None
    ) -> Floats:
        """Adjusted limits stay on the log scale even if there is nothing to adjust for."""
        if tau2 is not None:
            return Scale.limit(self, centre, sizes, share, tau2, digits)
        return super().limit(centre, sizes, share, tau2, digits)

    def dispersion(self, counts: Floats, sizes: Floats, centre: float) -> Dispersion:
        z = self.unadjusted(counts, sizes, centre)
        kept = truncated(z)
        return dispersion(z[kept], self.errors(counts, sizes)[kept])


SCALES: dict[str, Scale] = {
    "arcsine": Arcsine(),
    "log": Log(),
    "square_root": SquareRoot(),
    "shmi": Shmi(),
}
