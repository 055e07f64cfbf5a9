"""How long it takes to open what one trust may see, against copying the whole release.

    uv run python benchmarks/open_scope.py HOME

All is done in turn in the same run; what counts is the ratio of the medians. A scope's tables are
copied when a query first names them, so its first screen and all its tables are measured as well.
"""

import sys
from pathlib import Path
from statistics import median
from time import process_time

import duckdb

from dashboard import store
from dashboard.access import Scope
from schemas.release import TABLES

RUNS = 20
FIRST_SCREEN = ("measures", "release", "returns", "queries", "signals", "latest_wards")


def main(home: Path) -> None:
    """Print the median times in milliseconds of processor, and their ratios."""
    release = store.current(home / "releases")
    trusts = store.people(release).filter(role="trust")["trusts"].drop_nulls()
    scope = Scope("trust", frozenset(trusts[0].split()), "benchmark@example.org", "Benchmark")
    store.open(release, scope).close()
    ways = {
        "open": lambda: store.open(release, scope),
        "open, and read its first screen's tables": lambda: _read(release, scope, FIRST_SCREEN),
        "open, and read every table": lambda: _read(release, scope, tuple(TABLES)),
        "copy the whole release": lambda: _everything(release),
    }
    times = {what: [] for what in ways}
    for _ in range(RUNS):
        for what, way in ways.items():
            times[what].append(_time(way))
    copied = median(times["copy the whole release"])
    print(f"the scope of {' '.join(sorted(scope.trusts))}, against copying the whole release:")
    for what, taken in times.items():
        print(f"{what}: {median(taken) * 1000:.0f} ms, ratio {median(taken) / copied:.2f}")


def _time(action) -> float:
    began = process_time()
    action().close()
    return process_time() - began


def _read(release: Path, scope: Scope, tables: tuple[str, ...]):
    connection = store.open(release, scope)
    for table in tables:
        connection.execute(f"FROM {table} LIMIT 0").fetchall()
    return connection


def _everything(release: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    connection.execute("ATTACH ? AS release (READ_ONLY)", [str(release)])
    for table in TABLES:
        connection.execute(f"CREATE TABLE main.{table} AS FROM release.{table}")
    return connection


if __name__ == "__main__":
    main(Path(sys.argv[1]))
