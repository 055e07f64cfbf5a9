#!/usr/bin/env bash
# uprime 1.2: the centre line of a u' chart gives a short month as much say as a full one.
#
# One would guess: as in Laney's paper and in every other package for u' charts, the centre is all
# incidents over all bed days.
#
# Seen: it is the plain mean of the months' rates. A ward that opened for its last 6 bed days of a month,
# with 1 incident, lifts the centre from 5.2 to 18.5 per 1,000 bed days, and the limits with it; all 11
# full months (2 to 5 incidents in 600 bed days) then stand below the line, which a reader takes for a
# run.
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

months = pd.DataFrame({
    "month": pd.date_range("2025-01-01", periods=12, freq="MS"),
    "incidents": [1, 3, 4, 2, 5, 3, 4, 2, 3, 3, 2, 2],
    "bed_days": [6] + [600] * 11,
})
chart = Uprime(months, "month", "incidents", "bed_days").frame()
centre = chart["ubar"].iloc[0] * 1000
weighted = months["incidents"].sum() / months["bed_days"].sum() * 1000
mean = (months["incidents"] / months["bed_days"]).mean() * 1000
below = int((chart["u_i"] < chart["ubar"]).sum())
print(f"centre {centre:.2f}, all incidents over all bed days {weighted:.2f}, mean of rates {mean:.2f}")
print(f"{below} of 12 months below the centre")
if not np.isclose(centre, mean) or np.isclose(centre, weighted) or below != 11:
    sys.exit("It has changed: the centre line is weighted by the bed days.")
PYTHON
