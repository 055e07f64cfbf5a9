"""Makes up what a staff survey from outside says of the story's trusts, in two years. Pure."""

from collections.abc import Iterator
from typing import Any

from pipelines.demo.cast import Trust
from pipelines.demo.script import script
from pipelines.demo.seeded_chance import binomial, chance
from pipelines.demo.story import Story

_YEAR = 12
_LEAST = 5  # of either answer, so that no figure is too small to be kept


def yardsticks(story: Story, known: int) -> Iterator[dict[str, Any]]:
    """The rows of yardsticks.csv as known in a month of the story; none before they were there."""
    settings = script()["yardsticks"]
    at = story.size.month_at(settings["known"])
    if known < at:
        return
    for years_ago in (1, 0):
        first = story.month(at) + -(_YEAR * (years_ago + 1))
        period = {"period_from": first.first_day, "period_to": (first + (_YEAR - 1)).last_day}
        for trust in story.trusts:
            figure = _figure(story, trust, years_ago)
            if figure:
                about = {name: settings[name] for name in ("source", "asked_of", "higher_means")}
                yield {"trust_code": trust.code, **about, **period, **figure}


def _figure(story: Story, trust: Trust, years_ago: int) -> dict[str, Any] | None:
    settings = script()["yardsticks"]
    rng = chance(story.size.seed, "yardstick", trust.number, years_ago)
    if rng.random() >= settings["answered"]:
        return None
    harmed = settings["silent" if trust.number in settings["silent_trusts"] else "harmed"]
    every = rng.randrange(80, 400)
    said = max(_LEAST, binomial(rng, every, harmed))
    only_percent = trust.number in settings["percent_only"]
    return {
        "numerator": None if only_percent else said,
        "denominator": None if only_percent else every,
        "percent": round(100 * said / every) if only_percent else None,
    }
