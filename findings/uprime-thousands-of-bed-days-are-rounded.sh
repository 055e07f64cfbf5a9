#!/usr/bin/env bash
# uprime 1.2: bed days given in thousands are rounded to whole thousands.
#
# One would guess: the denominator of a u or u' chart is an area of opportunity and may be any positive
# number, as 1.4 thousand bed days; the rate is the count divided by it.
#
# Seen: counts and denominators are rounded to whole numbers first. 3 incidents in 1.4 thousand bed days
# are a rate of 3.0 instead of 2.14; in 0.6 thousand 3.0 instead of 5.0; and a month of 0.4 thousand has an
# infinite rate, which makes the centre line and all limits infinite or "not a number". Nothing is said.
# Given in bed days, the same months are right.
#
# Exits with 1 if that changes.
set -euo pipefail
export UV_NO_CONFIG=1 # these releases, whatever the project prefers
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv -q --python 3.11 "$folder/venv"
uv pip install -q --python "$folder/venv/bin/python" uprime==1.2 numpy==2.4.6 pandas==2.3.3 \
    matplotlib==3.11.2
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import numpy as np
import pandas as pd
from uprime import Uprime

bed_days = np.array([1400, 1300, 600, 1450, 1350, 700, 1420, 1380, 1310, 640, 1440, 1330])
months = pd.DataFrame({
    "month": pd.date_range("2025-01-01", periods=12, freq="MS"),
    "incidents": [3, 4, 3, 2, 5, 3, 4, 2, 3, 1, 4, 3],
    "bed_days": bed_days,
    "thousands": bed_days / 1000,
})


def rates(denominator, data=months):
    of = Uprime(data, "month", "incidents", denominator).frame()
    print(of[["u_i", "ubar", "lcl", "ucl"]].round(4).head(4))
    return of


right = months["incidents"] / months["thousands"]
assert np.allclose(rates("bed_days")["u_i"] * 1000, right)
rounded = rates("thousands")["u_i"].to_numpy()
short = months.copy()
short.loc[2, "thousands"] = 0.4
centre = rates("thousands", short)["ubar"].iloc[0]
if not np.allclose(rounded, months["incidents"] / months["thousands"].round()) or np.isfinite(centre):
    sys.exit("It has changed: denominators are taken as they are.")
PYTHON
