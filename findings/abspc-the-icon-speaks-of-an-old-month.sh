#!/usr/bin/env bash
# abspc 1.1.0: a measure's icon is decided by its last signal, however long ago it was.
#
# One would guess: as in Making Data Count and in NHSRplotthedots, which it follows rule for rule, the
# variation icon speaks of the latest month: common cause, if that month is no signal.
#
# Seen: `determine_variation_type` and `show_summary` take the last signalled month of the whole chart.
# One month outside the limits, followed by 30 ordinary ones, is "Special-cause variation — Concern
# (high)" two and a half years later, and stays so for as long as the month is in the data. Filter to the
# months since and the same ward is common cause.
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

import abspc
import pandas as pd

since = [51, 49, 50, 53, 50, 48, 52, 49, 51, 50] * 3
months = pd.DataFrame({"value": [50, 52, 48, 72, *since]})


def summary(data):
    said = abspc.show_summary(data, "XmR", improvement_direction="low")
    print(len(data), "months:", said["variation"], [point["index"] for point in said["signal_points"]])
    return said["variation"], [point["index"] for point in said["signal_points"]]


assert summary(months.tail(30).reset_index(drop=True)) == ("Common-cause variation", [])
variation, signals = summary(months)
assert signals == [3], "only the fourth month of 34 is a signal"
if variation != "Special-cause variation — Concern (high)":
    sys.exit("It has changed: the icon speaks of the latest month.")
PYTHON
