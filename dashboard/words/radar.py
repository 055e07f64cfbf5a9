"""The learning radar: which ideas were followed by changes for the better, in words.

Nothing here says that an idea caused anything.
"""

from dashboard.words.effects import STARTS
from pipelines.effect.radar import (
    ALREADY,
    FEWEST_TRUSTS,
    FEWEST_WARDS,
    NOT,
    ROSE,
    SOON,
    UNCHARTED,
    Idea,
    Radar,
)
from pipelines.effect.terms import in_words
from pipelines.statistics.radar import WITHIN
from schemas import wording

TITLE = "Learning radar: after which ideas did charts change for the better?"
_TRIED = {
    "charter": "with a charter in place",
    "training": "that had training",
    "forum": "that came to a learning forum",
    "staffing": "whose staffing changed",
    "building": "whose building changed",
}
_VERBS = {"up": ("rose", "Rose", "rise"), "down": ("fell", "Fell", "fall")}
WITHOUT_DIRECTION = (
    "For this measure neither more nor fewer is called better, so the radar looks for no change."
)
NOTHING = (
    "There is nothing to count yet. An idea needs "
    f"{in_words(FEWEST_WARDS)} wards of {in_words(FEWEST_TRUSTS)} trusts that tried it and have "
    f"figures from before it until {in_words(WITHIN)} months on."
)
RING_UP = (
    "What follows an idea need not come from it. Ring the wards up: those where it was followed by "
    "a change, and those that did the same and saw none."
)


def name(kind: str, idea: str) -> str:
    """What was tried, as a list writes it."""
    return idea or STARTS[kind]


def who(kind: str, idea: str) -> str:
    """The wards that tried it, within a sentence."""
    return f"wards that tried “{idea}”" if idea else f"wards {_TRIED[kind]}"


def lead(direction: str) -> str:
    """What the radar counts, and with what it is compared."""
    verb, _, noun = _VERBS[direction]
    return (
        f"A ward {verb} if a change for the better began on its chart within {in_words(WITHIN)} "
        f"months, the month of the start among them. By chance: how many such {noun}s there would "
        "be if trusts with as many wards had exchanged their starts."
    )


def stands_out(found: Radar, tried: dict[str, str], direction: str) -> str:
    """A sentence for each idea that stands out, or that none does."""
    verb, _, _ = _VERBS[direction]
    named = [_sentence(one, tried[one.idea], verb) for one in found.ideas if one.stands_out]
    looked = wording.counted(len(found.ideas), "idea")
    if not named:
        one = len(found.ideas) == 1
        return (
            f"No idea stands out. {looked} {'was' if one else 'were'} looked at, and after "
            f"{'it did no' if one else 'none of them did'} more wards {_present(direction)} than "
            "chance explains."
        )
    least = often(min(one.adjusted for one in found.ideas))
    end = f"would stand out as much {least} by chance alone."
    among = f"Of {looked} looked at, one" if len(found.ideas) > 1 else "It"
    return f"{' '.join(named)} {among} {end}"


def _sentence(one: Idea, tried: str, verb: str) -> str:
    months = in_words(WITHIN)
    return (
        f"{one.rose:,} of {one.tried:,} {tried} {verb} within {months} months; by chance "
        f"{by_chance(one)}."
    )


def by_chance(one: Idea) -> str:
    """How many wards would change by chance: 2.3, or under 0.1."""
    return "under 0.1" if 0 < one.by_chance < 0.05 else f"{one.by_chance:.1f}"


def _present(direction: str) -> str:
    return "rise" if direction == "up" else "fall"


def often(chance: float) -> str:
    """How often something comes up by chance."""
    if chance < 0.005:
        return "less than once in 200 times"
    if chance >= 0.995:
        return "nearly always"
    hundred = max(round(chance * 100), 1)  # 0.005 would be rounded to the even 0
    return "once in 100 times" if hundred == 1 else f"{hundred} times in 100"


def too_few(found: Radar) -> str:
    """How many ideas were not looked at, and why."""
    if not found.too_few:
        return ""
    were = "idea was" if found.too_few == 1 else "ideas were"
    return (
        f"{found.too_few:,} more {were} not looked at: fewer than {in_words(FEWEST_WARDS)} wards, "
        "or wards of one trust only, tried it long enough ago and have a chart from before it."
    )


def column(direction: str) -> str:
    """The heading of how many changed."""
    return f"{_VERBS[direction][1]} within {in_words(WITHIN)} months"


def became(state: str, rose: str, direction: str) -> str:
    """What became of a ward that tried an idea."""
    _, verb, noun = _VERBS[direction]
    return {
        ROSE: f"{verb} in {rose}",
        NOT: f"No {noun} began",
        ALREADY: "Had already changed for the better",
        SOON: "Too soon to say",
        UNCHARTED: "No chart with limits from before the start",
    }[state]
