"""As each demo person, at three widths: every screen opens, is accessible, and reports no error."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.visit import Visit, begin

ROLES = ["programme", "trust", "region"]
FEWEST_SCREENS = {"programme": 7, "trust": 5, "region": 4}
WIDTHS = {"desktop": 1300, "tablet": 820, "phone": 390}


@pytest.fixture(params=ROLES)
def visit(request, browser, address) -> Iterator[Visit]:
    visit = begin(browser, address, request.param)
    visit.role = request.param
    yield visit
    visit.page.context.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> Path:
    """Where a picture of every screen is left to be looked at."""
    asked = os.environ.get("FEELING_SAFE_SCREENSHOTS")
    folder = Path(asked) if asked else tmp_path_factory.mktemp("screens")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("width", WIDTHS)
def test_every_screen_opens_without_an_error(visit, width, pictures):
    screens = visit.screens()
    assert len(screens) >= FEWEST_SCREENS[visit.role], screens
    problems = {}
    for title, path in screens.items():
        visit.errors.clear()
        visit.as_wide_as(WIDTHS[width])
        visit.open(path)
        visit.picture(pictures / f"{visit.role}-{path.strip('/')}-{width}.png")
        visit.unfold()
        found = [*visit.broken(), *visit.errors, *visit.inaccessible(), *visit.cut_off()]
        if found:
            problems[title] = found
    assert problems == {}


def test_the_entry_is_accessible_and_shows_no_figure(browser, address):
    visit = Visit(browser.new_page(), address)
    visit.open("/")
    assert visit.inaccessible() == []
    assert visit.page.locator("canvas, svg.marks, table").count() == 0
    visit.page.close()


def test_someone_unknown_sees_the_door_at_every_address(browser, address):
    inside = begin(browser, address, "programme")
    screens = inside.screens()
    inside.page.context.close()
    visit = begin(browser, address, "unknown")
    assert "has no access" in visit.page.locator("body").inner_text()
    for path in screens.values():
        visit.open(path)
        assert "has no access" in visit.page.locator("body").inner_text()
        assert visit.page.locator("canvas, svg.marks, table").count() == 0
    visit.page.context.close()
