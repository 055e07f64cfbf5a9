#!/usr/bin/env bash
# controlchartspy 0.1.3 (the engine of PowerBI-SPC): one event in two years, and every month is a
# special cause.
#
# One would guess: an individuals chart of 24 months with one event in one month has wide limits and
# flags that month or none. All the other months are alike, so none of them can stand out.
#
# Seen: moving ranges of 3.267 times their mean or more are left out of the limits, as published for
# outliers. Here the two ranges beside the event are the only ones that aren't 0. Both are left out,
# the mean of the rest is 0, both limits equal the centre (0.0417), and all 24 points are outside
# them: 23 below and 1 above. No warning. With two events in months apart it is the same; with the
# engine's `outliers_in_limits` the limits are sensible, and only the event is outside.
#
# Exits with 1 if that changes.
set -euo pipefail
export UV_NO_CONFIG=1 # these releases, whatever the project prefers
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv -q --python 3.11 "$folder/venv"
uv pip install -q --python "$folder/venv/bin/python" controlchartspy==0.1.3 quickjs-ng==0.17.0.2
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date

from controlchartspy import spc


def chart(events, outliers_in_limits):
    months = [date(2024 + at // 12, at % 12 + 1, 1) for at in range(24)]
    counts = [1 if at in events else 0 for at in range(24)]
    rows = spc(
        data={"month": months, "count": counts},
        keys="month",
        numerators="count",
        spc_settings={"outliers_in_limits": outliers_in_limits},
        outlier_settings={"astronomical": True},
        return_objs="limits",
    ).limits
    outside = sum(row["astpoint"] != "none" for row in rows)
    print(events, "limits", rows[0]["ll99"], rows[0]["ul99"], "outside", outside)
    return rows[0]["ll99"], rows[0]["target"], rows[0]["ul99"], outside


assert chart({11}, False) == (1 / 24, 1 / 24, 1 / 24, 24)
assert chart({5, 17}, False) == (2 / 24, 2 / 24, 2 / 24, 24)
low, centre, high, outside = chart({11}, True)
assert low < centre < high
assert outside == 1
PYTHON
