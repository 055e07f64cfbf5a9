"""Measures whether units differ by more than chance: Spiegelhalter's phi and tau squared.

Source: Spiegelhalter DJ, Handling over-dispersion of performance indicators, Qual Saf Health Care
2005;14:347-351.
"""

from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Dispersion:
    """How much units vary: `phi` is 1 when by chance alone, `tau2` the variance beyond chance."""

    phi: float
    tau2: float
    units: int

    @property
    def clear(self) -> bool:
        """True if there is more than chance gives in all but one group of stable units in forty."""
        return self.tau2 > 0 and self.phi > 1 + 2 * float(np.sqrt(2 / self.units))


def winsorised(z: Floats) -> Floats:
    """The scores, with those beyond the 10% and 90% quantiles (type 7) moved to them."""
    low, high = np.quantile(z, [0.1, 0.9])
    return np.clip(z, low, high)


def truncated(z: Floats) -> NDArray[np.bool_]:
    """Which scores are kept when the lowest and highest tenth are dropped."""
    ranks = np.array([(z < value).sum() + ((z == value).sum() + 1) / 2 for value in z])
    tenths = np.floor(10 * ranks / (len(z) + 1))
    return np.asarray((tenths >= 1) & (tenths <= 8))


def dispersion(z: Floats, standard_errors: Floats) -> Dispersion:
    """Phi and tau squared of scores that have already been winsorised or truncated.

    Sums are exact, so that units may come in any order.
    """
    n = len(z)
    if n < 2:
        return Dispersion(phi=fsum(z**2), tau2=0.0, units=max(n, 1))
    phi = fsum(z**2) / n
    weights = 1 / standard_errors**2
    whole = fsum(weights)
    spread = whole - fsum(weights**2) / whole
    excess = n * phi - (n - 1)
    tau2 = excess / spread if excess >= 0 and spread > 0 else 0.0
    return Dispersion(phi=phi, tau2=tau2, units=n)
