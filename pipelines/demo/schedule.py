"""Decides when each return of the story is sent, by whom, and which are never sent. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipelines.demo.cast import Trust
from pipelines.demo.script import script
from pipelines.demo.seeded_chance import chance
from pipelines.demo.story import Story
from schemas.deadlines import after_working_days


@dataclass(frozen=True)
class Posting:
    """One workbook to be sent; months are counted from 0."""

    month: int
    version: int
    at: datetime
    by: str
    answered: bool = True


def postings(story: Story, trust: Trust) -> list[Posting]:
    """Everything a trust sends, in the order it is sent."""
    sent = [posting for month in story.expected(trust) for posting in _of(story, trust, month)]
    return sorted(sent, key=lambda posting: posting.at)


def _of(story: Story, trust: Trust, month: int) -> list[Posting]:
    if _never_sent(story, trust, month):
        return []
    by = sender(trust)
    asks = "leaves_a_query" in trust.habits and month == story.size.months - 1
    posts = [Posting(month, 1, _moment(story, trust, month, 1), by, answered=not asks)]
    if "resubmits" in trust.habits and month == _free_month(story, "resubmits"):
        posts.append(Posting(month, 2, _moment(story, trust, month, 2), by))
    return posts


def brings_at(story: Story, trust: Trust) -> datetime:
    """When a trust sends what it brings from before it joined."""
    day = story.month(trust.joins).first_day + timedelta(days=14)
    return datetime(day.year, day.month, day.day, 11, 20, tzinfo=UTC)


def sender(trust: Trust) -> str:
    """The person in the register who sends for a trust, or its team's mailbox."""
    leads = [p for p in script()["people"] if p["role"] == "trust" and "left_at" not in p]
    own = [person["email"] for person in leads if trust.number in person["trusts"]]
    return own[0] if own else f"sexual.safety@{trust.code.lower()}.example"


def _never_sent(story: Story, trust: Trust, month: int) -> bool:
    last = month == story.size.months - 1
    if "misses_a_month" in trust.habits:
        return month == _free_month(story, "misses")
    if "misses_many" in trust.habits:
        rng = chance(story.size.seed, "misses", trust.code, month)
        return last or rng.random() < 0.35
    return last and "late" in trust.habits


def _free_month(story: Story, name: str) -> int:
    """The month of the story, or the next one if the programme was paused then."""
    month = story.size.month_at(script()["months"][name])
    return story.pause.stop if month in story.pause else month


def _moment(story: Story, trust: Trust, month: int, version: int) -> datetime:
    """When a return is sent: mostly within ten working days of the month's end.

    The last month's is sent on the day after it ends, so that a demonstration is the same whichever
    day of a month it is made on.
    """
    rng = chance(story.size.seed, "sent", trust.code, month, version)
    days = 18 if version > 1 else rng.randint(3, 9)
    if "late" in trust.habits and rng.random() < 0.6:
        days = rng.randint(11, 22)
    end = story.month(month).last_day
    last = month == story.size.months - 1
    day = end + timedelta(days=1) if last else after_working_days(end, days)
    hour = 7 + version if last else rng.randint(8, 16)
    return datetime(
        day.year, day.month, day.day, hour, rng.randrange(60), rng.randrange(60), tzinfo=UTC
    )
