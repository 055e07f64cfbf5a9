"""Sources of support: the programme's own or else the usual ones, each with a checked source."""

import tomllib

import pytest
from pydantic import ValidationError

from pipelines.keeping.home import as_toml
from pipelines.support import support, usual
from schemas.programme import Programme, Support

OWN = Support(name="Our line", how="01632 960000, day and night", link="https://trust.example/help")


def programme(*places: Support) -> Programme:
    return Programme(name="A", fictional=True, first_month="2026-01", support=places)


def test_a_programme_names_its_own_places_or_gets_the_usual_ones():
    assert support(programme(OWN)) == (OWN,)
    assert support(programme()) == usual()


def test_every_usual_number_says_where_it_was_read_and_when():
    numbers = [place for place in usual() if place.link]
    assert len(numbers) >= 3
    assert all(place.source and place.checked for place in numbers)
    assert any("999" in place.how for place in usual())


def test_places_survive_in_the_settings_file():
    written = programme(OWN, *usual())
    assert Programme.model_validate(tomllib.loads(as_toml(written))) == written


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://plain.example", "trust.example"])
def test_a_link_is_a_safe_one(link):
    with pytest.raises(ValidationError, match="link"):
        Support(name="Our line", how="call", link=link)
