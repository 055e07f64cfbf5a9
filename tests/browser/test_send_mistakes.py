"""A lead of forty wards in the browser: 200 errors, going back, a second tab, explanations."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.keeping.home import Home
from schemas.periods import Month
from schemas.receipts import Receipt
from tests.browser.forty_wards import LAST, Row, big_home, return_file, rows
from tests.browser.visit import Visit, begin
from tests.serving import served

SEND = "Send this return"


def with_problems(month: Month) -> list[Row]:
    """Five mistakes of five kinds on each of the forty wards."""
    return [
        row
        | {"pt_safe": 99, "staff_in_post": "about 30", "st_answered": None}
        | {"occupied_bed_days": "4O1", "inc_other": "<5"}
        for row in rows(month)
    ]


def with_queries(month: Month) -> list[Row]:
    """Few answers on the first three wards: three queries of one kind."""
    every = rows(month)
    for number, row in enumerate(every[:3]):
        row |= {"pt_answered": 4 - number, "pt_safe": 1}
    return every


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return big_home(tmp_path_factory.mktemp("forty") / "home")


@pytest.fixture(scope="module")
def address(home: Home, feeling_safe: str) -> Iterator[str]:
    with served(feeling_safe, home.root) as address:
        yield address


@pytest.fixture
def lead(browser, address) -> Callable[[Month], Visit]:
    """The trust lead on the screen for sending a month, in a new window each time."""

    def come(month: Month) -> Visit:
        visit = begin(browser, address, "trust")
        visit.open(f"send?month={month}")
        return visit

    return come


def upload(visit: Visit, file: Path, then: str) -> None:
    visit.page.locator('input[type="file"]').set_input_files(file)
    visit.page.get_by_role("heading", name=then, exact=True).wait_for()
    visit.settle()


def fine(visit: Visit) -> bool:
    return [*visit.broken(), *visit.errors, *visit.inaccessible()] == []


def say_why(visit: Visit, reason: str = "Looked at again with the ward") -> None:
    for field in visit.page.locator("textarea").all():
        field.fill(reason)


def kept(home: Home, month: Month) -> list[Receipt]:
    return [receipt for receipt in home.archive.receipts() if receipt.month == str(month)]


def send(visit: Visit) -> None:
    visit.page.get_by_role("button", name=SEND).click()


def test_two_hundred_problems_stay_readable(lead, tmp_path):
    month = LAST
    visit = lead(month)
    upload(visit, return_file(tmp_path, month, with_problems(month)), "Fix these")
    text = visit.page.locator("body").inner_text()
    assert "There are 200 errors in your return" in text
    # Five mistakes on forty wards read as few lines, not as two hundred.
    assert visit.page.locator("table tbody tr").count() <= 30
    assert fine(visit)
    for label in ("Spreadsheet (XLSX)", "Page to print (HTML)"):
        with visit.page.expect_download() as given:
            visit.page.get_by_role("button", name=label).click()
        assert "findings_Z01-WARD01_" in given.value.suggested_filename
        content = Path(given.value.path()).read_bytes()
        assert content[:2] == b"PK" or b"WARD01" in content
        assert b"WARD02" not in content
    visit.page.get_by_text("Row by row").click()
    visit.settle()
    assert visit.page.get_by_text("Errors to fix: 200 different ones").count() == 1
    assert fine(visit)
    for width in (1300, 390):
        visit.page.set_viewport_size({"width": width, "height": 900})
        visit.settle()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    upload(visit, return_file(tmp_path, month, rows(month)), "What the check found")
    assert fine(visit)
    visit.page.context.close()


def test_each_ward_may_have_a_reason_of_its_own(lead, home, tmp_path):
    month = LAST + -2
    visit = lead(month)
    upload(visit, return_file(tmp_path, month, with_queries(month)), "What the check found")
    visit.page.get_by_text("Or an explanation for each (W01)").click()
    first = visit.page.get_by_label("Row 2, WARD01")
    first.fill("Half the ward was at an outing")
    say_why(visit)
    assert fine(visit)
    send(visit)
    visit.page.get_by_role("heading", name="Return received").wait_for()
    (receipt,) = kept(home, month)
    answers = [q.answer for q in receipt.queries if q.code == "W01"]
    assert answers.count("Half the ward was at an outing") == 1
    assert answers.count("Looked at again with the ward") == 2
    visit.page.context.close()


def test_going_back_and_forward_loses_nothing_and_sends_nothing(lead, home, tmp_path):
    month = LAST + -4
    visit = lead(month)
    upload(visit, return_file(tmp_path, month, with_queries(month)), "What the check found")
    visit.page.get_by_role("link", name="Our wards", exact=True).first.click()
    visit.page.get_by_role("heading", name="Our wards", exact=True).wait_for()
    visit.page.go_back()
    visit.page.get_by_role("heading", name="What the check found", exact=True).wait_for()
    visit.settle()
    assert kept(home, month) == []
    say_why(visit)
    send(visit)
    visit.page.get_by_role("heading", name="Return received").wait_for()
    visit.page.go_back()
    visit.settle()
    visit.page.go_forward()
    visit.settle()
    assert [receipt.version for receipt in kept(home, month)] == [1]
    assert fine(visit)
    visit.page.context.close()


def test_two_tabs_with_the_same_file_make_one_version(lead, home, tmp_path):
    month = LAST + -6
    one, other = lead(month), lead(month)
    upload(one, return_file(tmp_path, month, with_queries(month)), "What the check found")
    other.open(f"send?month={month}")  # the second tab finds the file that the first one uploaded
    other.page.get_by_role("heading", name="What the check found", exact=True).wait_for()
    for visit in (one, other):
        say_why(visit)
    for visit in (one, other):
        send(visit)
    one.page.get_by_role("heading", name="Return received").wait_for()
    other.settle()
    assert [receipt.version for receipt in kept(home, month)] == [1]
    assert fine(one)
    assert [*other.broken(), *other.errors] == []
    for visit in (one, other):
        visit.page.context.close()


def test_a_second_tab_with_another_file_sees_the_newer_return(lead, home, tmp_path):
    month = LAST + -8
    one, other = lead(month), lead(month)
    upload(one, return_file(tmp_path, month, with_queries(month)), "What the check found")
    say_why(one)
    send(one)
    one.page.get_by_role("heading", name="Return received").wait_for()
    changed = rows(month)
    changed[0] |= {"patients_present": 15}
    upload(other, return_file(tmp_path, month, changed), "What changes")
    assert "Version 1" in other.page.locator("body").inner_text()
    assert [receipt.version for receipt in kept(home, month)] == [1]
    for visit in (one, other):
        visit.page.context.close()
