#!/usr/bin/env bash
# clinical-qikit 0.5.0: a g chart has several times the false alarms of the one it mirrors.
#
# One would guess: `qic(chart="g")` "mirrors R's qicharts2", which draws the median as the centre line
# and makes the limits from the mean: mean ± 3 √(mean (mean + 1)), as Montgomery has it, because that
# root is the standard deviation of a geometric count around its mean.
#
# Seen: the limits, too, are made from the median, which for a geometric count is about 0.7 of the
# mean. Of 300 series of noise (24 counts of days between events, one event in 50 days), 6% of the
# points are above its upper limit; above the one from the mean, 1.6%. A good long time between
# events is called special four times too often.
#
# Exits with 1 if that changes.
set -euo pipefail
export UV_NO_CONFIG=1 # these releases, whatever the project prefers
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv -q --python 3.11 "$folder/venv"
uv pip install -q --python "$folder/venv/bin/python" clinical-qikit==0.5.0 \
    narwhals==2.29.0 numpy==2.4.6 packaging==26.4 pandas==3.1.1 plotly==7.1.0 \
    python-dateutil==4.0.0 tzdata==2026.6
"$folder/venv/bin/python" - <<'PYTHON'
import numpy as np
from qikit import qic

random = np.random.default_rng(20261129)
above_theirs, above_published, points = 0, 0, 0
for _ in range(300):
    days = random.geometric(0.02, 24) - 1
    upper = qic(y=days, chart="g").data["ucl"].iloc[0]
    middle, mean = np.median(days), days.mean()
    assert np.isclose(upper, middle + 3 * np.sqrt(middle * (middle + 1)))
    above_theirs += int((days > upper).sum())
    above_published += int((days > mean + 3 * np.sqrt(mean * (mean + 1))).sum())
    points += len(days)
print(f"above: {above_theirs / points:.3f} of points; by limits from the mean {above_published / points:.3f}")

assert 0.05 < above_theirs / points < 0.07
assert 0.01 < above_published / points < 0.02
PYTHON
