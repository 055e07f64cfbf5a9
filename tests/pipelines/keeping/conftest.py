"""A home of one month, for tests that change it."""

from pathlib import Path

import pytest

from pipelines.keeping.home import Home
from tests import worlds


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A register, and one return of each trust with the attempts to send them."""
    home = worlds.empty_world(tmp_path / "home")
    for trust in worlds.WARDS:
        worlds.send(home, trust, worlds.FIRST)
    return home
