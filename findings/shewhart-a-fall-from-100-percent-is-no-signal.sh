#!/usr/bin/env bash
# shewhart 0.1.1: after a year of 100%, a fall to 50% is no signal on a Laney p' chart.
#
# One would guess: with limits frozen over months in which everybody said yes, a month in which half did
# is outside them, as on a p chart; or the chart is refused, as `laney_p` refuses other series without
# variation ("sigma_z is zero ... the classic chart is the right tool").
#
# Seen: 0 divided by 0 makes sigma_z "not a number", which passes the refusal, as it isn't 0 or less.
# The limits of that year and of all later months are missing, and no month is ever flagged. `p_chart`
# flags both months of 50%; a steady 6 of 12 is refused by `laney_p` as intended. The only trace is a
# RuntimeWarning of numpy when the baseline is made, and none when it is used.
#
# Exits with 1 if that changes.
set -euo pipefail
export UV_NO_CONFIG=1 # these releases, whatever the project prefers
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv -q --python 3.11 "$folder/venv"
uv pip install -q --python "$folder/venv/bin/python" shewhart==0.1.1 numpy==2.4.6 pandas==2.3.3 \
    scipy==1.17.1 matplotlib==3.11.2
"$folder/venv/bin/python" - <<'PYTHON'
import warnings

import numpy as np
import shewhart

asked = np.array([12, 15, 11, 14, 13, 12, 15, 10, 12, 14, 13, 12])
later, yes = np.array([12, 12, 14]), np.array([12, 6, 7])


def flagged(chart):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        year = chart(asked, size=asked)
        made = len(caught)
        after = chart(yes, size=later, limits=year.baseline)
    print(chart.__name__, after.table[["proportion", "lcl", "ucl", "signal"]], sep="\n")
    return after.table["signal"].tolist(), after.table["lcl"].tolist(), made, len(caught) - made


signal, lower, *warned = flagged(shewhart.laney_p)
assert signal == [False, False, False] and np.isnan(lower).all() and warned == [1, 0]

signal, lower, *_ = flagged(shewhart.p_chart)
assert signal == [False, True, True] and lower == [1.0, 1.0, 1.0]

try:
    shewhart.laney_p(np.full(12, 6), size=np.full(12, 12))
except ValueError as refused:
    assert "sigma_z is zero" in str(refused)
else:
    raise SystemExit("a steady 6 of 12 is no longer refused")
PYTHON
