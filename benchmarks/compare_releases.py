"""Whether two releases hold the same figures, table by table.

    uv run python benchmarks/compare_releases.py OLD.duckdb NEW.duckdb [OLDNAME=NEWNAME ...]

For changes that must not change a figure: make the demo with both versions of the code and compare
the releases. When, by which code and of which things each was built is left out. Exits with 1 if a
table differs.
"""

import sys
from pathlib import Path

import duckdb

ABOUT_THE_BUILD = ("release_id", "built_at", "code_version", "archive_state")


def main(old: Path, new: Path, renamed: dict[str, str]) -> bool:
    """Print each table's rows and whether they are equal; True if all are."""
    with duckdb.connect() as connection:
        for name, path in (("old", old), ("new", new)):
            connection.execute(f"ATTACH '{path}' AS {name} (READ_ONLY)")
        before, after = (_tables(connection, name) for name in ("old", "new"))
        before = {renamed.get(table, table): table for table in before}
        equal = set(before) == set(after)
        print(f"tables: {len(before)} and {len(after)}, {'the same' if equal else 'NOT the same'}")
        for table in sorted(set(before) & set(after)):
            equal &= _compared(connection, before[table], table)
    return equal


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    found = (
        "SELECT concat_ws('.', nullif(schema_name, 'main'), table_name) FROM duckdb_tables() "
        "WHERE database_name = ? AND table_name NOT IN ('chain', 'keys')"
    )
    return [name for (name,) in connection.execute(found, [database]).fetchall()]


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    rows = connection.execute(f"DESCRIBE {table}").fetchall()
    return [(name, kind) for name, kind, *_ in rows if name not in ABOUT_THE_BUILD]


def _compared(connection: duckdb.DuckDBPyConnection, before: str, after: str) -> bool:
    columns = _columns(connection, f"old.{before}")
    if columns != _columns(connection, f"new.{after}"):
        print(f"{after:16} NOT the same columns")
        return False
    # Only a name that is a keyword needs its quotation marks, but all may have them.
    names = ", ".join(f'"{name}"' for name, _ in columns)
    missing, extra = (
        connection.execute(
            f"SELECT count(*) FROM (SELECT {names} FROM {one} "
            f"EXCEPT ALL SELECT {names} FROM {other})"
        ).fetchone()[0]
        for one, other in (
            (f"old.{before}", f"new.{after}"),
            (f"new.{after}", f"old.{before}"),
        )
    )
    rows = connection.execute(f"SELECT count(*) FROM new.{after}").fetchone()[0]
    differ = f"DIFFERS: {missing} rows only in the old, {extra} only in the new"
    print(f"{after:16} {rows:>8,} rows, {differ if missing or extra else 'equal'}")
    return not missing and not extra


if __name__ == "__main__":
    same = main(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        dict(pair.split("=") for pair in sys.argv[3:]),
    )
    sys.exit(not same)
