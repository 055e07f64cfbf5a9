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
    path = root / _FOLDERS / _name_of(name)
    if _named(path) != name:
        keep_file(path, json.dumps({"folder": name}).encode())


def waiting_in(folder: Path) -> int:
    """How many files are still set aside in a watched folder."""
    notes = (folder / SET_ASIDE).glob(f"*{NOTE}")
    return sum(note.with_name(note.name.removesuffix(NOTE)).exists() for note in notes)


def waiting(root: Path) -> dict[Path, int]:
    """A home's set-aside folders that still have files in them, with how many."""
    names = [name for path in _notes(root) if (name := _named(path))]
    found = {Path(name, SET_ASIDE): waiting_in(Path(name)) for name in names}
    return {place: files for place, files in found.items() if files}


def damaged(root: Path) -> list[Path]:
    """What should name a watched folder of this home and doesn't."""
    return [path for path in _notes(root) if _named(path) is None]


def _notes(root: Path) -> list[Path]:
    return sorted((root / _FOLDERS).glob("*.json"))


def _named(path: Path) -> str | None:
    """The folder that a note names, if the note is the one that was written for it."""
    try:
        name = json.loads(path.read_bytes())["folder"]
        return name if _name_of(name) == path.name else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _name_of(folder: str) -> str:
    return f"{sha256(folder.encode()).hexdigest()[:20]}.json"
