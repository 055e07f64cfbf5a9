"""Forms that a screen shows once they are asked for, on a phone: open, asking, saved and undone."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard.screens.register import register
from pipelines.keeping.home import Home
from pipelines.releasing.build import build
from tests import by_group
from tests.browser.looked_at import WIDTHS, problems_of
from tests.browser.visit import Visit, begin
from tests.serving import served

FORMS = [
    *(("Groups", act) for act in register.ACTS["Groups"]),
    ("Trusts", "Add a trust"),
    ("Wards", "Change or close several wards at once"),
    ("People", "Give a person access"),
]


@pytest.fixture(scope="module")
def home(demo_home, tmp_path_factory) -> Home:
    """A copy of the demo to save in."""
    copied = tmp_path_factory.mktemp("forms") / "home"
    return Home(Path(shutil.copytree(demo_home, copied)))


@pytest.fixture(scope="module")
def team(browser, home, feeling_safe) -> Iterator[Visit]:
    with served(feeling_safe, home.root) as address:
        visit = begin(browser, address, "programme")
        visit.as_wide_as(WIDTHS["phone"])
        yield visit
        visit.page.context.close()


def choose(visit: Visit, label: str, option: str) -> None:
    visit.page.get_by_role("combobox", name=label).first.click()
    visit.page.get_by_role("option", name=option, exact=True).first.click()
    visit.settle()


def wrong(visit: Visit) -> list[str]:
    return [*visit.broken(), *visit.errors, *visit.inaccessible(), *visit.cut_off()]


def test_every_form_of_the_register_that_is_new_is_accessible(team):
    problems = {}
    for look, act in FORMS:
        team.open(f"register?look={look}")
        choose(team, "Change something", act)
        if more := team.page.get_by_role("spinbutton").all():  # the wards of a trust that joins
            more[0].fill("1")
            more[0].press("Tab")
            team.settle()
        if found := wrong(team):
            problems[act] = found
    assert problems == {}


def test_a_change_is_asked_about_saved_and_undone_in_sight(team, home, pictures):
    before = home.archive.newest_register()
    team.open("register?look=Groups")
    choose(team, "Change something", "Rename a group")
    team.page.get_by_role("combobox", name="Group").first.click()
    team.page.get_by_role("option").first.click()
    team.settle()
    for label, words in (("Name", "Another name"), ("Why, for the record", "It was renamed")):
        team.page.get_by_label(label).first.fill(words)
        team.page.get_by_label(label).first.press("Tab")
        team.settle()
    problems = {}
    for step, button, then in (
        ("asking", "Save…", "Cancel"),
        ("saved", f"Save as version {before.version + 1}", "Undo"),
        ("undone", "Undo", "Undo"),
    ):
        pressed = team.page.get_by_role("button", name=button, exact=True)
        pressed.evaluate("button => button.scrollIntoView({block: 'end'})")  # the worst place
        pressed.click()
        if step != "asking":
            said = team.page.get_by_text("Every figure has been recalculated.")
            done = said.filter(has_text="Undone" if step == "undone" else "Saved in the register")
            done.wait_for()
        offered = team.page.get_by_role("button", name=then, exact=True)
        offered.first.wait_for()  # for a moment, an earlier one is still there too
        team.settle()
        expect(offered).to_have_count(1)
        expect(offered).to_be_in_viewport()  # though the form above it has gone
        problems[step] = wrong(team)
        if pictures:
            team.picture(pictures / f"register-{step}-390.png")
            team.as_wide_as(WIDTHS["phone"])
    assert home.archive.newest_register().version == before.version + 2
    assert home.archive.newest_register().groups.equals(before.groups)
    assert {step: found for step, found in problems.items() if found} == {}


@pytest.mark.parametrize("width", sorted(WIDTHS.values()))
def test_new_limits_are_undone_in_sight_of_where_they_were_saved(team, width):
    team.page.set_viewport_size({"width": width, "height": 844})
    team.open("ward?ward=Z01-ALDER1")
    team.page.locator("summary", has_text="Start new limits").first.click()
    team.settle()
    why = team.page.get_by_label("What changed?").first
    why.fill("Another way of asking")
    why.press("Tab")
    team.settle()
    team.page.get_by_role("button", name="Start new limits from this month…").first.click()
    team.settle()
    button = "Yes, start new limits"
    for said in (
        "New limits from",
        "Undone: “New limits from",
    ):  # the chart above comes and goes
        team.page.get_by_role("button", name=button, exact=True).click()
        done = team.page.get_by_test_id("stAlert").filter(has_text="has been recalculated")
        done.filter(has_text=said).wait_for()
        team.settle()
        expect(team.page.get_by_role("button", name="Undo", exact=True).first).to_be_in_viewport()
        expect(done).to_be_in_viewport(ratio=1)
        assert wrong(team) == []
        button = "Undo"


def test_what_a_programme_that_asks_by_group_sees(browser, feeling_safe, pictures, tmp_path):
    asking = by_group.world(tmp_path / "asking")
    build(asking, by_group.AFTER)
    with served(feeling_safe, asking.root) as address:
        visit = begin(browser, address, "programme")
        name = "programme-who-feels-safe"
        assert problems_of(visit, "who-feels-safe", "phone", pictures, name) == {}
        assert visit.page.locator(".stVegaLiteChart").count() == 1
        visit.page.context.close()
