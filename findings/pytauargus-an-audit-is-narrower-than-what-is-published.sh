#!/usr/bin/env bash
# pytauargus 0.6.0 (Tau-Argus with an open solver): the bounds of its audit aren't those that a reader
# of the published table can work out.
#
# One would guess: `audit` "calculates realised lower and upper bounds consistent with the published
# totals", so they are the least and the most that a hidden cell can be, and depend on what is
# published alone.
#
# Seen: of a table of nine cells and its totals four cells are hidden. A hidden 3 is "2 to 15" for the
# audit; the published figures allow 0 to 18, by a linear programme over the same totals. All four cells
# are narrower than they should be. With a wider margin in the safety rule exactly the same cells are
# hidden, so a reader knows exactly the same, but the audit's bounds are others ("1 to 15"): they
# move with the hidden values and the rule. Bounds that prove a table safe have to be worked out apart.
#
# Exits with 1 if that changes.
set -euo pipefail
export UV_NO_CONFIG=1 # these releases, whatever the project prefers
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv venv -q --python 3.11 "$folder/venv"
uv pip install -q --python "$folder/venv/bin/python" pytauargus==0.6.0 numpy==2.4.6 scipy==1.17.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import tempfile

import numpy as np
from pytauargus import protect
from scipy.optimize import linprog

PEOPLE = {"N": (3, 20, 30), "S": (15, 18, 25), "W": (40, 22, 35)}
KINDS = ("a", "b", "c")
ONE_EACH = [(r, k) for r, row in PEOPLE.items() for k, n in zip(KINDS, row) for _ in range(n)]


def protected(rule):
    """The cells as published (None where hidden), and the audit's bounds by value."""
    regions, kinds = zip(*ONE_EACH)
    people = {"region": regions, "kind": kinds, "people": [1] * len(ONE_EACH)}
    with tempfile.TemporaryDirectory() as folder:
        made = protect(
            {name: list(column) for name, column in people.items()},
            ["region", "kind"],
            "people",
            safety_rules=rule,
            suppress="OPT(1)",
            workdir=folder,
        )
        bounds = {row["value"]: (row["min"], row["max"]) for row in made.engine.audit(0)}
        shown = made.tables[0].safe(None)
    return [None if n is None or n != n else n for n in shown], bounds


def readers(shown):
    """The least and the most each hidden cell can be, from the totals and nothing else."""
    table = np.array([[np.nan if n is None else n for n in row] for row in np.reshape(shown, (4, 4))])
    hidden = [tuple(at) for at in np.argwhere(np.isnan(table))]
    sums, totals = [], []
    for at in range(1, 4):
        for line, holds in ((table[at], 0), (table[:, at], 1)):
            sums.append([float(cell[holds] == at) for cell in hidden])
            totals.append(line[0] - np.nansum(line[1:]))
    found = {}
    for number, (row, column) in enumerate(hidden):
        ask = np.eye(len(hidden))[number]
        ends = [sign * linprog(sign * ask, A_eq=sums, b_eq=totals).fun for sign in (1, -1)]
        found[PEOPLE["NSW"[row - 1]][column - 1]] = tuple(round(end, 6) for end in ends)
    return found


shown, audited = protected("FREQ(5,30)")
again, wider = protected("FREQ(5,60)")
known = readers(shown)
for value, (least, most) in known.items():
    print(f"hidden {value}: audit {audited[value]}, wider margin {wider[value]}, reader {least, most}")

assert shown == again and shown.count(None) == 4
assert known == {3: (0, 18), 20: (5, 23), 15: (0, 18), 18: (15, 33)}
assert audited[3] == (2, 15) and wider[3] == (1, 15)
for value, (least, most) in known.items():
    assert least < audited[value][0] and audited[value][1] < most
PYTHON
