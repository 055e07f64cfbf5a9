"""The tiny programme of `tests/worlds.py`, made once for reading and copied for writing."""

import shutil
from pathlib import Path

import pytest

from pipelines.keeping.home import Home
from pipelines.releasing.build import build
from tests import worlds


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Every return of fourteen months and the release made of them; only read it."""
    home = worlds.small_world(tmp_path_factory.mktemp("small") / "home")
    build(home, worlds.received(worlds.LAST))
    return home


@pytest.fixture
def own_home(small_home: Home, tmp_path: Path) -> Home:
    """A copy of the small home that the test may change."""
    return Home(Path(shutil.copytree(small_home.root, tmp_path / "home")))
