"""What every test keeps to: the same random examples in CI, and no touching of anybody's data."""

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from tests.outside import outside

TREE = Path(__file__).parents[1]
HOMES = (TREE / "data" / "programme", TREE / "data" / "demo")
INSIDE = tuple(f"{home}{os.sep}" for home in HOMES)
# The events of Python that touch a file, and how many of their arguments are paths.
PATHS = {"open": 1, "os.mkdir": 1, "os.rename": 2, "os.remove": 1, "os.listdir": 1}
LONG = ({"browser", "spark"}, {"slow"})  # the longest first
# Their tests only look at the demo: together they start one server and one browser.
LOOKING = {
    f"tests/browser/test_{name}.py" for name in ("figures", "looks", "screens", "two_sessions")
}
DEMO_SIZE = ("--trusts", "8", "--wards", "12", "--months", "15", "--seed", "1")

# Many container images forbid bytecode. Each of a hundred commands would compile everything again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Most of what is imported and collected stays until the end: looking through it for garbage, again
# and again, would be a third of the work of collecting the tests.
gc.set_threshold(20_000, 20, 20)

Make = Callable[[Path], object]

# However long examples take: that depends on what else the machine does.
settings.register_profile(
    "dev", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50
)
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True)
settings.register_profile("thorough", settings.get_profile("dev"), max_examples=1000)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

_watching = False


class TouchedRealData(BaseException):
    """A test opened a programme's own folder; it is no Exception, so that nothing hides it."""


class ReachedOutside(BaseException):
    """A test connected to something outside this machine, or looked it up."""


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if not _watching:
        return
    if event not in PATHS:
        if host := outside(event, arguments):
            raise ReachedOutside(f"A test did {event} for {host}: nothing outside may be reached.")
        return
    for argument in arguments[: PATHS[event]]:
        if _in_a_home(argument):
            raise TouchedRealData(f"A test did {event} in {argument}: give it a home of its own.")


def _in_a_home(path: object) -> bool:
    if not isinstance(path, str | bytes) and not hasattr(path, "__fspath__"):
        return False
    return f"{os.path.abspath(os.fsdecode(path))}{os.sep}".startswith(INSIDE)


sys.addaudithook(_refuse)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first, or one of them would keep everyone waiting at the end."""
    marks: dict[Path, set[str]] = {}
    for item in items:
        marks.setdefault(item.path, set()).update(mark.name for mark in item.iter_markers())
    order = {
        path: next((place for place, long in enumerate(LONG) if long & found), len(LONG))
        for path, found in marks.items()
    }
    items.sort(key=lambda item: order[item.path])


def pytest_collection_finish() -> None:
    """From here on garbage is looked for only in what tests make."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """What is still frozen when Python ends, DuckDB would call leaked, in ninety lines."""
    gc.unfreeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Deal tests out by file, so that what a file shares is made once.

    All tests on Spark are dealt out as one file, and so are those that look at the served demo.
    """
    if config.getvalue("dist") != "load":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            if "spark" in nodeid:
                return "spark"
            return "looking" if file in LOOKING else file

    return ByFile(config, log)


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
def quick_app_test() -> Iterator[None]:
    """Let a screen be run in a test without two things that would take most of the time.

    Streamlit would read about every installed package again, and while the screen runs it would ask
    a thousand times a second, in the same interpreter, whether it has finished.
    """
    from streamlit.components.v2 import manifest_scanner
    from streamlit.testing.v1 import local_script_runner

    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(manifest_scanner, "scan_component_manifests", lambda: found)
        patched.setattr(local_script_runner, "require_widgets_deltas", _wait_for_the_end)
        yield


def _wait_for_the_end(runner: Any, timeout: float) -> None:
    runner._script_thread.join(timeout)
    if runner._script_thread.is_alive():
        runner.request_stop()
        raise RuntimeError(f"The screen was still running after {timeout} seconds.")


@pytest.fixture(scope="session")
def feeling_safe() -> str:
    """Where the `feeling-safe` command of this environment is."""
    found = shutil.which("feeling-safe", path=str(Path(sys.executable).parent))
    assert found, "feeling-safe is not installed: run the tests with `uv run pytest`"
    return found


@pytest.fixture(scope="session")
def once(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, Callable[[Path], object]], Path]:
    """Makes a folder of some name once for all workers, who then only read it."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent

    def folder(name: str, make: Make) -> Path:
        place, made = shared / name, shared / f"{name}.made"
        with FileLock(shared / f"{name}.lock"):
            if not made.exists():
                make(place)
                made.touch()
        return place

    return folder


@pytest.fixture(scope="session")
def demo_home(once: Callable[..., Path], feeling_safe: str) -> Path:
    """A small fictional programme made by the real command, once for all workers; only read it."""

    def make(home: Path) -> None:
        demo = [feeling_safe, "demo", "--no-serve", "--home", str(home), *DEMO_SIZE]
        run = subprocess.run(demo, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr

    return once("demo-home", make)


@pytest.fixture(scope="session")
def demo_month(demo_home: Path) -> Any:
    """The newest month that the demo's trusts have sent; it moves on with today."""
    from schemas.periods import Month

    return Month.parse(max((demo_home / "workbooks" / "Z01").glob("*.xlsx")).stem[-7:])


@pytest.fixture
def home(made_home: Any, tmp_path: Path) -> Any:
    """A copy, which the test may change, of the `made_home` of its file or folder."""
    return type(made_home)(Path(shutil.copytree(made_home.root, tmp_path / "home")))
