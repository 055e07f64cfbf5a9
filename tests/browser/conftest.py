"""A small demo, its server on a free port of this machine, and a headless Chromium."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.serving import served

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
