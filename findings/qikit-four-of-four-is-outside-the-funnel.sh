#!/usr/bin/env bash
# clinical-qikit 0.5.0: in a funnel of proportions every small unit with 100% is outside the 99.8%
# limits.
#
# One would guess: an exact 99.8% limit is passed by one unit in a thousand on either side. Four of
# four, where 90% is usual, happens by chance alone two times in three, and can't be outside.
#
# Seen: the limit is interpolated between the exact binomial quantiles of counts (Spiegelhalter 2005,
# appendix A.1.1). For a unit of four that gives 0.9996, just under the highest proportion there can
# be, so 4 of 4 (probability 0.64) is flagged as `sigma_signal`, and so is every other unit with
# 100%: 5 of these 12. For the same reason `min_detectable` says that four answers would find out a
# unit whose true rate is 95%. As a line to look at nothing is wrong with the contour; a point has to
# be judged by its tail probability.
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

yes = np.array([4, 3, 5, 2, 4, 6, 5, 3, 4, 9, 8, 7])
asked = np.array([4, 4, 5, 3, 4, 7, 5, 4, 4, 10, 9, 8])
rows = qic(
    x=list("ABCDEFGHIJKL"), y=yes, n=asked, chart="p", funnel=True, y_percent=False
).data.set_index("x")
chance = (yes.sum() / asked.sum()) ** 4
print(rows[["y", "cl", "ucl", "min_detectable", "sigma_signal"]])
print("4 of 4 by chance alone:", chance)

assert round(chance, 2) == 0.64
assert 0.999 < rows.loc["A", "ucl"] < 1.0
assert sorted(rows.index[rows["sigma_signal"]]) == sorted(rows.index[rows["y"] == 1.0])
assert rows["sigma_signal"].sum() == 5
assert rows.loc["A", "min_detectable"] < 0.95
PYTHON
