#!/usr/bin/env bash
# pycontrolcharts 0.1.2: whether six rising points are a trend depends on where zero is.
#
# One would guess: its test 3, "6 consecutive increasing points" (Nelson, 1984: six points in a row
# steadily increasing or decreasing), finds any six rising points, and charting the same temperatures
# in Celsius or in kelvin finds the same trends.
#
# Seen: it counts steps, not points, so six rising points in the middle of a series are no trend, and
# of seven the first isn't marked. But the first value of a series counts as a step up if it is above
# 0, and as a step down if it is below. Six rising points at the start are a trend if they are
# positive and none if they are negative; six falling ones the other way round.
#
# Exits with 1 if that changes.
set -euo pipefail
export UV_NO_CONFIG=1 # these releases, whatever the project prefers
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv -q --python 3.11 "$folder/venv"
uv pip install -q --python "$folder/venv/bin/python" pycontrolcharts==0.1.2 \
    numpy==2.4.6 pandas==3.1.1 python-dateutil==4.0.0 tzdata==2026.6
"$folder/venv/bin/python" - <<'PYTHON'
import pycontrolcharts as pc

RISING, FALLING = 5, 6  # the codes of its violations


def marked(values, kind):
    told = pc.calc_xmr(values)["violations"]
    found = [at for at, one in enumerate(told) if any(each["type"] == kind for each in one)]
    print(values[:10], "...", found)
    return found


calm = [50, 48, 51, 49, 50, 48, 51, 49]
six, seven = [46, 47, 48, 49, 50, 51], [45, 46, 47, 48, 49, 50, 51]

assert marked([50, 48, *six, *calm], RISING) == []
assert marked([50, 48, *seven, *calm], RISING) == [3, 4, 5, 6, 7, 8]

assert marked([*six, 49, *calm], RISING) == [0, 1, 2, 3, 4, 5]
assert marked([value - 100 for value in [*six, 49, *calm]], RISING) == []
assert marked([*six[::-1], 48, *calm], FALLING) == []
assert marked([value - 100 for value in [*six[::-1], 48, *calm]], FALLING) == [0, 1, 2, 3, 4, 5]
PYTHON
