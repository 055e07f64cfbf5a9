"""What the programme team decided in the story: annotations and a rebase. Pure."""

from datetime import UTC, datetime, timedelta

from pipelines.demo.script import script
from pipelines.demo.story import Story
from pipelines.keeping.decisions import Decided, decision
from schemas.receipts import Decision

REBASED = ("SS-I1", "SS-I2", "SS-I3", "SS-I4")


def decisions(story: Story) -> list[Decision]:
    """Every decision of the programme team."""
    return [*_annotations(story), *_rebases(story)]


def _annotations(story: Story) -> list[Decision]:
    by = script()["people"][0]["email"]
    return [
        decision(
            "annotation",
            Decided(by, _on(story, month, number), event["label"]),
            month=str(story.month(month)),
            label=event["label"],
            event_kind="forum",
        )
        for number, event in enumerate(script()["annotations"])
        if (month := story.size.month_at(event["at"])) or story.size.months > 1
    ]


def _rebases(story: Story) -> list[Decision]:
    by = script()["people"][0]["email"]
    return [
        decision(
            "rebase",
            Decided(
                by,
                _on(story, min(ward.turn + 1, story.size.months - 1), 10 + number),
                ward.chapter.rebase,
            ),
            trust_code=story.owner(ward, story.size.months - 1),
            ward_code=ward.code,
            measure=measure,
            month=str(story.month(ward.turn)),
            label="Definition changed: figures before and after are not compared",
        )
        for ward in story.wards
        if ward.chapter and ward.chapter.rebase
        for number, measure in enumerate(REBASED)
    ]


def _on(story: Story, month: int, minute: int) -> datetime:
    day = story.month(month).first_day + timedelta(days=14)
    return datetime(day.year, day.month, day.day, 10, minute, tzinfo=UTC)
