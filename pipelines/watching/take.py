"""Takes the complete files in a watched folder: sends each one, and puts it away."""

import errno
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipelines.accepting.submission import Arrival, Submission
from pipelines.checking.checked import Checked
from pipelines.keeping.drop_folder import ANSWERS, Dropped, Look, content_of, waiting, whole
from pipelines.keeping.explanations import key_from
from pipelines.keeping.interrupted_files import Sending, begin, end, tidy
from pipelines.keeping.set_aside import SET_ASIDE
from pipelines.keeping.staging import flush_folder
from pipelines.reading.file_kind import LARGEST_FILE
from pipelines.reading.text_sheets import Unreadable
from pipelines.releasing.builder import Built, released
from pipelines.submit import submit
from pipelines.watching.put_away import PROBLEMS, SENT, put_away
from pipelines.watching.unhandled import unhandled
from pipelines.watching.watcher import FolderError, ProcessDied, Taken, Tried, Watcher
from schemas.periods import Month
from schemas.problems import Outcome
from schemas.receipts import Receipt

MOST_DEATHS = 2


def take(watcher: Watcher, before: Look) -> list[Taken]:
    """Send every file that has not changed since the look `before`, and put it away.

    Receipts and problem reports are written beside the files in `sent` and `problems`. A file that
    makes the program itself fail, or that two processes died of, is set aside, and the next one is
    taken. One release shows everything that was received.
    """
    folder = watcher.folder
    places = [folder / name for name in (SENT, PROBLEMS, SET_ASIDE)]
    for place in places:
        if place.is_symlink():
            raise FolderError(f"{place} is a link: replace it with a folder.")
    for place in places[:2]:
        if not place.is_dir():
            place.mkdir(exist_ok=True)
            flush_folder(folder)  # before a file is moved into it
    tidy(folder, (folder, *places))
    files = whole(folder, before)
    if files:
        watcher.home.archive.entries()  # if the archive can't be read, no file is at fault
    tried = [_try(watcher, file) for file in files]
    shown, here = _released(watcher, tried), waiting(folder)
    return [
        _put_away(watcher, each, shown)
        for each in tried
        if here.get(each.file.name) == before[each.file.name]  # else it is looked at again
    ]


def _try(watcher: Watcher, file: Dropped) -> Tried:
    at = watcher.now()
    before = begin(watcher.folder, file, at)
    try:
        if before and before.deaths >= MOST_DEATHS and not _receipt(watcher, file, before):
            return Tried(file, fault=ProcessDied())
        return Tried(file, _send(watcher, file, before, at))
    except Exception as fault:
        _raise_if_drive(fault)
        return Tried(file, fault=fault)
    finally:
        end(watcher.folder, file)


def _send(watcher: Watcher, file: Dropped, before: Sending | None, at: datetime) -> Submission:
    """Send a file, or find its receipt if it was sent just before an interruption."""
    home = watcher.home
    try:
        explanations = _explanations_beside(watcher.folder, file)
    except Unreadable as unreadable:
        refused = Checked(
            file.readable_name, file.sha256, Outcome.UNREADABLE, (unreadable.problem,)
        )
        home.archive.log_attempt(refused, watcher.by, at)
        return Submission(refused)
    if before and (kept := _receipt(watcher, file, before)):
        return Submission(_as_checked(file, kept), kept)
    arrival = Arrival(
        file.content,
        file.readable_name,
        watcher.by,
        before.first_sent if before else at,
        explanations,
        watcher.allowed,
    )
    return submit(home, arrival)


def _released(watcher: Watcher, tried: list[Tried]) -> Built:
    """The release that shows what was received; if it fails, receipts are given all the same."""
    if not any(each.arrived and each.arrived.receipt for each in tried):
        return Built(None)
    try:
        return released(watcher.home, watcher.now())
    except Exception as fault:
        watcher.fault("the release", fault)
        return Built(None, "The return was received, but the new release could not be built.")


def _put_away(watcher: Watcher, each: Tried, shown: Built) -> Taken:
    """Put a file away with its result; if that fails too, set it aside."""
    if each.arrived is None:
        return unhandled(watcher, each)
    try:
        return put_away(watcher, each.file, each.arrived, shown)
    except Exception as fault:
        _raise_if_drive(fault)
        return unhandled(watcher, replace(each, fault=fault))


def _raise_if_drive(fault: Exception) -> None:
    """Raise a fault of the drive again, as it may recover; a name that is too long is not one."""
    if isinstance(fault, OSError) and fault.errno != errno.ENAMETOOLONG:
        raise fault


def _receipt(watcher: Watcher, file: Dropped, before: Sending) -> Receipt | None:
    """The receipt given for these bytes when they were first sent."""
    found = (r for r in watcher.home.archive.receipts() if r.sha256 == file.sha256)
    return next((receipt for receipt in found if receipt.received_at == before.first_sent), None)


def _as_checked(file: Dropped, kept: Receipt) -> Checked:
    """What is still known of the check for which the receipt was given."""
    return Checked(
        file.readable_name,
        kept.sha256,
        Outcome.CLEAN,
        (),
        kept.trust_code,
        Month.parse(kept.month),
        kept.rows,
        baseline_to=Month.parse(kept.baseline_to) if kept.baseline_to else None,
    )


def _explanations_beside(folder: Path, file: Dropped) -> dict[str, str]:
    """The explanations beside a file, `{"W01": "…"}`; raises Unreadable for them or the file."""
    if file.too_big:
        raise Unreadable(
            f"This file is {file.size / 2**20:.1f} MB. A return can be at most "
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
    if not isinstance(given, dict) or not all(isinstance(text, str) for text in given.values()):
        raise Unreadable(
            f"The explanations in {path.name} can't be read, so nothing was sent.",
            'Write them as a JSON object of codes and reasons: {"W01": "Checked with the ward"}.',
        )
    return {key_from(code) or code: text for code, text in given.items()}
