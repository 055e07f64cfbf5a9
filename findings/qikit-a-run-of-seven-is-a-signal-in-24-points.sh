#!/usr/bin/env bash
# clinical-qikit 0.5.0: Anhøj's run rule, up to two points too early.
#
# One would guess: `qic()` "mirrors R's qicharts2 ... same run-chart signal detection", so a run
# chart of 24 useful points signals from a run of 9 on. Anhøj and Olesen (2014): more than log₂(n) + 3
# points, rounded to the nearest whole number; for n = 24 that is more than 8.
#
# Seen: it takes floor(log₂ n) + 3 and signals at that length already, which is 7 for n = 24. Of 2,000
# series of noise, 24 points each, its run rule calls 107 a shift, and the published one 4. The median,
# the longest run and the crossings are counted alike.
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
from math import log2

import numpy as np
from qikit import qic

seven = [1, 9, 2, 8, 3, 9, 1, 2, 3, 1, 2, 3, 1, 8, 9, 7, 8, 2, 9, 1, 8, 9, 7, 8]
one = qic(y=np.array(seven, dtype=float), chart="run").summary
print(one)
assert (one["n_useful"], one["longest_run"]) == (24, 7)
assert one["run_threshold"] == 7
assert one["run_signal"]
assert not one["longest_run"] > round(log2(24) + 3)

noise = np.random.default_rng(1).normal(size=(2000, 24))
told = [qic(y=series, chart="run").summary for series in noise]
theirs = sum(bool(each["run_signal"]) for each in told)
published = sum(each["longest_run"] > round(log2(each["n_useful"]) + 3) for each in told)
print("runs called signals:", theirs, "by the published rule:", published)
assert (theirs, published) == (107, 4)
PYTHON
