#!/usr/bin/env bash
# moderndid 0.2.0 (what pip takes on Python 3.11): weights move the effects of groups and times, and
# are then dropped when these are averaged.
#
# One would guess: with `weightsname=`, `aggte(type="simple")` averages the effects of groups and
# times by the weight of each group, and a group of counties ten times as heavy counts ten times as
# much.
#
# Seen, on the real mpdta rows that it ships: each effect is estimated with the weights, but groups
# are averaged by their number of counties. Those that began in 2004 weigh ten here, all others one.
# Within a group and against the never treated nothing changes, so the right average can be worked out
# by hand from its own effects: -0.0683 (csdid 0.4.3 says the same). It says -0.0400, as without
# weights, to the last digit, and warns of nothing.
#
# Exits with 1 if that changes.
set -euo pipefail
export UV_NO_CONFIG=1 # these releases, whatever the project prefers
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv -q --python 3.11 "$folder/venv"
uv pip install -q --python "$folder/venv/bin/python" moderndid==0.2.0 formulaic==1.2.2 \
    interface-meta==2.0.1 narwhals==2.29.0 numpy==2.4.6 packaging==26.4 pandas==3.1.1 patsy==1.0.3 \
    polars==2.1.0 polars-runtime-32==2.1.0 prettytable==3.18.0 pyarrow==26.0.1 \
    python-dateutil==4.0.0 scipy==1.17.1 statsmodels==0.15.0 typing-extensions==4.16.0 \
    tzdata==2026.6 wcwidth==0.9.4 wrapt==2.5.2
"$folder/venv/bin/python" - <<'PYTHON'
import warnings

import moderndid as did
import polars as pl

rows = did.load_mpdta().with_columns(
    weight=pl.when(pl.col("first.treat") == 2004).then(10.0).otherwise(1.0)
)
names = {"yname": "lemp", "tname": "year", "idname": "countyreal", "gname": "first.treat"}


def simple(**weights):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        effects = did.att_gt(rows, est_method="dr", **names, **weights)
        average = did.aggte(effects, type="simple").overall_att
    assert not [one for one in told if "weight" in str(one.message).lower()]
    return effects, float(average)


plain, without = simple()
effects, with_weights = simple(weightsname="weight")

of_group = rows.filter(pl.col("year") == 2003).group_by("first.treat").agg(pl.col("weight").sum())
weight = dict(of_group.iter_rows())
treated = [
    (weight[group], effect)
    for group, time, effect in zip(effects.groups, effects.times, effects.att_gt, strict=True)
    if time >= group
]
by_hand = sum(w * effect for w, effect in treated) / sum(w for w, _ in treated)
print("without weights", without, "with weights", with_weights, "by hand", by_hand)

assert round(without, 4) == -0.0400
assert round(by_hand, 4) == -0.0683
assert abs(with_weights - without) < 1e-12
PYTHON
