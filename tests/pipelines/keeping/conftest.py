"""A home of one month, made once; `home` is a copy of it that a test may change."""

import pytest

from pipelines.keeping.home import Home
from tests import worlds


@pytest.fixture(scope="package")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A register, and one return of each trust with the attempts to send them."""
    home = worlds.empty_world(tmp_path_factory.mktemp("one-month") / "home")
    for trust in worlds.WARDS:
        worlds.send(home, trust, worlds.FIRST)
    return home
