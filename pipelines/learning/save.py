"""Checks and saves what the programme knows of its learning forums; nothing is ever deleted."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import polars as pl

from pipelines.keeping.damaged import DamagedEntry
from pipelines.keeping.decide import NO_REASON, Decided, DecisionError
from pipelines.keeping.forums import KeptForum, new_forum
from pipelines.keeping.free_text import UnfitText, fit
from pipelines.keeping.home import Home
from pipelines.keeping.staging import VersionTaken
from schemas.forums import Answers, Attendance, Forum
from schemas.london_time import london_day
from schemas.typed import typed
from schemas.wording import day_of

_WHO = ["trust_code", "ward_code", "group"]


def forums(home: Home) -> list[KeptForum]:
    """All that is known of every forum that is not removed, the earliest first."""
    archive = home.archive
    kept = [archive.forum_version(r.forum, r.version) for r in archive.entries().forums_in_use]
    there = [forum for forum in kept if not forum.about.removed]
    return sorted(there, key=lambda forum: (forum.about.day, forum.about.forum))


def save_forums(home: Home, about: Sequence[Forum], decided: Decided) -> dict[str, int]:
    """Save the details of forums, each with what is known of it.

    Returns the new version of each that has changed.
    """
    for forum in about:
        _fit(home, forum.title, f"The title of {forum.forum}", decided)

    versions = {}
    for forum in about:

        def changed(kept: KeptForum | None, forum: Forum = forum) -> KeptForum:
            return replace(kept, about=forum) if kept else new_forum(forum)

        if version := _saved(home, forum.forum, decided, changed):
            versions[forum.forum] = version
    return versions


def save_attendance(home: Home, forum: str, attendance: pl.DataFrame, decided: Decided) -> int:
    """Save who came to a forum; returns its new version, 0 if that changes nothing.

    A count takes the place of the one for the same trust, ward and group; the others stay.
    """

    def changed(kept: KeptForum | None) -> KeptForum:
        known = _held(kept, forum, decided)
        others = known.attendance.join(attendance, on=_WHO, how="anti", nulls_equal=True)
        every = pl.concat([others, typed(attendance, Attendance)])
        return replace(known, attendance=Attendance.validate(every.sort(_WHO, nulls_last=True)))

    return _saved(home, forum, decided, changed)


def save_evaluation(home: Home, forum: str, answers: pl.DataFrame, decided: Decided) -> int:
    """Save what people said about a forum, in place of what was there.

    Returns its new version, 0 if that changes nothing.
    """

    def changed(kept: KeptForum | None) -> KeptForum:
        return replace(_held(kept, forum, decided), answers=Answers.validate(answers))

    return _saved(home, forum, decided, changed)


def undo_forum(home: Home, forum: str, decided: Decided, version: int | None = None) -> int:
    """Undo the last change to a forum: it is as it was before, or removed if that was the first.

    Returns the new version. If one to undo is named, it must be the newest.
    """
    newest = newest_version(home, forum)
    if newest == 0:
        raise _no_forum(forum)
    if version not in (None, newest):
        raise _changed_since(forum)
    before = _version(home, forum, max(newest - 1, 1))
    if newest == 1:
        before = replace(before, about=before.about.model_copy(update={"removed": True}))
    try:
        return home.archive.keep_forum(before, _reasoned(home, decided), newest)
    except VersionTaken:
        raise _changed_since(forum) from None


def _saved(
    home: Home, forum: str, decided: Decided, change: Callable[[KeptForum | None], KeptForum]
) -> int:
    """Keep a forum as changed, over whatever is newest by then; its new version, if it changes."""
    reasoned = _reasoned(home, decided)
    while True:
        over = newest_version(home, forum)
        kept = _version(home, forum, over) if over else None
        after = change(kept)
        if kept and _same(kept, after):
            return 0
        try:
            return home.archive.keep_forum(after, reasoned, over)
        except VersionTaken:
            continue  # someone was faster: change theirs


def _reasoned(home: Home, decided: Decided) -> Decided:
    if not decided.reason.strip():
        raise DecisionError(NO_REASON)
    return replace(decided, reason=_fit(home, decided.reason, "Your reason", decided))


def _fit(home: Home, text: str, what: str, decided: Decided) -> str:
    try:
        return fit(text, what, home.archive.newest_register(), london_day(decided.at))
    except UnfitText as unfit:
        raise DecisionError(str(unfit)) from None


def newest_version(home: Home, forum: str) -> int:
    """The newest version of a forum, 0 without any; raises DecisionError."""
    try:
        return home.archive.newest_forum(forum)
    except DamagedEntry as damaged:
        raise DecisionError(str(damaged)) from None


def _version(home: Home, forum: str, version: int) -> KeptForum:
    try:
        return home.archive.forum_version(forum, version)
    except DamagedEntry as damaged:
        raise DecisionError(str(damaged)) from None


def _same(one: KeptForum, other: KeptForum) -> bool:
    return one.about == other.about and all(
        before.sort(before.columns).equals(after.sort(before.columns))
        for before, after in ((one.attendance, other.attendance), (one.answers, other.answers))
    )


def _held(kept: KeptForum | None, forum: str, decided: Decided) -> KeptForum:
    """A forum that people can have attended; raises DecisionError if there is none."""
    if kept is None or kept.about.removed:
        raise _no_forum(forum)
    if kept.about.day > london_day(decided.at):
        raise DecisionError(
            f"{forum} is on {day_of(kept.about.day)}, so nobody can have attended it yet: check "
            "which forum this is, or its date."
        )
    return kept


def _changed_since(forum: str) -> DecisionError:
    return DecisionError(
        f"Someone else has just changed {forum}: look at it, then undo that if it is wrong."
    )


def _no_forum(forum: str) -> DecisionError:
    return DecisionError(f"There is no forum {forum}: add it first, or check its code.")


def next_code(known: Iterable[str]) -> str:
    """A code for one more forum: LF and the next number."""
    numbers = [int(code[2:]) for code in known if code[:2] == "LF" and code[2:].isdecimal()]
    return f"LF{max(numbers, default=0) + 1:02}"
