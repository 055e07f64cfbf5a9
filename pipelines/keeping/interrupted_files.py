"""Notes beside dropped files while they are sent, so that work cut short by a crash is finished.

A note also names the process that is working on the file, until that work is over. If another
process finds such a name, the first one died while it was at work.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from pipelines.keeping.drop_folder import Dropped, content_of, waiting
from pipelines.keeping.staging import STAGED, keep_file

_NOTE = ".sending-"
_PROCESS = token_hex(8)  # not the system's number, which a restarted container uses again


@dataclass(frozen=True)
class Sending:
    """When a file was first sent, and how many processes died while they were sending it."""

    first_sent: datetime
    deaths: int


def begin(folder: Path, file: Dropped, at: datetime) -> Sending | None:
    """Note that these bytes are being sent; it is on disk when this returns.

    Returns what is known of them from before, if sending them was interrupted.
    """
    noted = _noted(folder, file)
    if noted is None:
        _write(folder, file, Sending(at, 0), _PROCESS)
        return None
    died = noted.get("working") not in (None, _PROCESS)
    before = Sending(datetime.fromisoformat(noted["at"]), noted.get("deaths", 0) + died)
    _write(folder, file, before, _PROCESS)
    return before


def end(folder: Path, file: Dropped) -> None:
    """Note that this process has survived its work on these bytes, whatever came of it."""
    noted = _noted(folder, file)
    if noted is not None:
        sending = Sending(datetime.fromisoformat(noted["at"]), noted["deaths"])
        _write(folder, file, sending, None)


def forget(folder: Path, file: Dropped) -> None:
    """Remove the note of a file that has been put away."""
    _note(folder, file.name).unlink(missing_ok=True)


def tidy(folder: Path, places: Iterable[Path]) -> None:
    """Remove what a crash left behind: half-written files, and notes whose file was moved."""
    known = {_note(folder, name) for name in waiting(folder)}
    left = set(folder.glob(f"{_NOTE}*.json")) - known
    for place in places:
        left |= set(place.glob(f"{STAGED}*"))
    for path in left:
        path.unlink(missing_ok=True)


def _noted(folder: Path, file: Dropped) -> dict[str, Any] | None:
    content = content_of(_note(folder, file.name))
    try:
        note: dict[str, Any] = json.loads(content or b"{}")
        datetime.fromisoformat(note.get("at", ""))
        int(note.get("deaths", 0))
    except (ValueError, TypeError, AttributeError):
        return None  # none, or damaged: sending the same file again gives the same receipt
    return note if note.get("sha256") == file.sha256 else None


def _write(folder: Path, file: Dropped, sending: Sending, working: str | None) -> None:
    about = {"at": sending.first_sent.isoformat(), "deaths": sending.deaths, "working": working}
    content = json.dumps({"sha256": file.sha256, **about}).encode()
    keep_file(_note(folder, file.name), content)


def _note(folder: Path, name: str) -> Path:
    return folder / f"{_NOTE}{sha256(os.fsencode(name)).hexdigest()[:20]}.json"
