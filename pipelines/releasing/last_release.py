"""What a new release may take over from the last one: rows made from exactly the same things.

A release file also says, in a schema of its own (`WORKINGS`), what its rows were made from: a
fingerprint (`key`) for each part that is worked out by itself. A part whose key is the same today
has the same rows however often they are worked out.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

WORKINGS = "workings"
KEYS = f"{WORKINGS}.keys"
CHAIN = "chain"  # beside the tables of a release: how far the archive had come
FEW_ROWS: dict[str, Any] = {"threads": 1}  # of DuckDB: for few rows, another costs more
Part = tuple[str, str]  # the stage and its part: ("trust", "Z01")
Keys = dict[Part, str]


class UnreadableRelease(RuntimeError):
    """The last release can't be read; nothing can be taken over from it."""


@dataclass(frozen=True)
class LastRelease:
    """The release in use; without a file, there is none."""

    path: Path | None = None

    @cached_property
    def keys(self) -> Keys:
        """The key of each of its parts."""
        if self.path is None:
            return {}
        named = self.rows(KEYS).select("stage", "part", "key")
        return {(stage, part): key for stage, part, key in named.iter_rows()}

    @cached_property
    def returns_in_use(self) -> set[tuple[str, str]]:
        """The id and the hash of each return whose cells it holds."""
        if self.path is None:
            return set()
        active = self.rows("returns", "status = 'active'").select("return_id", "sha256")
        return set(active.iter_rows())

    def rows(
        self,
        table: str,
        where: str = "true",
        columns: str = "*",
        among: pl.DataFrame | None = None,
        **parameters: object,
    ) -> pl.DataFrame:
        """Rows of a table, in its order; raises UnreadableRelease if it can't be read.

        With `among`, only rows that have the values of one of its rows, in any order.
        """
        query = f"SELECT {columns} FROM {table}"  # noqa: S608 - constants of this package
        if among is not None:
            query += f" SEMI JOIN among USING ({', '.join(among.columns)})"
        try:
            if among is not None:
                self._connection.register("among", among)
            return self._connection.sql(f"{query} WHERE {where}", params=parameters or None).pl()
        except duckdb.Error as error:
            raise UnreadableRelease(str(error)) from error

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        if self.path is None:
            raise UnreadableRelease("There is no last release.")
        connection = duckdb.connect(config=FEW_ROWS)
        connection.execute("ATTACH ? AS last_release (READ_ONLY)", [str(self.path)])
        connection.execute("USE last_release")
        return connection

    def close(self) -> None:
        """Let go of the file, if it was read."""
        if "_connection" in self.__dict__:
            self._connection.close()

    def changed(self, keys: Keys, stage: str) -> set[str]:
        """The parts of a stage whose key is another one today, and those that are no more."""
        before, today = (
            {part: key for (of, part), key in held.items() if of == stage}
            for held in (self.keys, keys)
        )
        return {part for part in {*before, *today} if before.get(part) != today.get(part)}

    def holds(self, keys: Keys, part: Part) -> bool:
        """Whether it has this very part: made from the same things as it would be today."""
        return self.path is not None and self.keys.get(part) == keys[part]

    def keys_of(self, stage: str, parts: Collection[str] | None = None) -> Keys:
        """Its keys of a stage: of all parts, or of some."""
        return {
            (of, part): key
            for (of, part), key in self.keys.items()
            if of == stage and (parts is None or part in parts)
        }


NOTHING = LastRelease()
