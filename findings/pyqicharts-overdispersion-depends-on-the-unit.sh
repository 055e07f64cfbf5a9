#!/usr/bin/env bash
# pyqicharts 2.0.0: whether rates are over-dispersed depends on the unit they are counted in.
#
# One would guess: `overdispersion_test` with a denominator compares the spread of the counts with what
# the denominators lead one to expect, so that about 1 is chance, well above 1 is more, and incidents per
# bed day and per 1,000 bed days have the same answer.
#
# Seen: it is the variance of the rates over their mean, which has the unit of a rate. The same 12 months,
# whose counts vary 11 times as much as chance would, are 0.019 per bed day (far less than chance) and 19
# per 1,000 bed days (far more). Without a denominator the counts themselves are judged as they should be.
#
# Exits with 1 if that changes.
set -euo pipefail
export UV_NO_CONFIG=1 # these releases, whatever the project prefers
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv -q --python 3.11 "$folder/venv"
uv pip install -q --python "$folder/venv/bin/python" pyqicharts==2.0.0 numpy==2.4.6 pandas==3.1.1 \
    matplotlib==3.11.2 plotly==7.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import pandas as pd
from pyqicharts import overdispersion_test

months = pd.DataFrame({"incidents": [2, 30, 4, 25, 3, 28, 1, 22, 5, 27, 2, 31], "bed_days": 600})
months["thousands"] = months["bed_days"] / 1000


def ratio(**settings):
    of = float(overdispersion_test(months, "incidents", **settings)["dispersion_ratio"].iloc[0])
    print(settings, round(of, 4))
    return of


counts = ratio()
assert counts > 10, "the counts vary far more than chance"
per_day, per_thousand = ratio(denominator="bed_days"), ratio(denominator="thousands")
if abs(per_thousand / per_day - 1000) > 1e-6 or per_day > 0.1:
    sys.exit("It has changed: the unit no longer decides.")
PYTHON
