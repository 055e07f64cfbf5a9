"""Someone who can't see a chart finds out from the keyboard when it changed, and hears it."""

import re
from collections.abc import Iterator

import duckdb
import pytest

from pipelines.keeping.home import open_home
from pipelines.releasing import release_file
from tests.browser.visit import Visit, begin

SPOKEN = (
    """() => [...document.querySelector('.fs-listen-words').children].at(-1)?.innerText.trim()"""
)
# A stand-in for the sound card counts the notes.
COUNT = """() => {
    window.notes = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
        window.notes += 1;
        start.apply(this, when);
    };
}"""


@pytest.fixture
def ward(demo_home) -> str:
    """A ward on whose first chart something stands out."""
    release = release_file.current(open_home(demo_home).releases)
    with duckdb.connect(str(release), read_only=True) as connection:
        found = connection.sql(
            "SELECT unit_id FROM points WHERE level = 'ward' AND measure = 'SS-O1' "
            "AND kind IN ('concern', 'improvement') ORDER BY unit_id LIMIT 1"
        ).fetchall()
    return found[0][0]


@pytest.fixture
def visit(browser, address) -> Iterator[Visit]:
    visit = begin(browser, address, "programme")
    yield visit
    visit.page.context.close()


def _press(visit: Visit, key: str) -> str:
    """Press a key, and wait for what is said after it."""
    before = visit.page.evaluate(SPOKEN)
    visit.page.keyboard.press(key)
    visit.page.wait_for_function(f"before => ({SPOKEN})() !== before", arg=before)
    return visit.page.evaluate(SPOKEN)


def test_when_did_it_change(visit, ward, capsys):
    visit.open(f"ward?ward={ward}")
    loaded: list[str] = []
    visit.page.on("request", lambda request: loaded.append(request.url))
    visit.page.evaluate(COUNT)
    headline = visit.page.locator("h3.fs-takeaway").first.inner_text()
    summary = visit.page.locator("summary", has_text="listen").first
    assert not [address for address in loaded if "chart2music" in address]
    summary.focus()
    keys = ["Enter", "Tab", "Page Down"]
    visit.page.keyboard.press("Enter")
    visit.settle()
    visit.page.wait_for_selector('.fs-listen-chart[tabindex="0"]')
    visit.page.keyboard.press("Tab")
    visit.page.wait_for_function(f"() => ({SPOKEN})()")
    first = visit.page.evaluate(SPOKEN)
    assert first.startswith(f"{headline}. Month by month. ")
    said = _press(visit, "PageDown")
    assert said.startswith("What stands out. ")
    with capsys.disabled():
        print(f"\nWhen did it change? {len(keys)} keys: {said}")
    shown = visit.page.locator("table.fs-table").first.inner_text().replace("\xa0", " ")
    assert all(month in shown for month in re.findall(r"[A-Z][a-z]+ 20\d\d", said))
    _press(visit, "PageUp")
    month = _press(visit, "End")
    latest = visit.page.locator("table.fs-table tbody tr").first.inner_text().split()
    assert month.startswith(f"{' '.join(latest[:2])}, ")
    assert visit.page.evaluate("window.notes") > 0
    assert _press(visit, "h").startswith("Left and right arrows move")
    assert all(address.startswith((visit.address, "blob:", "data:")) for address in loaded)
    assert visit.inaccessible() == []
    assert visit.errors == []
