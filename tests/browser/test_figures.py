"""A figure leads to the cells it came from; another day is marked until you go back to today."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit, begin


@pytest.fixture
def visit(browser, address) -> Iterator[Visit]:
    visit = begin(browser, address, "programme")
    yield visit
    visit.page.context.close()


def test_a_click_on_a_point_names_its_cells_and_their_return(visit):
    visit.open("ward")
    points = visit.page.locator(".stVegaLiteChart").first.locator("g.mark-symbol path")
    expect(points.last).to_be_attached()
    points.nth(points.count() - 4).click(force=True)
    window = visit.page.get_by_role("dialog")
    expect(window).to_contain_text("Sheet and cell")
    expect(window).to_contain_text("monthly, ")
    expect(window).to_contain_text("SHA-256")
    assert visit.inaccessible() == []
    assert visit.errors == []


def test_a_click_on_a_wards_dot_names_both_its_figures_once(visit):
    visit.open("incidents")
    charts = visit.page.locator(".stVegaLiteChart", has_text="Reported none")
    dots = charts.first.locator("g.mark-symbol.role-mark path")  # wards; trusts come below
    expect(dots.first).to_be_attached()
    dots.nth(dots.count() - 1).click(force=True)
    window = visit.page.get_by_role("dialog")
    expect(window).to_contain_text("Patients who feel safe from sexual harm,")
    expect(window).to_contain_text("All sexual safety incidents,")
    assert visit.inaccessible() == []
    window.get_by_role("button", name="Close").click()
    visit.page.get_by_text("Show events on the charts").click()
    visit.settle()
    expect(window).to_have_count(0)
    dots.first.click(force=True)
    window.get_by_role("link", name="Show its cells: All sexual safety incidents").click()
    visit.page.wait_for_url("**/figure?**")
    visit.settle()
    expect(visit.page.locator("table").first).to_contain_text("monthly, ")
    assert visit.errors == []


@pytest.mark.parametrize(
    ("path", "chart", "marks", "says"),
    [
        ("compare?look=Funnel", "Number of answers", "symbol", "Sheet and cell"),
        ("incidents", "Sexual harassment", "rect", "The wards this figure adds up"),
        ("charters", "Charter in place", "symbol", "The wards this figure adds up"),
        ("charters", "Before the charter", "symbol", "Sheet and cell"),
    ],
)
def test_a_click_on_any_chart_of_figures_names_their_source(visit, path, chart, marks, says):
    visit.open(path)
    drawn = visit.page.locator(".stVegaLiteChart", has_text=chart).first
    choices = drawn.locator(f"g.mark-{marks}.role-mark path")
    expect(choices.first).to_be_attached()
    choices.nth(choices.count() - 1).click(force=True)
    expect(visit.page.get_by_role("dialog")).to_contain_text(says)
    assert visit.errors == []


def test_the_same_is_reached_by_the_table_without_a_mouse(visit):
    visit.open("ward")
    visit.unfold()
    figure = visit.page.locator('table.fs-table a[href^="figure?level=ward"]').first
    figure.focus()
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/figure?**")
    visit.settle()
    expect(visit.page.locator("h1")).to_have_text("Where a figure came from")
    expect(visit.page.locator("table").first).to_contain_text("monthly, ")


def test_another_day_lasts_from_screen_to_screen_until_one_goes_back(visit, demo_month):
    day = (demo_month + -7).first_day + timedelta(days=2)
    banner = f"As known on {day.day} {day:%B %Y}."
    visit.open(f"overview?as-at={day}")
    expect(visit.page.get_by_text(banner)).to_be_visible()
    visit.page.locator('[data-testid="stTopNavLinkContainer"] a', has_text="Ward").last.click()
    visit.settle()
    expect(visit.page.get_by_text(banner)).to_be_visible()
    expect(visit.page).to_have_url(re.compile(f"as-at={day}"))
    visit.page.get_by_role("button", name="Back to today’s figures").click()
    visit.settle()
    expect(visit.page.get_by_text(banner)).to_have_count(0)
    assert "as-at" not in visit.page.url
    assert visit.errors == []
