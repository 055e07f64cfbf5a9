"""The learning radar on the screen: what it says, whom to ring up, and its file."""

import re

import pytest

from dashboard.words import radar as words
from pipelines.effect.radar import Idea, Radar
from tests.dashboard.screens.opening import TEAM, shown

pytestmark = pytest.mark.slow


def test_an_idea_that_stands_out_is_said_with_its_chance_and_the_wards_to_ring_up(visit):
    app = visit(TEAM, "did-it-help")
    assert not app.exception
    text = shown(app)
    said = re.search(
        r"(\d+) of (\d+) wards with a charter in place rose within four months; "
        r"by chance ([\d.]+)\.",
        text,
    )
    assert said
    rose, of, by_chance = (float(one) for one in said.groups())
    assert of >= rose > by_chance
    assert rose == len(set(rose_in(text)))
    assert "ideas looked at, one would stand out as much" in text
    for part in ("No rise began", "Rose in ", "Ring the wards up", "What was tried"):
        assert part in text
    assert not re.search(r"\b(caused|because of|thanks to|led to|impact)\b", text)


def rose_in(text: str) -> list[str]:
    """The trusts of the wards of which the table says that they rose."""
    rows = re.findall(r"Ward A of (Z\d\d)(?:(?!Ward [AB] of ).)*?(Rose in|No rise)", text)
    return [trust for trust, what in rows if what == "Rose in"]


def test_a_measure_without_a_better_direction_or_a_chart_says_so(visit):
    assert words.WITHOUT_DIRECTION in shown(visit(TEAM, "did-it-help", measure="SS-I1"))
    assert words.NOTHING in shown(visit(TEAM, "did-it-help", measure="SS-O2"))


def told(*adjusted: float) -> Radar:
    ideas = [Idea(f"idea {n}", 5, 3, 0.6, p / 2, p, ()) for n, p in enumerate(adjusted)]
    return Radar(tuple(ideas), 2)


NAMES = {f"idea {n}": words.who("test_of_change", f"Huddle {n}") for n in range(3)}


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (0.004, "less than once in 200 times"),
        (0.005, "once in 100 times"),
        (0.015, "2 times in 100"),
        (0.994, "99 times in 100"),
        (1.0, "nearly always"),
    ],
)
def test_a_chance_is_never_said_to_be_none_in_a_hundred(chance, said):
    assert words.often(chance) == said


@pytest.mark.parametrize(("mean", "said"), [(0, "0.0"), (0.02, "under 0.1"), (2.34, "2.3")])
def test_what_chance_would_bring_is_not_rounded_to_none(mean, said):
    assert words.by_chance(Idea("idea", 5, 3, mean, 0.1, 0.1, ())) == said


def test_sentences_say_how_many_ideas_were_looked_at_and_never_more_than_the_figures():
    assert words.stands_out(told(0.02, 0.4), NAMES, "up") == (
        "3 of 5 wards that tried “Huddle 0” rose within four months; by chance 0.6. Of 2 ideas "
        "looked at, one would stand out as much 2 times in 100 by chance alone."
    )
    assert words.stands_out(told(0.01), NAMES, "down") == (
        "3 of 5 wards that tried “Huddle 0” fell within four months; by chance 0.6. It would "
        "stand out as much once in 100 times by chance alone."
    )
    assert words.stands_out(told(0.06, 0.4), NAMES, "up") == (
        "No idea stands out. 2 ideas were looked at, and after none of them did more wards rise "
        "than chance explains."
    )
    assert words.stands_out(told(0.4), NAMES, "down") == (
        "No idea stands out. 1 idea was looked at, and after it did no more wards fall than chance "
        "explains."
    )
    assert words.too_few(told(1)).startswith("2 more ideas were not looked at: fewer than three")
    assert words.too_few(Radar((), 0)) == ""
