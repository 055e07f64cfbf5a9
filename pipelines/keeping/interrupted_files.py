"""Notes beside dropped files while they are sent, so that work cut short by a crash is finished."""

import json
import os
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from pipelines.keeping.drop_folder import Dropped, content_of, waiting
from pipelines.keeping.staging import STAGED, keep_file

_NOTE = ".sending-"


def remember(folder: Path, file: Dropped, at: datetime) -> None:
    """Note which bytes are being sent and since when; it is on disk when this returns."""
    note = {"sha256": file.sha256, "at": at.isoformat()}
    keep_file(_note(folder, file.name), json.dumps(note).encode())


def first_sent(folder: Path, file: Dropped) -> datetime | None:
    """When exactly these bytes were first sent, if sending them was interrupted."""
    content = content_of(_note(folder, file.name))
    if content is None:
        return None
    note = json.loads(content)
    return datetime.fromisoformat(note["at"]) if note["sha256"] == file.sha256 else None


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


def _note(folder: Path, name: str) -> Path:
    return folder / f"{_NOTE}{sha256(os.fsencode(name)).hexdigest()[:20]}.json"
