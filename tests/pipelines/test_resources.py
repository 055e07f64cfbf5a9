"""Resources: each says where it comes from and whether anyone has read it; none is guessed."""

import tomllib
from datetime import date

import pytest
from pydantic import ValidationError

from pipelines.keeping.home import as_toml
from pipelines.resources import resources, usual
from schemas.programme import Programme, Resource

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
OWN = Resource(**ABOUT)


def programme(*own: Resource) -> Programme:
    return Programme(name="A", fictional=True, first_month="2026-01", resources=own)


def test_a_programme_names_its_own_or_gets_the_usual_ones():
    assert resources(programme(OWN)) == (OWN,)
    assert resources(programme()) == usual()


@pytest.mark.parametrize("beside", ["charter", "confidence", "query"])
def test_the_usual_ones_have_something_for_each_place(beside):
    found = resources(programme(), beside)
    assert found
    assert all(beside in each.beside for each in found)
    assert set(found) < set(usual())


def test_a_place_that_the_programme_names_nothing_for_gets_nothing():
    assert resources(programme(OWN), "confidence") == ()
    assert resources(programme(OWN), "query") == (OWN,)


def test_resources_survive_in_the_settings_file():
    written = programme(OWN, *usual())
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
