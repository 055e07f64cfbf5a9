"""What people come for, counted in clicks from their first screen; `pytest -s` prints seconds too.

A click is a link, a button, an option of a list, or a file chosen. Signing in isn't counted.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pipelines.keeping.home import Home
from tests.browser.forty_wards import LAST, big_home, return_file, rows
from tests.browser.visit import Visit, begin
from tests.serving import served


class Journey:
    """One person's way to one thing."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.clicks, self.begun = visit, 0, time.perf_counter()

    def click(self, role: str, name: str) -> None:
        """Click the first link, button, option or list of this name."""
        self.clicks += 1
        self.visit.page.get_by_role(role, name=name).first.click()
        self.visit.settle()

    def download(self, name: str) -> Path:
        """Click a button that gives a file."""
        self.clicks += 1
        with self.visit.page.expect_download() as given:
            self.visit.page.get_by_role("button", name=name).first.click()
        return Path(given.value.path())

    def give(self, file: Path, then: str) -> None:
        """Choose a file to upload, and wait for a heading."""
        self.clicks += 1
        self.visit.page.locator('input[type="file"]').set_input_files(file)
        self.see(then)

    def explain(self) -> None:
        """Type an explanation into every box that asks for one."""
        for box in self.visit.page.locator("textarea").all():
            box.fill("Looked at again with the ward")
            box.blur()
        self.visit.settle()

    def see(self, heading: str) -> None:
        """Wait until a heading is on the screen."""
        place = self.visit.page.get_by_role("heading", name=heading)
        place.first.wait_for()
        self.visit.settle()

    def took(self, what: str, clicks: int) -> None:
        """The number of clicks is as documented, and nothing went wrong on the way."""
        print(f"\n{what}: {self.clicks} clicks, {time.perf_counter() - self.begun:.1f} s")
        assert self.clicks == clicks, what
        assert [*self.visit.broken(), *self.visit.errors] == []


@pytest.fixture
def start(browser, address) -> Iterator[Callable[[str], Journey]]:
    """Somebody of the demo on their first screen."""
    visits = []

    def come(person: str) -> Journey:
        visits.append(begin(browser, address, person))
        return Journey(visits[-1])

    yield come
    for visit in visits:
        visit.page.context.close()


@pytest.fixture(scope="module")
def never_sent(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return big_home(tmp_path_factory.mktemp("journeys") / "home")


@pytest.fixture
def lead(browser, never_sent, feeling_safe) -> Iterator[Journey]:
    """A lead whose trust has never sent a return, on their first screen."""
    with served(feeling_safe, never_sent.root) as address:
        visit = begin(browser, address, "trust")
        yield Journey(visit)
        visit.page.context.close()


def test_which_wards_should_worry_me(start):
    journey = start("programme")
    page = journey.visit.page
    page.set_viewport_size({"width": 1300, "height": 900})
    journey.visit.settle()
    worst = page.get_by_role("table", name="Wards whose latest month stands out")
    worst = worst.locator("tbody tr", has_text="Concern")
    named = page.get_by_text("Concerns now:").get_by_role("link")
    for ward in {row.locator("th").inner_text() for row in worst.all()}:
        expect(named.filter(has_text=ward)).to_be_in_viewport()
    titles = page.locator(".st-key-pair .stVegaLiteChart").all()
    assert len({round(chart.bounding_box()["y"]) for chart in titles}) == 1  # side by side, level
    expect(titles[0]).to_be_in_viewport(ratio=0.9)
    journey.took("Which wards should worry me, by name", 0)
    journey.click("link", "Which wards changed")
    assert worst.first.is_visible()
    journey.took("Which wards should worry me, each with its line over time", 1)


def test_the_chart_of_any_measure(start):
    journey = start("programme")
    journey.click("link", "Restrictive interventions")
    assert journey.visit.page.locator(".stVegaLiteChart").count() > 0
    journey.took("The chart of any measure", 1)


def test_the_pack_for_the_board(start):
    for person in ("programme", "trust", "region"):
        journey = start(person)
        journey.click("link", "The pack for a board")
        journey.click("button", "Create the file")
        assert journey.download("Download").read_bytes().startswith(b"%PDF")
        journey.took(f"The pack for the board ({person})", 3)


def test_the_data_into_my_tool(start):
    for link, clicks in ((), 3), (("Restrictive interventions",), 4):
        journey = start("programme")
        for name in link:
            journey.click("link", name)
        journey.click("link", "figures as a tidy table")
        journey.click("button", "Create the file")
        table = journey.download("Download").read_bytes()
        assert table.startswith(b"release,level,unit_id")
        assert (b"SS-O1" in table) != bool(link)  # all measures, or the one on the screen
        journey.took(f"The data into my BI tool ({link[0] if link else 'all measures'})", clicks)


def test_errors_for_a_ward_the_first_return_and_its_correction(lead, tmp_path):
    """One after the other, as they happen: three errors, then the return, then a correction."""
    wrong = rows(LAST)
    wrong[0] |= {"pt_safe": 99, "staff_in_post": "about 30", "inc_other": "<5"}
    lead.click("link", "Send a return")
    lead.visit.open(f"send?month={LAST}")
    lead.give(return_file(tmp_path, LAST, wrong), "Fix these")
    assert b"WARD01" in lead.download("Page to print (HTML)").read_bytes()
    lead.took("Three errors to a ward", 3)

    first = Journey(lead.visit)
    first.give(return_file(tmp_path, LAST, rows(LAST)), "What the check found")
    first.explain()
    first.click("button", "Send this return")
    first.see("Return received")
    first.took("My first return, once it is filled in and on its month", 2)

    again = Journey(lead.visit)
    changed = rows(LAST)
    changed[1] |= {"occupied_bed_days": 480}
    again.click("button", "Send another return")
    lead.visit.open(f"send?month={LAST}")
    again.download("Download the workbook")
    again.give(return_file(tmp_path, LAST, changed), "What changes")
    again.explain()
    again.click("button", "Send this return")
    again.see("Return received")
    again.took("A correction of last month", 4)
