"""Setting aside a file over which the program itself stumbled, with a note that says what to do."""

import os
from datetime import datetime
from pathlib import PurePath

from pipelines.keeping.drop_folder import Dropped, free_name
from pipelines.keeping.set_aside import NOTE, SET_ASIDE, note_folder
from pipelines.keeping.staging import keep_file
from pipelines.watching.put_away import move
from pipelines.watching.watcher import Taken, Tried, Watcher
from schemas.london_time import in_london
from schemas.receipts import Receipt

_LONGEST_NAME = 150  # bytes: what is written beside a file has a longer name than it


def unhandled(watcher: Watcher, tried: Tried) -> Taken:
    """Log it, write the note, then move the file; the file is never changed or deleted."""
    file, kind = tried.file, type(tried.fault).__name__
    receipt = tried.arrived.receipt if tried.arrived else None
    if tried.fault:
        watcher.fault(f"a dropped file, sha256 {file.sha256}", tried.fault)
    place = watcher.folder / SET_ASIDE
    path = free_name(place, _short(file))
    note_folder(watcher.home.root, watcher.folder)
    note = _note(file, kind, watcher.now(), receipt)
    keep_file(place / f"{path.name}{NOTE}", note.encode())
    move(watcher.folder, file, path)
    said = {
        "sha256": file.sha256,
        "fault": kind,
        "return_id": receipt.return_id if receipt else None,
    }
    return Taken(file.name, path, tried.arrived, said, kind)


def _note(file: Dropped, kind: str, at: datetime, receipt: Receipt | None) -> str:
    then = in_london(at)
    when = f"{then.day} {then:%B %Y at %H:%M}, London time"
    kept = (
        f"The return in it is kept all the same: its receipt is {receipt.return_id}, and you need "
        "not send it again."
        if receipt
        else "Whether the return in it was kept is not certain. Sending the same file again does "
        "no harm: one that is kept already only gets its receipt once more."
    )
    to_do = (
        "Nothing, for the return. Please tell whoever looks after the service."
        if receipt
        else "Send the file on the screen “Send a return”, or move it back into the folder above "
        "this one to try again. If it comes back here, tell whoever looks after the service."
    )
    return "\n".join(
        [
            f"“{file.readable_name}” could not be handled on {when}.",
            "",
            f"The program itself went wrong ({kind}). The file lies here as it was dropped.",
            kept,
            "",
            "What to do",
            to_do,
            "They find this file's fingerprint, and where it went wrong, in the error log:",
            f"sha256 {file.sha256}",
            "",
        ]
    )


def _short(file: Dropped) -> str:
    """The file's name, or one that leaves room for the note's."""
    if len(os.fsencode(file.name)) <= _LONGEST_NAME:
        return file.name
    return f"{file.sha256[:20]}{PurePath(file.name).suffix[:10]}"
