"""A ward's figures on a phone, with a thumb: typed, saved, found again, and sent as one return."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pipelines.keeping.home import Home
from tests.browser.visit import Visit, begin
from tests.serving import served

TRUST, PHONE = "Z01", 390
LINES = '[class*="st-key-ward_line_"] button'


@pytest.fixture(scope="module")
def home(demo_home, tmp_path_factory) -> Home:
    """A copy of the demo to send returns to."""
    copied = tmp_path_factory.mktemp("entering") / "home"
    return Home(Path(shutil.copytree(demo_home, copied)))


@pytest.fixture(scope="module")
def address(home, feeling_safe) -> Iterator[str]:
    with served(feeling_safe, home.root) as address:
        yield address


def press(visit: Visit, label: str) -> None:
    visit.page.get_by_role("button", name=label, exact=True).tap()
    visit.settle()


def typed(visit: Visit, label: str, number: int) -> None:
    field = visit.page.get_by_label(label, exact=True)
    assert field.get_attribute("type") == "number"  # a phone shows its keys for numbers
    field.tap()
    field.fill(str(number))
    field.press("Tab")
    visit.settle()


def in_order(visit: Visit) -> list[str]:
    return [*visit.broken(), *visit.errors, *visit.inaccessible(), *visit.cut_off()]


def test_a_ward_is_typed_on_a_phone_and_sent(browser, address, home, pictures):
    month = max(r.month for r in home.archive.receipts() if r.trust_code == TRUST)
    before = {r.return_id for r in home.archive.receipts()}
    visit = begin(browser, address, "trust", phone=True)
    visit.open(f"send?month={month}")
    press(visit, "Enter on the screen")
    ward = visit.page.locator(LINES).first.inner_text()
    press(visit, ward)
    answered = int(visit.page.get_by_label("Patients who answered", exact=True).input_value())
    typed(visit, "Patients who feel safe", answered + 1)
    body = visit.page.locator("body")
    expect(body).to_contain_text("It counts some of them, so it can't be more.")
    assert in_order(visit) == []
    typed(visit, "Patients who feel safe", answered)
    beds = visit.page.get_by_label("Occupied bed days", exact=True)
    counted = int(beds.input_value())
    beds.fill("")
    beds.press("Tab")
    visit.settle()
    assert beds.input_value() == ""
    expect(body).to_contain_text("1 needed figure is still blank: “Occupied bed days”.")
    typed(visit, "Occupied bed days", counted)
    press(visit, "Save the draft")
    expect(body).to_contain_text("by you")  # saved, whenever the screen says so
    if pictures:
        visit.picture(pictures / "enter_a_ward_390.png")
    visit.page.context.close()

    visit = begin(browser, address, "trust", phone=True)  # later, on another device
    visit.open(f"send?month={month}&how=screen")
    assert " wards has a draft." in visit.page.locator("body").inner_text()
    assert "by you" in visit.page.locator("body").inner_text()
    assert in_order(visit) == []
    if pictures:
        visit.picture(pictures / "enter_all_wards_390.png")
    visit.page.get_by_text("These figures were counted").tap()
    visit.settle()
    press(visit, "Check the return")
    visit.page.get_by_role("heading", name="What changes").wait_for()
    for field in visit.page.locator("textarea").all():
        field.fill("Counted again with the ward")
    assert in_order(visit) == []
    press(visit, "Send this return")
    visit.page.get_by_role("heading", name="Return received").wait_for()
    visit.settle()
    assert "Entered on the screen by" in visit.page.locator("body").inner_text()
    assert in_order(visit) == []
    (sent,) = [r for r in home.archive.receipts() if r.return_id not in before]
    (code,) = sent.drafted_by
    cells = home.archive.cells(sent).filter(sheet="monthly", ward_code=code, field="pt_safe")
    assert cells["number"].to_list() == [answered]
    visit.page.context.close()
