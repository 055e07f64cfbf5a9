#!/usr/bin/env bash
# abspc 1.1.0: one blank month makes a u chart take every count for a rate.
#
# One would guess: a month without a count is a gap, and the others stay what they were: counts over
# bed days, with the limits that they have when the row is left out.
#
# Seen: a column of whole numbers is taken for counts and a column of fractions for rates, and pandas
# stores whole numbers beside a blank as fractions. So the 15 counts left (2 to 9 in about 600 bed days)
# are drawn as 2 to 9 incidents per bed day around 3.4, and all 15 are outside the limits. With the row
# left out the same months are 0.003 to 0.015 around 0.006, and none is. Nothing warns of the unit: the
# one warning seen, if any, is numpy's about the blank.
#
# Exits with 1 if that changes.
set -euo pipefail
export UV_NO_CONFIG=1 # these releases, whatever the project prefers
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv -q --python 3.11 "$folder/venv"
uv pip install -q --python "$folder/venv/bin/python" abspc==1.1.0 numpy==2.4.6 pandas==2.3.3 \
    matplotlib==3.11.2
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import warnings

import abspc
import numpy as np
import pandas as pd

warnings.simplefilter("ignore", RuntimeWarning)

incidents = [3, 4, 2, 5, 3, 4, 3, 2, 4, 3, 5, 3, 4, 2, 9, 3]
bed_days = [600, 580, 610, 590, 605, 615, 598, 602, 600, 590, 610, 604, 600, 595, 607, 611]
months = pd.DataFrame({"value": incidents, "subgroup_size": bed_days})
blank = months.assign(value=months["value"].where(months.index != 5, np.nan))
left_out = months.drop(index=5).reset_index(drop=True)


def judged(data):
    chart = abspc.detect_special_causes(abspc.calculate_control_limits(data, "u"))
    print(chart[["value", "mean", "lcl", "ucl", "special_cause"]].round(4))
    return float(chart["mean"].iloc[0]), int(chart["special_cause"].sum())


centre, signals = judged(left_out)
assert round(centre, 4) == 0.0061 and signals == 0, "the chart without the row is a chart of rates"
centre, signals = judged(blank)
if round(centre, 2) != 3.43 or signals != 15:
    sys.exit("It has changed: counts beside a blank month are counts.")
PYTHON
