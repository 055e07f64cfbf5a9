"""Remembers which folders hold dropped files that could not be handled, so none is forgotten."""

import json
from hashlib import sha256
from pathlib import Path

from pipelines.keeping.staging import keep_file

SET_ASIDE = "set-aside"
NOTE = ".what-to-do.txt"
_FOLDERS = "watched"


def note_folder(root: Path, folder: Path) -> None:
    """Remember in a home that a watched folder has files that were set aside."""
    name = str(folder.resolve())
    path = root / _FOLDERS / f"{sha256(name.encode()).hexdigest()[:20]}.json"
    if not path.exists():
        keep_file(path, json.dumps({"folder": name}).encode())


def waiting_in(folder: Path) -> int:
    """How many files are still set aside in a watched folder."""
    notes = (folder / SET_ASIDE).glob(f"*{NOTE}")
    return sum(note.with_name(note.name.removesuffix(NOTE)).exists() for note in notes)


def waiting(root: Path) -> dict[Path, int]:
    """A home's set-aside folders that still have files in them, with how many."""
    folders = [
        Path(json.loads(path.read_bytes())["folder"])
        for path in sorted((root / _FOLDERS).glob("*.json"))
    ]
    found = {folder / SET_ASIDE: waiting_in(folder) for folder in folders}
    return {place: files for place, files in found.items() if files}
