"""Homes that commands are tried on."""

import shutil
from pathlib import Path

import pytest

from pipelines.keeping.home import Home
from tests import worlds


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    """A copy of the small demonstration that a test may change."""
    return Path(shutil.copytree(demo_home, tmp_path / "home"))


@pytest.fixture(scope="session")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two months of returns, never to close; only read it."""
    always_open = {"deadlines": {"closed_working_days": 9000, "locked_working_days": 9001}}
    root = tmp_path_factory.mktemp("watched") / "home"
    return worlds.small_world(root, worlds.FIRST, worlds.FIRST + 1, **always_open)
