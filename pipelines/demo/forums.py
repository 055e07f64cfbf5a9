"""Holds the story's learning forums: their list, attendance and evaluations, as files are saved."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from random import Random
from typing import Any

from pipelines.demo.cast import Trust
from pipelines.demo.script import script
from pipelines.demo.seeded_chance import chance
from pipelines.demo.story import Story
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home
from pipelines.learning.attendance_file import read_attendance
from pipelines.learning.evaluation_file import read_evaluation
from pipelines.learning.forums_file import HEADINGS, read_forums
from pipelines.learning.save import save_attendance, save_evaluation, save_forums
from schemas.forums import COMMENT, GROUPS, SCALES
from schemas.wording import starting

_BETTER = 0.12  # of a place on the scale, from each forum to the next
_SPREAD = 0.9  # standard deviation of one person's answer


def hold_forums(home: Home, story: Story) -> None:
    """Save every forum, and for those held who came and what they said; the same every time."""
    register = home.archive.newest_register()
    held = _held(story)
    listed, _ = read_forums("forums.csv", _csv(HEADINGS, _list(story, held)))
    for forum in listed:
        save_forums(home, [forum], _decided(forum.day - timedelta(days=50), story, "Planned"))
    for number, (forum, month) in enumerate(zip(listed, held, strict=False)):
        after = _decided(forum.day + timedelta(days=2), story, "From the demonstration")
        rows = list(_attendance(story, number, month))
        if not rows:
            continue
        columns = ("trust_code", "ward_code", *GROUPS)
        came, _ = read_attendance("attendance.csv", _csv(columns, rows), register)
        save_attendance(home, forum.forum, came, after)
        answers = _csv(_texts(), _answers(story, number, int(came["people"].sum())))
        said, _ = read_evaluation("evaluation.csv", answers, register, after.at.date())
        save_evaluation(home, forum.forum, said, after)


def _held(story: Story) -> list[int]:
    """The month of each learning set of the story, as its annotations have them."""
    shares = [event["at"] for event in script()["annotations"]]
    return [story.size.month_at(share) for share in shares] if story.size.months > 1 else []


def _list(story: Story, held: Sequence[int]) -> Iterable[Sequence[object]]:
    settings = script()["forums"]
    labels = [event["label"].partition(": ")[2] for event in script()["annotations"]]
    titles = [starting(label) for label in labels]
    for number, (month, title) in enumerate(zip(held, titles, strict=False)):
        link = f"{settings['links']}/{number + 1}"
        day = story.month(month).first_day + timedelta(days=9 + number)
        recording = "" if number + 1 == len(held) else f"{link}/recording"
        yield f"LF{number + 1:02}", day, title, "learning_set", f"{link}/materials", recording
    day = story.last.last_day + timedelta(days=settings["next_in_days"])
    yield f"LF{len(held) + 1:02}", day, settings["next"], "learning_set", "", ""


def _attendance(story: Story, number: int, month: int) -> Iterable[Sequence[object]]:
    """Who came from each trust, from one ward where it has any open."""
    for trust in story.trusts:
        if not _comes(story, trust, number, month):
            continue
        rng = chance(story.size.seed, "forum", number, trust.code)
        wards = story.wards_of(trust, month)
        ward = rng.choice(wards).code if wards and rng.random() < 0.8 else ""
        lived = rng.randint(0, 2) if rng.random() < 0.6 else ""
        carers = rng.randint(0, 1) if rng.random() < 0.4 else ""
        yield trust.code, ward, rng.randint(1, 4), lived, carers


def _comes(story: Story, trust: Trust, number: int, month: int) -> bool:
    settings, seed = script()["forums"], story.size.seed
    merged = trust.merges_at is not None and month >= trust.merges_at
    if month < trust.joins or merged:
        return False
    if chance(seed, "never at a forum", trust.code).random() < settings["never"]:
        return False
    return chance(seed, "comes", number, trust.code).random() < settings["comes"]


def _texts() -> list[str]:
    return [question["text"] for question in script()["forums"]["questions"]]


def _answers(story: Story, number: int, came: int) -> Iterable[Sequence[str]]:
    settings = script()["forums"]
    for person in range(max(1, round(came * settings["answers"]))):
        rng = chance(story.size.seed, "says", number, person)
        yield [_answer(question, number, rng) for question in settings["questions"]]


def _answer(question: dict[str, Any], number: int, rng: Random) -> str:
    if question["scale"] == COMMENT:
        return rng.choice(question["comments"]) if rng.random() < 0.4 else ""
    place = round(rng.gauss(question["favours"] + number * _BETTER, _SPREAD))
    return SCALES[question["scale"]][min(5, max(1, place)) - 1]


def _csv(header: Iterable[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def _decided(day: date, story: Story, reason: str) -> Decided:
    """A decision of the programme team on a day, or when it began if that is later."""
    day = max(day, story.month(0).first_day + timedelta(days=1))
    return Decided(script()["people"][0]["email"], datetime.combine(day, time(9), UTC), reason)
