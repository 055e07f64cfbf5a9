"""The lists a programme may replace: each entry says where it is from; no link is guessed."""

import tomllib
from datetime import date

import pytest
from pydantic import ValidationError

from pipelines.keeping.home import as_toml
from pipelines.reference import resources, support, usual_resources, usual_support
from schemas.programme import Programme, Resource, Support

OUR_LINE = Support(
    name="Our line", how="01632 960000, day and night", link="https://trust.example/help"
)
ABOUT = {
    "title": "How we wrote ours",
    "link": "https://trust.example/charter",
    "foundation": "charter",
    "for_whom": "ward teams",
    "beside": ("charter", "query"),
    "source": "the programme team",
    "state": "opened",
    "read": date(2026, 11, 1),
}
OUR_PAGE = Resource(**ABOUT)


def programme(**own: object) -> Programme:
    return Programme(name="A", fictional=True, first_month="2026-01", **own)


def test_a_programme_names_its_own_places_or_gets_the_usual_ones():
    assert support(programme(support=(OUR_LINE,))) == (OUR_LINE,)
    assert support(programme()) == usual_support()


def test_every_usual_number_says_where_it_was_read_and_when():
    numbers = [place for place in usual_support() if place.link]
    assert len(numbers) >= 3
    assert all(place.source and place.checked for place in numbers)
    assert any("999" in place.how for place in usual_support())


def test_places_survive_in_the_settings_file():
    written = programme(support=(OUR_LINE, *usual_support()))
    assert Programme.model_validate(tomllib.loads(as_toml(written))) == written


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://plain.example", "trust.example"])
def test_a_link_is_a_safe_one(link):
    with pytest.raises(ValidationError, match="link"):
        Support(name="Our line", how="call", link=link)


def test_a_programme_names_its_own_resources_or_gets_the_usual_ones():
    assert resources(programme(resources=(OUR_PAGE,))) == (OUR_PAGE,)
    assert resources(programme()) == usual_resources()


@pytest.mark.parametrize("beside", ["charter", "confidence", "query"])
def test_the_usual_resources_have_something_for_each_place(beside):
    found = resources(programme(), beside)
    assert found
    assert all(beside in each.beside for each in found)
    assert set(found) < set(usual_resources())


def test_a_place_that_the_programme_names_nothing_for_gets_nothing():
    assert resources(programme(resources=(OUR_PAGE,)), "confidence") == ()
    assert resources(programme(resources=(OUR_PAGE,)), "query") == (OUR_PAGE,)


def test_resources_survive_in_the_settings_file():
    written = programme(resources=(OUR_PAGE, *usual_resources()))
    assert Programme.model_validate(tomllib.loads(as_toml(written))) == written


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "http://plain.example"}, "link"),
        ({"foundation": "restraint"}, "none of benchmarking, charter"),
        ({"beside": ("overview",)}, "beside"),
        ({"beside": ()}, "beside"),
        ({"read": None}, "every other state has one"),
        ({"state": "unread"}, "has no date"),
        ({"link": ""}, "needs its link"),
        ({"source": ""}, "source"),
    ],
)
def test_a_faulty_resource_is_refused(changed, says):
    with pytest.raises(ValidationError, match=says):
        Resource(**ABOUT | changed)
