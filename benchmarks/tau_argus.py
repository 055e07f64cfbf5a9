"""Asks Tau-Argus (pytauargus) which figures to hide, under rules given figure by figure.

Its optimal method takes any set of sums: for each count its value, its price if hidden, the range
that a reader knows it to be in, and how far from the value that range has to stay open. A figure
that is shown rounded is written as three counts: the exact one, the figure that may be hidden, and
the difference between the two, of which a reader knows no more than the range that rounding leaves.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

FAR = 1e6  # beyond any count
_SOLVE = """
import json, sys
from pytauargus._tauargus import HiTaSCtrl
for table in json.loads(sys.argv[1]):
    print(table, HiTaSCtrl().full_jj(table, table + ".hidden", int(sys.argv[2])), flush=True)
"""


@dataclass
class Table:
    """Counts and sums for Tau-Argus to solve; `figures` has the keys of what it may hide."""

    counts: list[tuple[float, float, str, float, float, float, float]] = field(default_factory=list)
    sums: list[list[tuple[int, int]]] = field(default_factory=list)
    figures: dict[int, int] = field(default_factory=dict)

    def hidden(self, value: float, known: tuple[float, float], open_to: tuple[float, float]) -> int:
        """A count that is hidden: what is known of it anyway, and the range that must stay open."""
        low, high = known
        least, most = open_to
        self.counts.append((value, 0, "u", low, high, value - least, most - value))
        return len(self.counts) - 1

    def shown(
        self, key: int, value: float, price: float, known: tuple[float, float], may: bool = True
    ) -> int:
        """A count whose figure is shown, unless Tau-Argus `may` hide it and does.

        Rounding leaves the count `known`.
        """
        low, high = known
        safe = "s" if may else "z"
        if low == high:
            self.figures[len(self.counts)] = key
            self.counts.append((value, price, safe, 0, FAR, 0, 0))
            return len(self.counts) - 1
        exact = self.hidden(value, (0, FAR), (value, value))
        self.figures[len(self.counts)] = key
        self.counts.append((value, price, safe, 0, FAR, 0, 0))
        rest = self.hidden(0, (low - value, high - value), (0, 0))
        self.sums.append([(exact, -1), (exact + 1, 1), (rest, 1)])
        return exact

    def by_figure(self) -> "Table":
        """The same table, but every figure that may be hidden costs the same."""
        priced = [
            (value, 1, *others) if i in self.figures else (value, price, *others)
            for i, (value, price, *others) in enumerate(self.counts)
        ]
        return Table(priced, self.sums, self.figures)

    def text(self) -> str:
        """The table as its solver reads it."""
        counts = (f"{i} {' '.join(_word(w) for w in c)} 0" for i, c in enumerate(self.counts))
        sums = (f"0 {len(s)} : {' '.join(f'{i} ({times})' for i, times in s)}" for s in self.sums)
        return "\n".join(["0", str(len(self.counts)), *counts, str(len(self.sums)), *sums, ""])


def _word(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def optimal(tables: list[Table], seconds: int = 60) -> list[set[int] | None]:
    """For each table the figures that it hides so that the least is lost; None if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}" for number, _ in enumerate(tables)]
        for path, table in zip(paths, tables, strict=True):
            path.write_text(table.text())
        names = json.dumps([str(path) for path in paths])
        command = [sys.executable, "-c", _SOLVE, names, str(seconds)]
        # Its last words may be a fault of its own: what it had solved by then counts.
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
        codes = dict(line.rsplit(" ", 1) for line in run.stdout.splitlines() if line[:1] == "/")
        found: list[set[int] | None] = []
        for path, table in zip(paths, tables, strict=True):
            done = codes.get(str(path)) == "0"
            hidden = Path(f"{path}.hidden").read_text().split() if done else []
            chosen = {table.figures[int(i)] for i in hidden if int(i) in table.figures}
            found.append(chosen if done else None)
        return found
