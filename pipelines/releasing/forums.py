"""Puts learning forums, their attendance and what people said into tables of the release."""

from collections.abc import Callable

import polars as pl

from pipelines.keeping.forums import KeptForum
from pipelines.releasing.sources import Sources
from pipelines.releasing.trusts_and_wards import as_today
from schemas.forums import COMMENT
from schemas.programme import DisclosurePolicy
from schemas.release import ForumAnswers, ForumAttendance, Forums
from schemas.typed import empty, typed


def held_or_planned(sources: Sources) -> list[KeptForum]:
    """Every forum that is not removed.

    A forum whose newest version is damaged is left out, as a return is.
    """
    in_use = sources.entries.forums_in_use
    kept = [sources.archive.forum_version(r.forum, r.version) for r in in_use]
    return [forum for forum in kept if not forum.about.removed]


def forums(
    kept: list[KeptForum], policy: DisclosurePolicy, trusts: pl.DataFrame, wards: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """The three tables of forums; `trusts` and `wards` are the release's."""
    attended = _together(kept, _attendance, ForumAttendance)
    placed = as_today(attended, wards, trusts)
    placed = placed.group_by("forum", "trust_code", "ward_id", "group").agg(pl.col("people").sum())
    answers = _together(kept, lambda forum: answers_shown(forum.answers, policy), ForumAnswers)
    return {
        "forums": _details(kept),
        "forum_attendance": placed.sort(pl.all()),
        "forum_answers": answers.sort("forum", "question", "place", "answer"),
    }


def answers_shown(answers: pl.DataFrame, policy: DisclosurePolicy) -> pl.DataFrame:
    """The answers to each question; where too few people answered, only how many did.

    “Too few” is as for every percentage of people (`DisclosurePolicy.least_answers`). Comments are
    judged by the question that most people answered: of a session that two people spoke about,
    a comment would point to one of them.
    """
    counted = answers.with_columns(answered=pl.col("people").sum().over("question"))
    of_session = counted["answered"].max()
    asked = pl.when(pl.col("scale") == COMMENT).then(pl.lit(of_session)).otherwise("answered")
    few = asked < policy.least_answers(of_people=True)
    hidden = counted.with_columns(
        pl.when(~few).then(pl.col(name)).alias(name) for name in ("place", "answer", "people")
    )
    return hidden.unique(maintain_order=True)


def _details(kept: list[KeptForum]) -> pl.DataFrame:
    rows = [
        {
            **forum.about.model_dump(exclude={"removed"}),
            "materials": forum.about.materials or None,
            "recording": forum.about.recording or None,
        }
        for forum in kept
    ]
    found = typed(pl.DataFrame(rows, infer_schema_length=None), Forums) if rows else empty(Forums)
    return found.sort("day", "forum")


def _attendance(forum: KeptForum) -> pl.DataFrame:
    ward = pl.format("{}-{}", "trust_code", "ward_code")
    return forum.attendance.with_columns(ward_id=ward)


def _together(kept: list[KeptForum], rows: Callable[[KeptForum], pl.DataFrame], model):
    """The rows of every forum under its code, in the columns of a table."""
    frames = [rows(each).with_columns(forum=pl.lit(each.about.forum)) for each in kept]
    return typed(pl.concat(frames), model) if frames else empty(model)
