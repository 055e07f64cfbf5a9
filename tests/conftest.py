"""What every test keeps to: the same random examples in CI, and no touching of anybody's data."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

TREE = Path(__file__).parents[1]
HOMES = (TREE / "data" / "programme", TREE / "data" / "demo")
DEMO_SIZE = ("--trusts", "8", "--wards", "12", "--months", "15", "--seed", "1")

settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=50, derandomize=True)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

_watching = False


class TouchedRealData(BaseException):
    """A test opened a programme's own folder; it is no Exception, so that nothing hides it."""


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if not _watching or event not in ("open", "os.mkdir", "os.rename", "os.remove", "os.listdir"):
        return
    for argument in arguments[:2]:
        if isinstance(argument, str | os.PathLike) and _in_a_home(os.fspath(argument)):
            raise TouchedRealData(f"A test did {event} in {argument}: give it a home of its own.")


def _in_a_home(path: str | bytes) -> bool:
    full = Path(os.path.abspath(os.fsdecode(path)))
    return any(full == home or home in full.parents for home in HOMES)


sys.addaudithook(_refuse)


@pytest.fixture(autouse=True)
def _leave_real_data_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail any test that reads or writes the programme or the demo kept in this tree."""
    global _watching  # an audit hook cannot be removed, only told to look away
    for name in [name for name in os.environ if name.startswith("FEELING_SAFE_HOME")]:
        monkeypatch.delenv(name)
    _watching = True
    yield
    _watching = False


@pytest.fixture(scope="session")
def feeling_safe() -> str:
    """Where the `feeling-safe` command of this environment is."""
    found = shutil.which("feeling-safe", path=str(Path(sys.executable).parent))
    assert found, "feeling-safe is not installed: run the tests with `uv run pytest`"
    return found


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory, feeling_safe: str) -> Path:
    """A small fictional programme made by the real command, once for all workers; only read it."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    home, made = shared / "demo-home", shared / "demo-home.made"
    with FileLock(shared / "demo-home.lock"):
        if not made.exists():
            demo = [feeling_safe, "demo", "--no-serve", "--home", str(home), *DEMO_SIZE]
            run = subprocess.run(demo, capture_output=True, text=True, check=False)
            assert run.returncode == 0, run.stderr
            made.touch()
    return home
