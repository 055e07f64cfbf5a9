"""A screen over the tiny release, opened as one of its persons."""

import pytest

from dashboard.page import session
from tests.dashboard import tiny_release
from tests.dashboard.screens.opening import Visit
from tests.dashboard.tiny_release import TODAY


@pytest.fixture(scope="session")
def tiny_home(tmp_path_factory):
    """The tiny release's home; only read it."""
    folder = tmp_path_factory.mktemp("home")
    tiny_release.write(folder)
    return folder


@pytest.fixture
def visit(tiny_home, monkeypatch, open_screen) -> Visit:
    """Look at a screen as a demo person, with what the address says."""
    monkeypatch.setenv("FEELING_SAFE_HOME", str(tiny_home))
    monkeypatch.setattr(session, "today", lambda: TODAY)
    return open_screen
