"""Dropped files that could not be handled: which folders hold some, so that nobody forgets them."""

import json
from hashlib import sha256
from pathlib import Path

from pipelines.keeping.staging import keep_file

SET_ASIDE = "set-aside"
NOTE = ".what-to-do.txt"
_FOLDERS = "watched"


def note_folder(root: Path, folder: Path) -> None:
    """Remember in a home that a watched folder has files that were set aside."""
    said = str(folder.resolve())
    path = root / _FOLDERS / f"{sha256(said.encode()).hexdigest()[:20]}.json"
    if not path.exists():
        keep_file(path, json.dumps({"folder": said}).encode())


def waiting_in(folder: Path) -> int:
    """How many files that were set aside still lie in a watched folder."""
    notes = (folder / SET_ASIDE).glob(f"*{NOTE}")
    return sum(note.with_name(note.name.removesuffix(NOTE)).exists() for note in notes)


def waiting(root: Path) -> dict[Path, int]:
    """The folders of a home's watchers where such files still lie, with their number."""
    folders = [
        Path(json.loads(path.read_bytes())["folder"])
        for path in sorted((root / _FOLDERS).glob("*.json"))
    ]
    found = {folder / SET_ASIDE: waiting_in(folder) for folder in folders}
    return {place: files for place, files in found.items() if files}
