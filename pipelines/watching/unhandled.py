"""Sets aside a file that made the program itself fail, with a note that says what to do."""

import os
from datetime import datetime
from pathlib import PurePath

from pipelines.keeping.drop_folder import Dropped, free_name
from pipelines.keeping.set_aside import NOTE, SET_ASIDE, note_folder
from pipelines.keeping.staging import keep_file
from pipelines.watching.put_away import move
from pipelines.watching.watcher import ProcessDied, Taken, Tried, Watcher
from schemas.receipts import Receipt
from schemas.wording import moment

_LONGEST_NAME = 150  # bytes: the note beside a file has a longer name than the file


def unhandled(watcher: Watcher, tried: Tried) -> Taken:
    """Log the fault, write the note, then move the file, which is never changed or deleted."""
    file, kind = tried.file, type(tried.fault).__name__
    what = f"The program itself failed ({kind})."
    if isinstance(tried.fault, ProcessDied):
        what = "The program was stopped both times it worked on this file."
    receipt = tried.arrived.receipt if tried.arrived else None
    if tried.fault:
        watcher.fault(f"a dropped file, sha256 {file.sha256}", tried.fault)
    place = watcher.folder / SET_ASIDE
    path = free_name(place, _short(file))
    note_folder(watcher.home.root, watcher.folder)
    note = _note(file, what, watcher.now(), receipt)
    keep_file(place / f"{path.name}{NOTE}", note.encode())
    move(watcher.folder, file, path)
    details = {
        "sha256": file.sha256,
        "fault": kind,
        "return_id": receipt.return_id if receipt else None,
    }
    return Taken(file.name, path, tried.arrived, details, kind)


def _note(file: Dropped, what: str, at: datetime, receipt: Receipt | None) -> str:
    when = f"{moment(at)}, London time"
    kept = (
        f"The return in it has been received all the same: its receipt is {receipt.return_id}, and "
        "you don't need to send it again."
        if receipt
        else "It is not certain whether the return in it was received. Sending the same file again "
        "does no harm: if it was received, you get the same receipt again."
    )
    to_do = (
        "Nothing, for the return. Please tell the people who look after the service."
        if receipt
        else "Send the file on the screen “Send a return”, or move it back into the folder above "
        "this one to try again. If it ends up here again, tell the people who look after the "
        "service."
    )
    return "\n".join(
        [
            f"“{file.readable_name}” could not be handled at {when}.",
            "",
            f"{what} The file is here exactly as it was dropped.",
            kept,
            "",
            "What to do",
            to_do,
            "The error log has this file's fingerprint, and where the program failed:",
            f"sha256 {file.sha256}",
            "",
        ]
    )


def _short(file: Dropped) -> str:
    """The file's name, or a shorter one so that the note's name is not too long."""
    if len(os.fsencode(file.name)) <= _LONGEST_NAME:
        return file.name
    return f"{file.sha256[:20]}{PurePath(file.name).suffix[:10]}"
