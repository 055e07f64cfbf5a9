"""A drop folder: files that arrive by file transfer go down the same road as on the screen.

A file is moved only after everything about it is on the disk, and that is the last thing that
happens to it. Wherever a crash comes, the next look does the rest again and comes to the same
receipt, because a note beside the file says when it was first sent.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.checking.checked import Checked
from pipelines.keeping.dropped import ANSWERS, Dropped, Look, content_of, free_name, waiting, whole
from pipelines.keeping.home import Home
from pipelines.keeping.interrupted import first_sent, forget, remember, tidy
from pipelines.keeping.reasons import key_from
from pipelines.keeping.staging import keep_file
from pipelines.reading.readers.kind import LARGEST_FILE
from pipelines.reading.workbook import Unreadable
from pipelines.submit import Submission, released, submit
from pipelines.workbooks.report import report
from schemas.periods import Month
from schemas.problems import Outcome
from schemas.receipts import Receipt

SENT, PROBLEMS = "sent", "problems"

Shown = tuple[str | None, str | None]


class FolderError(ValueError):
    """A drop folder that can't be used, said as a sentence."""


@dataclass(frozen=True)
class Taken:
    """What became of one file: its name, where it is now, and what a program is told of it."""

    name: str
    moved_to: Path
    submission: Submission
    said: dict[str, Any]


def take(
    home: Home,
    folder: Path,
    before: Look,
    by: str,
    allowed: frozenset[str],
    now: Callable[[], datetime],
) -> list[Taken]:
    """Send every file that has not changed since the look `before`, and put it away.

    Receipts and problem reports are written beside the files in `sent` and `problems`. One release
    shows all that was kept.
    """
    for place in (folder / SENT, folder / PROBLEMS):
        if place.is_symlink():
            raise FolderError(f"{place} is a link: put a folder in its place.")
        place.mkdir(exist_ok=True)
    tidy(folder, (folder, folder / SENT, folder / PROBLEMS))
    sent = [(file, _send(home, folder, file, by, allowed, now())) for file in whole(folder, before)]
    shown: Shown = (None, None)
    if any(arrived.receipt for _, arrived in sent):
        shown = released(home, now())
    here = waiting(folder)
    return [
        _put_away(folder, file, arrived, shown, now())
        for file, arrived in sent
        if here.get(file.name) == before[file.name]  # one that changed meanwhile is looked at again
    ]


def _send(
    home: Home, folder: Path, file: Dropped, by: str, allowed: frozenset[str], at: datetime
) -> Submission:
    """Send a file, or find what came of it if it was sent before something broke off."""
    try:
        answers = _answers(folder, file)
    except Unreadable as unreadable:
        refused = Checked(file.name, file.sha256, Outcome.UNREADABLE, (unreadable.problem,))
        home.archive.log_attempt(refused, by, at)
        return Submission(refused)
    first = first_sent(folder, file)
    if first is None:
        remember(folder, file, at)
    elif kept := _receipt(home, file, first):
        return Submission(_as_checked(file, kept), kept)
    return submit(home, file.content, file.name, by, first or at, answers, allowed, release=False)


def _put_away(
    folder: Path, file: Dropped, arrived: Submission, shown: Shown, at: datetime
) -> Taken:
    place = folder / (SENT if arrived.receipt else PROBLEMS)
    path, said = free_name(place, file.name), _said(arrived, shown)
    if arrived.receipt:
        keep_file(place / f"{path.name}.receipt.json", _json(said))
    else:
        workbook = report(arrived.checked, file.content, at)
        keep_file(place / f"{path.name}.problems.xlsx", workbook)
        keep_file(place / f"{path.name}.problems.json", _json(said))
    answers = folder / f"{file.name}{ANSWERS}"
    if answers.exists():  # first, so that none is left behind for another file of that name
        os.replace(answers, place / f"{path.name}{ANSWERS}")
    os.replace(folder / file.name, path)
    forget(folder, file)
    return Taken(file.name, path, arrived, said)


def _said(arrived: Submission, shown: Shown) -> dict[str, Any]:
    if arrived.receipt is None:
        needed = {"answers_needed": list(arrived.unanswered), "unfit": list(arrived.unfit)}
        return arrived.checked.as_dict() | needed
    receipt, (release, trouble) = arrived.receipt, shown
    about = {
        "already_kept": arrived.already_kept,
        "answers_kept": arrived.answers_kept,
        "release": release,
        "trouble": trouble,
    }
    return receipt.model_dump(mode="json") | {"return_id": receipt.return_id} | about


def _answers(folder: Path, file: Dropped) -> dict[str, str]:
    """The reasons beside a file, `{"W01": "…"}`; raises Unreadable for them, or for the file."""
    if file.too_big:
        raise Unreadable(
            f"This file is {file.size / 2**20:.1f} MB. A return may be at most "
            f"{LARGEST_FILE // 2**20} MB; a filled-in workbook is far smaller.",
            "Copy your figures into a newly downloaded workbook and send that.",
        )
    path = folder / f"{file.name}{ANSWERS}"
    if not path.exists():
        return {}
    try:
        given = json.loads((content_of(path) or b"").decode("utf-8-sig"))
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not all(isinstance(said, str) for said in given.values()):
        raise Unreadable(
            f"The answers in {path.name} can't be read, so nothing was sent.",
            'Write them as a JSON object of codes and reasons: {"W01": "Checked with the ward"}.',
        )
    return {key_from(code) or code: said for code, said in given.items()}


def _receipt(home: Home, file: Dropped, at: datetime) -> Receipt | None:
    """The receipt given for these bytes at that moment."""
    found = (r for r in home.archive.receipts() if r.sha256 == file.sha256)
    return next((receipt for receipt in found if receipt.received_at == at), None)


def _as_checked(file: Dropped, kept: Receipt) -> Checked:
    """What was checked when the receipt was given, as far as it is still told of."""
    month = Month.parse(kept.month)
    return Checked(file.name, kept.sha256, Outcome.CLEAN, (), kept.trust_code, month, kept.rows)


def _json(said: dict[str, Any]) -> bytes:
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()
