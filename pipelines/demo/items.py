"""Works out what staff of the story answered item by item, before and after a session. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.demo.cast import Ward
from pipelines.demo.seeded_chance import binomial, chance
from pipelines.demo.story import Story

Row = dict[str, Any]
SESSION_EVERY = 4  # months; only then are staff asked before and after
# How far an item is from overall confidence after a session, and what the session adds, in turn.
_ITEMS = ((0.08, 0.08), (-0.16, 0.22), (0.05, 0.10), (-0.06, 0.12))


def items(
    story: Story, ward: Ward, month: int, monthly: Mapping[str, Any], asked: Sequence[str]
) -> list[Row]:
    """A ward's rows of the sheet “confidence”; none if it counted no confidence that month."""
    answered = monthly.get("conf_valid")
    if not answered:
        return []
    overall = monthly["conf_positive"] / answered
    session = (month + len(ward.name)) % SESSION_EVERY == 0
    rows = []
    for number, item in enumerate(asked):
        rng = chance(story.size.seed, "item", ward.id, month, item)
        apart, added = _ITEMS[number % len(_ITEMS)]
        after = _share(overall + apart)
        valid = binomial(rng, answered, 0.96)
        row = {"ward_code": ward.code, "question_id": item}
        row |= {"item_answered": valid, "item_confident": binomial(rng, valid, after, 0.6)}
        if session:
            before = binomial(rng, answered, 0.9)
            confident = binomial(rng, before, _share(after - added), 0.6)
            row |= {"before_answered": before, "before_confident": confident}
        rows.append(row)
    return rows


def _share(value: float) -> float:
    return min(0.98, max(0.05, value))
