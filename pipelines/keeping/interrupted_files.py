"""Notes beside dropped files that are being sent, so that what a crash cut short is finished."""

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
    """Note which bytes are being sent since when; it is on the disk when this returns."""
    said = {"sha256": file.sha256, "at": at.isoformat()}
    keep_file(_note(folder, file.name), json.dumps(said).encode())


def first_sent(folder: Path, file: Dropped) -> datetime | None:
    """When these very bytes were first sent, if they were being sent when something broke off."""
    content = content_of(_note(folder, file.name))
    if content is None:
        return None
    said = json.loads(content)
    return datetime.fromisoformat(said["at"]) if said["sha256"] == file.sha256 else None


def forget(folder: Path, file: Dropped) -> None:
    """The file has been put away: nothing is left to finish."""
    _note(folder, file.name).unlink(missing_ok=True)


def tidy(folder: Path, places: Iterable[Path]) -> None:
    """Remove what only a crash leaves: half-written files, and notes whose file was moved."""
    known = {_note(folder, name) for name in waiting(folder)}
    left = set(folder.glob(f"{_NOTE}*.json")) - known
    for place in places:
        left |= set(place.glob(f"{STAGED}*"))
    for path in left:
        path.unlink(missing_ok=True)


def _note(folder: Path, name: str) -> Path:
    return folder / f"{_NOTE}{sha256(os.fsencode(name)).hexdigest()[:20]}.json"
