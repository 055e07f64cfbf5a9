"""Files that were uploaded but not sent yet, on disk so that a lost connection loses nothing.

The inbox belongs neither to the archive nor to a backup. In it, each person has one file for each
trust and month, which nobody else can see; a newer upload replaces it, and a file that is sent or
refused is removed.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from pipelines.keeping.staging import keep_file
from schemas.london_time import as_utc

KEPT_FOR = timedelta(days=7)
_ENDING = ".upload"
_UNREADABLE = (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True)
class Upload:
    """A file waiting to be sent; `drafts` are the versions it was made from, by ward, if any."""

    filename: str
    content: bytes
    at: datetime
    drafts: Mapping[str, int] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


class Uploads:
    """The uploads under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, by: str, trust: str, month: str, upload: Upload) -> None:
        """Save an upload; it is on disk when this returns. Old ones are removed."""
        self._forget(upload.at - KEPT_FOR)
        about: dict[str, Any] = {
            "filename": Path(upload.filename).name,
            "at": as_utc(upload.at).isoformat(),
            "sha256": upload.sha256,
        }
        about |= {"drafts": dict(upload.drafts)} if upload.drafts else {}
        line = json.dumps(about).encode() + b"\n"  # in the same file, so both are there or neither
        keep_file(self._path(by, trust, month), line + upload.content)

    def waiting(self, by: str, trust: str, month: str) -> Upload | None:
        """A person's upload for a trust and month; None if there is none, or it is damaged."""
        return _read(self._path(by, trust, month))

    def remove(self, by: str, trust: str, month: str) -> None:
        """Remove an upload, if there is one."""
        self._path(by, trust, month).unlink(missing_ok=True)

    def _path(self, by: str, trust: str, month: str) -> Path:
        return self.root / _part(by.casefold()) / f"{_part(trust)}-{_part(month)}{_ENDING}"

    def _forget(self, before: datetime) -> None:
        for path in self.root.glob(f"*/*{_ENDING}"):
            with suppress(*_UNREADABLE):  # removed by somebody else just now, or damaged
                with path.open("rb") as file:
                    uploaded = _moment(_about(file))
                if uploaded < before:
                    path.unlink(missing_ok=True)


def damaged(root: Path) -> list[Path]:
    """The uploads under a folder that aren't as they were saved."""
    return [path for path in sorted(root.glob(f"*/*{_ENDING}")) if _read(path) is None]


def _read(path: Path) -> Upload | None:
    with suppress(*_UNREADABLE), path.open("rb") as file:
        about = _about(file)
        content, drafts = file.read(), about.get("drafts", {})
        upload = Upload(about["filename"], content, _moment(about), drafts)
        # Uploads of earlier versions have no digest.
        return upload if about.get("sha256", upload.sha256) == upload.sha256 else None
    return None


def _about(file: BinaryIO) -> dict[str, Any]:
    """The first line of an upload; what was uploaded follows it."""
    return json.loads(file.readline())


def _moment(about: dict[str, Any]) -> datetime:
    return as_utc(datetime.fromisoformat(about["at"]))


def _part(text: str) -> str:
    """A part of a path that reveals nobody's address and can't lead outside the folder."""
    return sha256(text.encode()).hexdigest()[:20]
