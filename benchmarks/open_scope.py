"""How long it takes to open what one trust may see, against copying the whole release.

    uv run python benchmarks/open_scope.py HOME

Both are done in turn in the same run; what counts is the ratio of their medians.
"""

import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import duckdb

from dashboard import store
from dashboard.access import Scope
from schemas.release import TABLES

RUNS = 20


def main(home: Path) -> None:
    """Print the median times in milliseconds and their ratio."""
    release = store.current(home / "releases")
    trusts = store.people(release).filter(role="trust")["trusts"].drop_nulls()
    scope = Scope("trust", frozenset(trusts[0].split()), "benchmark@example.org", "Benchmark")
    pairs = [(_time(store.open, release, scope), _time(_everything, release)) for _ in range(RUNS)]
    opened, copied = (median(times) * 1000 for times in zip(*pairs, strict=True))
    print(f"open the scope of {' '.join(sorted(scope.trusts))}: {opened:.0f} ms")
    print(f"copy the whole release: {copied:.0f} ms")
    print(f"ratio: {opened / copied:.2f}")


def _time(action, *arguments) -> float:
    began = perf_counter()
    action(*arguments).close()
    return perf_counter() - began


def _everything(release: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    connection.execute("ATTACH ? AS release (READ_ONLY)", [str(release)])
    for table in TABLES:
        connection.execute(f"CREATE TABLE main.{table} AS FROM release.{table}")
    return connection


if __name__ == "__main__":
    main(Path(sys.argv[1]))
