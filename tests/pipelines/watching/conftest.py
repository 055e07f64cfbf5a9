"""A drop folder of a home, where releases are not worked out."""

import pytest


@pytest.fixture
def folder(own_home):
    path = own_home.root / "drop"
    path.mkdir()
    return path


@pytest.fixture(autouse=True)
def _no_release(monkeypatch):
    """Keep returns without working out their figures: that part has a test of its own."""
    monkeypatch.setattr("pipelines.watching.take.released", lambda home, at: ("a-release", None))
