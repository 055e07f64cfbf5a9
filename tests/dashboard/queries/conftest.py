"""The tiny release, whose answers are known, as the programme team sees it; and tables by hand."""

from collections.abc import Mapping
from typing import Any

import duckdb
import pytest

from dashboard import store
from dashboard.access import Scope
from schemas.release import TABLES
from tests.dashboard import tiny_release

TEAM = Scope("programme", frozenset(), "team@example.org", "Team")


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    release = tiny_release.write(tmp_path_factory.mktemp("home"))
    return store.cursor(release, TEAM)


class Holding(store.Reading):
    """A reading of a few rows: `trusts=[{...}]`. What a row doesn't say is empty."""

    def __init__(self, **rows: list[Mapping[str, Any]]) -> None:
        self._rows = rows
        super().__init__(duckdb.connect())

    def _make_table(self, name: str) -> None:
        rows = tiny_release.frame(TABLES[name], self._rows.get(name, []))
        self._connection.register("rows", rows)
        self._connection.execute(f"CREATE TABLE main.{name} AS FROM rows")
        self._connection.unregister("rows")
