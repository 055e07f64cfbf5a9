"""A release in which wards have started something, and its screens."""

import pytest

from dashboard.page import session
from tests.dashboard import started_release, tiny_release
from tests.dashboard.tiny_release import TODAY


@pytest.fixture(scope="package")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("started")
    tiny_release.write(home, started_release.tables())
    return home


@pytest.fixture
def visit(folder, monkeypatch, open_screen):
    monkeypatch.setenv("FEELING_SAFE_HOME", str(folder))
    monkeypatch.setattr(session, "today", lambda: TODAY)
    return open_screen
