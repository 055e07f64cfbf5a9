"""Files that were uploaded and not sent yet: on the disk, so that a lost connection loses nothing.

The inbox is no part of the archive and of no backup. A person has one file for each trust and
month in it, which nobody else is shown; a newer upload takes its place, and a file that is sent or
refused leaves it.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from pipelines.keeping.staging import keep_file
from schemas.london_time import as_utc

KEPT_FOR = timedelta(days=7)
_ENDING = ".upload"


@dataclass(frozen=True)
class Upload:
    """A file that waits to be sent."""

    filename: str
    content: bytes
    at: datetime

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


class Uploads:
    """The uploads under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, by: str, trust: str, month: str, upload: Upload) -> None:
        """Keep an upload; it is on the disk when this returns. Forgotten ones are removed."""
        self._forget(upload.at - KEPT_FOR)
        about = {"filename": Path(upload.filename).name, "at": as_utc(upload.at).isoformat()}
        line = json.dumps(about).encode() + b"\n"  # in one file: it is there whole or not at all
        keep_file(self._path(by, trust, month), line + upload.content)

    def waiting(self, by: str, trust: str, month: str) -> Upload | None:
        """The upload of a person for a trust and month, if one waits."""
        try:
            line, content = self._path(by, trust, month).read_bytes().split(b"\n", 1)
        except FileNotFoundError:
            return None
        about = json.loads(line)
        return Upload(about["filename"], content, datetime.fromisoformat(about["at"]))

    def remove(self, by: str, trust: str, month: str) -> None:
        """Let go of an upload; without one, nothing happens."""
        self._path(by, trust, month).unlink(missing_ok=True)

    def _path(self, by: str, trust: str, month: str) -> Path:
        return self.root / _part(by.casefold()) / f"{_part(trust)}-{_part(month)}{_ENDING}"

    def _forget(self, before: datetime) -> None:
        for path in self.root.glob(f"*/*{_ENDING}"):
            if path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)


def _part(text: str) -> str:
    """A part of a path that tells nobody's address and can lead nowhere else."""
    return sha256(text.encode()).hexdigest()[:20]
