"""The tiny release, whose answers are known, as the programme team sees it."""

import pytest

from dashboard import store
from dashboard.access import Scope
from tests.dashboard import tiny_release

TEAM = Scope("programme", frozenset(), "team@example.org", "Team")


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    release = tiny_release.write(tmp_path_factory.mktemp("home"))
    return store.cursor(release, TEAM)
