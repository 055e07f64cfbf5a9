"""As each demo person, at three widths: every screen opens, is accessible, and reports no error."""

from collections.abc import Iterator
from itertools import product

import pytest

from tests.browser.looked_at import problems_of
from tests.browser.ten_things import PERSONS, THINGS, WHERE
from tests.browser.visit import Visit, begin

ROLES = ["programme", "trust", "region", "group"]
FEWEST_SCREENS = {"programme": 7, "trust": 5, "region": 4, "group": 5}
# Screens are opened at one width and then made wider or narrower; each is somebody's first.
FIRST = {"programme": "desktop", "trust": "phone", "region": "tablet", "group": "phone"}


@pytest.fixture(params=ROLES)
def visit(request, browser, address) -> Iterator[Visit]:
    visit = begin(browser, address, request.param)
    visit.role = request.param
    yield visit
    visit.page.context.close()


def test_every_screen_opens_without_an_error(visit, pictures):
    screens = visit.screens()
    assert len(screens) >= FEWEST_SCREENS[visit.role], screens
    problems = {}
    for path in screens.values():
        name = f"{visit.role}-{path.strip('/') or 'first'}"
        problems |= problems_of(visit, path, FIRST[visit.role], pictures, name)
    assert problems == {}


def test_each_of_the_ten_things_has_its_place_for_each_person():
    placed = {(thing, person) for screen in WHERE.values() for thing, person, _ in screen}
    assert placed == set(product(THINGS, PERSONS))


def test_the_entry_is_accessible_and_shows_no_figure(browser, address):
    visit = Visit(browser.new_page(), address)
    visit.open("/")
    assert visit.inaccessible() == []
    assert visit.page.locator("canvas, svg.marks, table").count() == 0
    visit.page.close()


def test_someone_unknown_sees_the_sign_in_at_every_address(browser, address):
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
