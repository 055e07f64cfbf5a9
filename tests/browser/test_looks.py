"""What no menu lists: every view of a screen, and the screens that tables and figures lead to."""

from collections.abc import Iterator

import pytest

from dashboard.screens.compare import compare
from dashboard.screens.register import register
from dashboard.screens.returns import returns
from tests.browser.looked_at import problems_of
from tests.browser.visit import MAIN, Visit, begin

PARTS = {
    "compare": [look for look in compare.VIEWS[1:]],
    "returns": [look for look in returns.LOOKS[1:]],
    "register": [*list(register.ACTS)[1:], register.TOKENS],
}
LOOKS = [(screen, look) for screen, looks in PARTS.items() for look in looks]


@pytest.fixture(scope="module")
def team(browser, address) -> Iterator[Visit]:
    visit = begin(browser, address, "programme")
    yield visit
    visit.page.context.close()


@pytest.mark.parametrize(("screen", "look"), LOOKS)
def test_every_look_of_a_screen(team, pictures, screen, look):
    name = f"programme-{screen}-{look.replace(' ', '')}"
    assert problems_of(team, f"{screen}?look={look}", "desktop", pictures, name) == {}


@pytest.mark.parametrize("role", ["programme", "trust", "region"])
def test_a_trust_together_and_where_a_figure_of_it_came_from(browser, address, pictures, role):
    visit = begin(browser, address, role)
    problems = problems_of(visit, "trust", "phone", pictures, f"{role}-trust")
    source = visit.page.locator('a[href^="figure?level=trust"]').first.get_attribute("href")
    problems |= problems_of(visit, str(source), "tablet", pictures, f"{role}-figure")
    visit.page.context.close()
    assert problems == {}


@pytest.mark.parametrize("role", ["programme", "trust", "region"])
def test_one_measure_at_every_level(browser, address, pictures, role):
    visit = begin(browser, address, role)
    problems = problems_of(visit, "measure", "desktop", pictures, f"{role}-measure")
    other = "measure?measure=SS-B1&level=ward"
    problems |= problems_of(visit, other, "phone", pictures, f"{role}-measure-ward")
    visit.page.context.close()
    assert problems == {}


def test_the_tables_of_charts_side_by_side_fit_beside_each_other(browser, address):
    visit = begin(browser, address, "programme")
    visit.as_wide_as(1300)
    visit.unfold()
    widths = "all => all.map(each => [each.scrollWidth, each.clientWidth])"
    found = visit.page.locator(".st-key-pair .fs-scroll").evaluate_all(widths)
    visit.page.context.close()
    assert len(found) > 1
    assert [pair for pair in found if pair[0] > pair[1] + 1] == []


@pytest.mark.parametrize("width", [820, 1300])
def test_a_file_about_a_group_has_room_for_the_name_of_the_group(browser, address, width):
    visit = begin(browser, address, "programme")
    visit.as_wide_as(width)
    visit.open("take-away?group=NORTHVALE")
    group = visit.page.get_by_label("Group", exact=True).bounding_box()
    measure = visit.page.get_by_label("Measure", exact=True).bounding_box()
    assert group["y"] == measure["y"]
    assert (
        group["width"] == measure["width"] > 0.35 * visit.page.locator(MAIN).bounding_box()["width"]
    )
    visit.page.context.close()


def test_on_a_phone_the_newest_months_of_the_grid_of_returns_are_in_sight(browser, address):
    visit = begin(browser, address, "programme", phone=True)
    visit.open("returns")
    months = visit.page.locator(".fs-grid thead th")
    newest, oldest, trusts = (months.nth(place).bounding_box() for place in (-1, 1, 0))
    visit.page.context.close()
    assert newest
    assert oldest
    assert trusts
    assert trusts["x"] + trusts["width"] < newest["x"]
    assert newest["x"] + newest["width"] <= 390
    assert oldest["x"] < trusts["x"] + trusts["width"]  # scrolled past: not every month fits
