#!/usr/bin/env bash
# csdid 0.4.3: with `allow_unbalanced_panel=True`, missing rows turn differences between units into an
# effect.
#
# One would guess: the option keeps units that miss some periods, and compares each unit with itself
# wherever both periods are there. Nothing changes here, so the effect is 0 whatever is missing.
#
# Seen: with rows missing, the whole panel is taken as repeated cross-sections: the
# mean of those there after, less the mean of those there before. 60 units here stand at levels of 1
# to 30 in either group, move by a common trend and some noise, and nothing happens to those that
# start in 2005. In full, the effect in 2005 is 0.0. Without the 2004 rows of the starters with a
# high level it is 7.5, without a warning; without the option, which warns and drops these units whole,
# it is 0.0.
#
# Exits with 1 if that changes.
set -euo pipefail
export UV_NO_CONFIG=1 # these releases, whatever the project prefers
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv -q --python 3.11 "$folder/venv"
uv pip install -q --python "$folder/venv/bin/python" csdid==0.4.3 drdid==1.1.7 \
    formulaic==1.2.2 matplotlib==3.11.2 numpy==2.4.6 pandas==3.1.1 patsy==1.0.3 plotnine==0.15.9 \
    scipy==1.17.1 statsmodels==0.15.0 twine==7.0.0
"$folder/venv/bin/python" - <<'PYTHON'
import warnings

import numpy as np
import pandas as pd
from csdid.att_gt import ATTgt

noise = np.random.default_rng(1).normal(0, 0.05, (60, 3))
rows = pd.DataFrame(
    {
        "unit": unit + 1,
        "year": year,
        "start": 2005 if unit < 30 else 0,
        "level": unit % 30 + 1.0,
        "y": unit % 30 + 1.0 + (year - 2003) + noise[unit, year - 2003],
    }
    for unit in range(60)
    for year in (2003, 2004, 2005)
)
some = rows[~((rows["start"] == 2005) & (rows["level"] > 15) & (rows["year"] == 2004))]


def effect_in_2005(data, **option):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = ATTgt(
            yname="y", tname="year", idname="unit", gname="start", data=data, biters=50, **option
        ).fit(est_method="dr")
    said = [str(one.message) for one in told]
    result = dict(zip(found.results["year"], found.results["att"], strict=True))[2005]
    print(len(data), option, round(float(result), 3), said)
    return round(float(result), 1), said


assert effect_in_2005(rows) == (0.0, [])
assert effect_in_2005(rows, allow_unbalanced_panel=True) == (0.0, [])
assert effect_in_2005(some)[0] == 0.0
assert effect_in_2005(some, allow_unbalanced_panel=True) == (7.5, [])
PYTHON
