"""What people decided in the story: annotations, a rebase and tests of change. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from pipelines.demo.script import script
from pipelines.demo.story import Story
from pipelines.keeping.decisions import Decided, decision
from schemas.change_tests import ChangeTest
from schemas.receipts import Decision

REBASED = ("SS-I1", "SS-I2", "SS-I3", "SS-I4")


def decisions(story: Story) -> list[Decision]:
    """Every decision of the programme team and of wards."""
    return [*_annotations(story), *_rebases(story), *_tests_of_change(story)]


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


def _tests_of_change(story: Story) -> Iterator[Decision]:
    """Each entry of a ward's log: as it began and, if it has an outcome, a version that says so."""
    last = story.size.months - 1
    for number, told in enumerate(script()["tests_of_change"]):
        ward = next((w for w in story.wards if w.chapter and w.chapter.id == told["chapter"]), None)
        if ward is None:
            continue
        month = max((last if told.get("to_last") else ward.turn) + told["starts"], 0)
        start = story.month(month).first_day + timedelta(days=7)
        end = start + timedelta(weeks=told["weeks"])
        typed = _TYPED if told.get("outcome") else (*_TYPED, "happened")
        begun = ChangeTest(start=start, end=end, **{name: told.get(name) for name in typed})
        about = {
            "trust_code": story.owner(ward, month),
            "ward_code": ward.code,
            "month": start.isoformat(),
            "label": begun.idea,
            "measure": begun.measure,
        }
        by = _lead(ward.trust_code)
        taken = decision(
            "change_test", Decided(by, _at(start, number), begun.prediction), tried=begun, **about
        )
        yield taken
        if told.get("outcome") and end <= story.month(last).last_day:
            over = begun.model_copy(
                update={"happened": told["happened"], "outcome": told["outcome"]}
            )
            decided = Decided(by, _at(end, number), "It is over")
            yield decision("change_test", decided, tried=over, replaces=taken.id, **about)


_TYPED = ("idea", "foundation", "prediction", "measure")


def _lead(trust: str) -> str:
    """Who writes a trust's log: its lead or, if it has none, the programme team."""
    team, *others = script()["people"]
    leads = [p for p in others if int(trust[1:]) in p.get("trusts", ()) and "left_at" not in p]
    return str((leads or [team])[0]["email"])


def _at(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, 15, minute, tzinfo=UTC)


def _on(story: Story, month: int, minute: int) -> datetime:
    day = story.month(month).first_day + timedelta(days=14)
    return datetime(day.year, day.month, day.day, 10, minute, tzinfo=UTC)
