"""A trust lead sends a return in the browser: errors, a lost connection, a double click."""

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from pipelines.keeping.home import Home
from tests.browser.visit import Visit, begin
from tests.serving import served

TRUST = "Z01"


@pytest.fixture(scope="module")
def home(demo_home, tmp_path_factory) -> Home:
    """A copy of the demo to send returns to."""
    copied = tmp_path_factory.mktemp("sending") / "home"
    return Home(Path(shutil.copytree(demo_home, copied)))


@pytest.fixture(scope="module")
def address(home, feeling_safe) -> Iterator[str]:
    with served(feeling_safe, home.root) as address:
        yield address


def kept(home: Home, month: str) -> int:
    return len([r for r in home.archive.receipts() if (r.trust_code, r.month) == (TRUST, month)])


def newest(home: Home) -> str:
    return max(r.month for r in home.archive.receipts() if r.trust_code == TRUST)


def workbook(home: Home, folder: Path, month: str, name: str, **cells: object) -> Path:
    """The workbook of a month with some cells of its monthly sheet changed."""
    book = openpyxl.load_workbook(next((home.root / "workbooks").rglob(f"*{TRUST}_{month}.xlsx")))
    for place, value in cells.items():
        book["monthly"][place] = value
    book.save(folder / name)
    return folder / name


def upload(visit: Visit, file: Path, then: str) -> None:
    visit.page.locator('input[type="file"]').set_input_files(file)
    visit.page.get_by_role("heading", name=then, exact=True).wait_for()
    visit.settle()


def download(visit: Visit, label: str) -> openpyxl.Workbook:
    with visit.page.expect_download() as started:
        visit.page.get_by_role("button", name=label).click()
    return openpyxl.load_workbook(BytesIO(started.value.path().read_bytes()))


def test_from_problems_over_a_lost_connection_to_one_receipt(browser, address, home, tmp_path):
    month = newest(home)
    before = kept(home, month)
    bad = workbook(home, tmp_path, month, "bad.xlsx", D2="lots")
    good = workbook(home, tmp_path, month, "good.xlsx", I2=51)

    visit = begin(browser, address, "trust")
    visit.open(f"send?month={month}")
    assert "monthly" in download(visit, "Download the workbook for").sheetnames
    upload(visit, bad, "Fix these")
    assert "Fix these" in download(visit, "Download the problem report").sheetnames
    assert "“lots” is not a whole number" in visit.page.locator("table").first.inner_text()
    assert [*visit.broken(), *visit.errors, *visit.inaccessible()] == []
    upload(visit, good, "What changes")
    assert kept(home, month) == before
    visit.page.context.close()  # the connection is lost

    visit = begin(browser, address, "trust")
    visit.open(f"send?month={month}")
    assert "51" in visit.page.get_by_role("table", name="Cells that change").inner_text()
    for field in visit.page.locator("textarea").all():
        field.fill("Counted again with the ward")
    assert visit.inaccessible() == []
    visit.page.get_by_role("button", name="Send this return").dblclick()
    visit.page.get_by_role("heading", name="Return received").wait_for()
    visit.page.get_by_label("Wards").wait_for()  # once the new figures are there
    visit.settle()
    assert kept(home, month) == before + 1
    assert [*visit.broken(), *visit.errors, *visit.inaccessible()] == []

    visit.page.reload()  # the receipt has an address of its own
    visit.settle()
    (receipt,) = [r for r in home.archive.receipts() if r.filename == "good.xlsx"]
    assert receipt.sha256 in visit.page.locator("body").inner_text()
    ward = visit.page.get_by_label("Wards").get_by_role("link").last
    name = ward.inner_text()
    ward.click()
    visit.page.get_by_role("heading", name=name, exact=True).wait_for()
    visit.page.context.close()
