"""What commands are tried on: homes, and an audit log."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import audit
from pipelines.keeping.home import Home
from tests import worlds


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    """A copy of the small demonstration that a test may change."""
    return Path(shutil.copytree(demo_home, tmp_path / "home"))


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An audit log of a test's own: a file that is gone would stop other tests' lines."""
    fresh = logging.getLogger(f"audit test {tmp_path}")
    fresh.propagate = False
    monkeypatch.setattr(audit, "_LOG", fresh)
    file = tmp_path / "audit.jsonl"
    monkeypatch.setenv("FEELING_SAFE_AUDIT_LOG", str(file))
    audit.begin(file)
    yield file
    for handler in fresh.handlers:
        handler.close()


@pytest.fixture(scope="session")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two months of returns, never to close; only read it."""
    always_open = {"deadlines": {"closed_working_days": 9000, "locked_working_days": 9001}}
    root = tmp_path_factory.mktemp("watched") / "home"
    return worlds.small_world(root, worlds.FIRST, worlds.FIRST + 1, **always_open)
