"""Learning forums in words: the next one, who was reached, and how people answered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import polars as pl

from schemas import wording
from schemas.forums import SCALES, UPPER
from schemas.vocabularies import FORUM_KIND

NOTHING_PLANNED = "No learning forum is planned at the moment."
NOT_COUNTED = "not counted"
TOO_FEW = "Too few people answered to show their answers"
PLACEHOLDER = (
    "The questions are those of the programme’s own form. There is no official evaluation form in "
    "this system."
)


def next_forum(forums: pl.DataFrame, today: date) -> str:
    """When the next forum is, and what it is about."""
    coming = forums.filter(pl.col("day") >= today).sort("day", "forum")
    if coming.is_empty():
        return NOTHING_PLANNED
    row = coming.row(0, named=True)
    kind = FORUM_KIND[row["kind"]].lower() if row["kind"] != "other" else "forum"
    when = "today" if row["day"] == today else f"on {wording.day_of(row['day'])}"
    return f"The next {kind} is {when}: “{row['title']}”."


def reached(forums: pl.DataFrame, trusts: pl.DataFrame, today: date) -> str:
    """How many trusts have come to any forum so far."""
    past = forums.filter(pl.col("day") < today).height
    if not past:
        return "No forum has been held yet."
    came = trusts.filter(pl.col("forums") > 0).height
    held = wording.counted(past, "forum")
    return (
        f"{wording.of_them(came, trusts.height, 'trust')} "
        f"{'has' if came == 1 else 'have'} come to at least one of the {held} held so far."
        if past > 1
        else f"{wording.of_them(came, trusts.height, 'trust')} came to the one forum held so far."
    )


def never_came(names: Sequence[str]) -> str:
    """Which trusts have never sent anyone."""
    if not names:
        return "Every trust has come to at least one forum."
    return f"{wording.counted(len(names), 'trust')} never came: {wording.listed(names)}."


def own(count: int, past: int, whose: str = "Your trust") -> str:
    """To how many of the forums held so far a trust has sent anyone."""
    if past == 1:
        return f"{whose} {'came' if count else 'did not come'} to the one forum held so far."
    return f"{whose} came to {count:,} of the {past:,} forums held so far."


def coming(forums: pl.DataFrame, today: date) -> str | None:
    """The date and title of the next forum, in a few words; None if none is planned."""
    soon = forums.filter(pl.col("day") >= today).sort("day", "forum")
    if soon.is_empty():
        return None
    day, title = soon.select("day", "title").row(0)
    return f"{wording.day_of(day)}: {title}"


def people(number: int | None) -> str:
    """A count of people, or that nobody counted."""
    return NOT_COUNTED if number is None else f"{number:,}"


def upper(scale: str) -> str:
    """The answers of a scale that are counted together: “Agree” or “Strongly agree”."""
    return wording.listed((wording.quoted(answer) for answer in SCALES[scale][UPPER - 1 :]), "or")


def under(scale: str, counts: Mapping[int, int], answered: int) -> str:
    """What goes under a question: how many gave the upper answers; `counts` are by place.

    Without counts, too few people answered for them to be shown.
    """
    if not counts:
        return f"{TOO_FEW} ({answered:,})"
    of = wording.counted(answered, "person", "people")
    return f"{share(counts):.0%} of {of}: {upper(scale)}"


def share(counts: Mapping[int, int]) -> float:
    """The share of the upper two places of a scale."""
    return sum(n for place, n in counts.items() if place >= UPPER) / sum(counts.values())


def spread(scale: str, shares: Iterable[float], one: str) -> str:
    """The title of a chart: how many gave the upper answers, over questions or forums."""
    found = list(shares)
    if not found:
        return f"{TOO_FEW}."
    if len(found) == 1 or min(found) == max(found):
        return f"{max(found):.0%} answered {upper(scale)}"
    return (
        f"Between {min(found):.0%} and {max(found):.0%} answered {upper(scale)}, over "
        f"{wording.counted(len(found), one)}"
    )


def response(answered: int, came: int | None) -> str:
    """How many people answered, of those who came if that is known."""
    if came is None or came < answered:
        return f"{wording.counted(answered, 'person', 'people')} answered."
    return f"{wording.of_them(answered, came, 'person', 'people')} who came answered."
