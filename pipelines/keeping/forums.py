"""Keeps learning forums: each change is a new version of one forum, with all that is known of it.

A version holds the forum's own details, its attendance and the answers about its session. Answers
are counted for each question, so what is kept never says which answers came from one person.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import polars as pl

from pipelines.keeping import chain, digests
from pipelines.keeping.damaged import DamagedEntry, whole_forum
from pipelines.keeping.decisions import Decided
from pipelines.keeping.layout import forums_in
from pipelines.keeping.staging import newest_version
from schemas.forums import Answers, Attendance, Forum
from schemas.london_time import as_utc
from schemas.receipts import ForumReceipt
from schemas.typed import Model, empty, types_of

ABOUT, ATTENDANCE, ANSWERS = "forum.json", "attendance.csv", "answers.csv"


@dataclass(frozen=True)
class KeptForum:
    """All that is known of one forum; frames are `schemas.forums.Attendance` and `Answers`."""

    about: Forum
    attendance: pl.DataFrame
    answers: pl.DataFrame


def new_forum(about: Forum) -> KeptForum:
    """A forum that nobody has attended or answered about yet."""
    return KeptForum(about, empty(Attendance), empty(Answers))


def keep_forum(root: Path, kept: KeptForum, decided: Decided, over: int) -> int:
    """Keep what is known of a forum as the version after another, and return its number.

    Raises VersionTaken if there is a newer version.
    """
    about = (kept.about.model_dump_json(indent=2) + "\n").encode()
    files = {
        ABOUT: about,
        ATTENDANCE: _csv(kept.attendance, Attendance),
        ANSWERS: _csv(kept.answers, Answers),
    }
    receipt = ForumReceipt(
        forum=kept.about.forum,
        version=over + 1,
        received_at=as_utc(decided.at),
        received_by=decided.by,
        reason=decided.reason,
        sha256=digests.of_content(files),
    )
    place = forums_in(root) / kept.about.forum
    return chain.keep_next(root, "forum", place, files, receipt)


def newest_forum(root: Path, forum: str) -> int:
    """The newest version of a forum, 0 without any; DamagedEntry if a newer one is gone."""
    newest = newest_version(forums_in(root) / forum)
    if chain.is_gone(root, f"forums/{forum}/{newest + 1}"):
        raise DamagedEntry(
            f"Version {newest + 1} of the forum {forum} is gone: restore it from a backup before "
            "you change anything about it."
        )
    return newest


def forum_version(root: Path, forum: str, version: int) -> KeptForum:
    """One version of a forum, which was checked when it was kept; raises DamagedEntry."""
    folder = forums_in(root) / forum / str(version)
    if not whole_forum(folder):
        raise DamagedEntry(
            f"Version {version} of the forum {forum} is damaged: restore it from a backup."
        )
    return KeptForum(
        Forum.model_validate_json((folder / ABOUT).read_bytes()),
        _read(folder / ATTENDANCE, Attendance),
        _read(folder / ANSWERS, Answers),
    )


def _csv(frame: pl.DataFrame, model: Model) -> bytes:
    out = BytesIO()
    columns = list(types_of(model))
    frame.select(columns).sort(columns, nulls_last=True).write_csv(out, quote_style="non_numeric")
    return out.getvalue()


def _read(path: Path, model: Model) -> pl.DataFrame:
    return _rows(path.read_bytes(), model)


@lru_cache(maxsize=2**10)  # a build reads every forum, and most are as they were
def _rows(content: bytes, model: Model) -> pl.DataFrame:
    return pl.read_csv(content, schema=types_of(model))
