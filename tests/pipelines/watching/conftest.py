"""A watched folder of a home in which releases are not built."""

import pytest


@pytest.fixture
def folder(own_home):
    path = own_home.root / "drop"
    path.mkdir()
    return path


@pytest.fixture(autouse=True)
def _no_release(monkeypatch):
    """Save returns without working out their figures, which has its own tests."""
    monkeypatch.setattr("pipelines.watching.take.released", lambda home, at: ("a-release", None))
