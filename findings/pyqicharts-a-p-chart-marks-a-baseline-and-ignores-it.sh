#!/usr/bin/env bash
# pyqicharts 2.0.0: a p or u chart has no baseline, though it marks one.
#
# One would guess: with `baseline_points=12` (or `freeze_points`, as in qicharts2) the centre line and
# limits come from the first 12 months, as they do in its c, i and run charts.
#
# Seen: the 12 months are marked "Baseline" in the table, and the centre of p and u charts is that of all
# months, exactly as without the argument. After a year at 90% of 100 asked (limits 81% to 99%), twelve
# months at about 75% should all be signals; none is, as they have pulled the line and its limits down to
# themselves. A c chart of the same counts keeps its baseline.
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
from pyqicharts.tables import qic_table

safe = [90, 88, 91, 92, 89, 90, 91, 88, 90, 92, 89, 90] + [75, 78, 74, 76, 77, 73, 75, 78, 76, 74, 75, 77]
months = pd.DataFrame({"month": range(1, 25), "safe": safe, "asked": 100})


def centre(chart, **settings):
    table = qic_table(months, "month", "safe", chart=chart, **settings)
    baseline = int(table["baseline_period"].sum())
    print(chart, settings, "centre", round(float(table["centre"].iloc[0]), 4), "signals",
          int(table["signal"].sum()), "baseline months", baseline)
    return float(table["centre"].iloc[0]), baseline, int(table["signal"].sum())


assert centre("c", baseline_points=12)[:2] == (90.0, 12), "a c chart keeps its baseline"
all_months = sum(safe) / 2400
for chart in ("p", "u"):
    for settings in ({"baseline_points": 12}, {"freeze_points": [12]}):
        of, marked, signals = centre(chart, denominator="asked", **settings)
        assert marked == 12, "the baseline is marked"
        if abs(of - all_months) > 1e-12 or signals:
            sys.exit("It has changed: the centre line is that of the baseline.")
    centre(chart, denominator="asked")
PYTHON
