"""The small demo as the promises look at it: its home, its release, its people."""

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from dashboard import access, store
from dashboard.access import Scope
from pipelines.keeping.home import Home, open_home
from tests.released import tables_of


@pytest.fixture(scope="session")
def home(demo_home: Path) -> Home:
    """The demo; only read it."""
    return open_home(demo_home)


@pytest.fixture
def own_home(demo_home: Path, tmp_path: Path) -> Home:
    """A copy of the demo that the test may write to."""
    return open_home(shutil.copytree(demo_home, tmp_path / "home"))


@pytest.fixture(scope="session")
def release(home: Home) -> Path:
    return store.current(home.releases)


@pytest.fixture(scope="session")
def tables(release: Path) -> dict[str, pl.DataFrame]:
    """Every table of the release, whole."""
    return tables_of(release)


@pytest.fixture(scope="session")
def today(tables: dict[str, pl.DataFrame]) -> date:
    return tables["release"]["built_at"][0].date()


@pytest.fixture(scope="session")
def scopes(tables: dict[str, pl.DataFrame], today: date) -> list[Scope]:
    """Everyone in the register who has access today."""
    people = tables["people"]
    found = [access.resolve(email, people, today) for email in people["email"].unique().sort()]
    return [scope for scope in found if scope]
