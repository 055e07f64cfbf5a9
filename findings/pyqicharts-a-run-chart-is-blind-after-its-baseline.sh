#!/usr/bin/env bash
# pyqicharts 2.0.0: a run chart with a baseline never looks at the months after it.
#
# One would guess: with `baseline_points=12` the median comes from the first 12 months and the rules look
# at all months, so that a lasting change afterwards is an unusually long run; that is what a baseline
# is for.
#
# Seen: the Anhøj rules are given the 12 months of the baseline and nothing else, and their verdict is
# written beside every month of the chart. Twelve months in a row below the median are no signal; the
# same chart without a baseline calls a signal. Turned round, a baseline with a long run marks all later
# months, ordinary ones too, as signals.
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

ordinary = [90, 86, 91, 85, 92, 87, 90, 84, 91, 86, 93, 87]
below = [70, 74, 69, 72, 75, 71, 70, 73, 72, 74, 69, 71]
run = [86, 85, 84, 85, 86, 84, 91, 92, 93, 91, 92, 90]


def signals(values, **settings):
    months = pd.DataFrame({"month": range(1, len(values) + 1), "safe": values})
    flags = qic_table(months, "month", "safe", chart="run", **settings)["signal"].tolist()
    print(settings, [month for month, flag in enumerate(flags, 1) if flag])
    return flags


assert all(signals(ordinary + below)), "without a baseline the change is a signal"
assert all(signals(run)), "a year that only rises is a signal"
after = signals(ordinary + below, baseline_points=12)
turned = signals(run + ordinary, baseline_points=12)
if any(after) or not all(turned):
    sys.exit("It has changed: the rules look at the months after a baseline.")
PYTHON
