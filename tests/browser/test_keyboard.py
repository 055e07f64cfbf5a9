"""Whole journeys without a mouse: every step is a key press, and the focus is always visible."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page

from pipelines.keeping.home import Home
from tests.browser.visit import PERSONS, Visit
from tests.serving import served

FURTHEST = 150  # presses of Tab until something is out of reach
# What can be pressed or filled in says its own words; a region that scrolls is passed over.
FOCUSED = """() => {
    const e = document.activeElement;
    if (!e.matches('a, button, input, textarea, summary, select')) return '';
    const label = e.getAttribute('aria-label') || e.labels?.[0]?.innerText || '';
    return `${label} ${e.innerText || ''}`.trim();
}"""
# The outline may be that of the box around what is typed in.
SEEN = """() => {
    let e = document.activeElement;
    for (let up = 0; up < 4; up += 1, e = e.parentElement) {
        const style = getComputedStyle(e);
        if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) return true;
        if (style.boxShadow !== 'none') return true;
    }
    return false;
}"""


@pytest.fixture(scope="module")
def home(demo_home, tmp_path_factory) -> Home:
    """A copy of the demo to send returns to."""
    copied = tmp_path_factory.mktemp("keyboard") / "home"
    return Home(Path(shutil.copytree(demo_home, copied)))


@pytest.fixture(scope="module")
def address(home, feeling_safe) -> Iterator[str]:
    with served(feeling_safe, home.root) as address:
        yield address


@pytest.fixture
def visit(browser, address) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1300, "height": 1000}, locale="en-GB")
    visit = Visit(context.new_page(), address)
    visit.open("/")
    yield visit
    context.close()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the focused element has these words."""
    passed = []
    for _ in range(FURTHEST):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUSED)
        if words in here and not here.startswith("Help for"):
            assert page.evaluate(SEEN), f"“{words}” has the focus and does not show it"
            return
        passed.append(here[:30])
    raise AssertionError(f"“{words}” is out of reach with Tab; passed {passed[-25:]}")


def press(visit: Visit, words: str, key: str = "Enter") -> None:
    tab_to(visit.page, words)
    visit.page.keyboard.press(key)
    visit.settle()


def test_a_trust_lead_sends_a_return_with_the_keyboard_alone(visit, home, tmp_path):
    press(visit, PERSONS["trust"])
    visit.settle()
    press(visit, "Send a return")
    visit.settle()
    with visit.page.expect_download() as started:
        press(visit, "Download the workbook for")
    name = started.value.suggested_filename
    filled = next((home.root / "workbooks").rglob(name))
    book = openpyxl.load_workbook(filled)
    book["monthly"]["I2"] = int(book["monthly"]["I2"].value or 0) + 1
    book.save(tmp_path / name)
    with visit.page.expect_file_chooser() as chooser:
        press(visit, "Upload")
    before = len(home.archive.receipts())
    chooser.value.set_files(tmp_path / name)
    visit.page.get_by_role("heading", name="What changes", exact=True).wait_for()
    visit.settle()
    for box in visit.page.locator("textarea").all():
        tab_to(visit.page, str(box.get_attribute("aria-label")))
        visit.page.keyboard.type("Counted again with the ward")
    press(visit, "Send this return")
    visit.page.get_by_role("heading", name="Return received").wait_for()
    assert len(home.archive.receipts()) == before + 1
    assert visit.errors == []


def test_the_programme_team_compares_wards_with_the_keyboard_alone(visit):
    press(visit, PERSONS["programme"])
    visit.settle()
    press(visit, "Compare wards")
    visit.settle()
    tab_to(visit.page, "Icons")
    for _ in range(4):
        visit.page.keyboard.press("ArrowRight")
        if visit.page.evaluate(FOCUSED) == "Small charts":
            break
    visit.page.keyboard.press("Enter")
    visit.page.locator(".fs-multiples").wait_for()
    visit.settle()
    ward = visit.page.locator(".fs-multiples a").first.inner_text()
    press(visit, ward)
    visit.settle()
    assert visit.page.locator("h1").inner_text() == ward.split(",")[0]
    press(visit, "Show as a table, listen, and how to read it")
    visit.page.locator("table.fs-table").first.wait_for(state="visible")
    assert visit.errors == []
