"""A small demo, its server on a free port of this machine, and a headless Chromium."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.ports import free_port

REQUIRED = os.environ.get("FEELING_SAFE_REQUIRE_BROWSER") == "1"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHELLS = ("chromium-headless-shell", "chromium")  # the first takes half the processor time
PATIENCE = 180  # seconds until the server must answer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium; skipped with a reason if there is none, unless it is required."""
    chromium = os.environ.get("FEELING_SAFE_CHROMIUM")
    chromium = chromium or next(filter(None, map(shutil.which, SHELLS)), None)
    if not chromium:
        reason = "no Chromium: install it, or say where it is in FEELING_SAFE_CHROMIUM"
        pytest.fail(reason) if REQUIRED else pytest.skip(reason)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def address(demo_home: Path, feeling_safe: str) -> Iterator[str]:
    """Where the dashboard of the small demo is served."""
    with served(feeling_safe, demo_home) as address:
        yield address


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """The folder for a picture of every screen, to look at afterwards; none if nobody asked."""
    asked = os.environ.get("FEELING_SAFE_SCREENSHOTS")
    if not asked:
        return None
    folder = Path(asked)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def served(feeling_safe: str, home: Path) -> Iterator[str]:
    """The dashboard of a programme on its own port, until the test is done with it."""
    port = free_port()
    server = subprocess.Popen(
        [feeling_safe, "serve", "--home", str(home), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.communicate(timeout=20)


def wait_for(address: str, server: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert server.poll() is None, f"the server stopped: {server.stderr.read()}"
        try:
            with urlopen(address, timeout=5) as answer:
                assert answer.status == 200
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    pytest.fail(f"{address} did not answer within {PATIENCE} seconds")
