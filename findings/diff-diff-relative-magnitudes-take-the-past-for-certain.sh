#!/usr/bin/env bash
# diff-diff 3.13.0: the interval of `compute_honest_did` by relative magnitudes takes movements
# before the start for certain.
#
# One would guess: with method="relative_magnitude" and M=1, the 95% interval holds the truth at
# least 95 times in 100 wherever groups drift apart after a start by no more than before it. That is
# what Rambachan and Roth's intervals are for, and what HonestDiD's do.
#
# Seen, where starters rise by 2 more in each period, before the start and after it, nothing helped,
# and the first period is measured less exactly than the others: it holds the truth, 0, in 157 of
# 200 worlds. The largest step before the start is put in as estimated, and only the uncertainty of
# the effect is added. So an effect stands out that such a drift explains.
#
# Exits with 1 if that changes.
set -euo pipefail
export UV_NO_CONFIG=1 # these releases, whatever the project prefers
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv -q --python 3.11 "$folder/venv"
uv pip install -q --python "$folder/venv/bin/python" diff-diff==3.13.0 numpy==2.4.6 packaging==26.4 pandas==3.1.1 python-dateutil==4.0.0 \
    scipy==1.17.1 tzdata==2026.6
"$folder/venv/bin/python" - <<'PYTHON'
import warnings

import numpy as np
import pandas as pd
from diff_diff import MultiPeriodDiD, compute_honest_did

UNITS, WORLDS = 40, 200
warnings.simplefilter("ignore")  # of the fit, about its standard errors


def world(number):
    random = np.random.default_rng(number)
    rows = []
    for unit in range(2 * UNITS):
        started, level = int(unit < UNITS), random.normal()
        for period, noise in enumerate((6.0, 1.0, 1.0)):
            value = level + 2 * period * started + noise * random.normal()
            rows.append((unit, period, started, value))
    return pd.DataFrame(rows, columns=["unit", "period", "treated", "y"])


held = 0
for number in range(WORLDS):
    fit = MultiPeriodDiD().fit(
        world(number),
        outcome="y",
        treatment="treated",
        time="period",
        unit="unit",
        post_periods=[2],
        reference_period=1,
    )
    found = compute_honest_did(fit, method="relative_magnitude", M=1.0)
    held += bool(found.ci_lb <= 0 <= found.ci_ub)
print(f"the interval holds the truth in {held} of {WORLDS} worlds")
assert held < 0.9 * WORLDS
PYTHON
