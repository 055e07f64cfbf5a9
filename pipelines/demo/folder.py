"""Makes a demonstration's folder beside its place and moves it there, or reuses the same one."""

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock

import schemas
from pipelines.demo.make import Progress, make
from pipelines.demo.script import FOLDER
from pipelines.demo.send import DemoError
from pipelines.demo.story import Story
from pipelines.keeping.home import Home, HomeError, open_home

MARKER = "demo.json"


@dataclass(frozen=True)
class Demonstration:
    """A demonstration that is ready, newly `made` or found, and any older one put `aside`."""

    home: Home
    made: bool
    aside: Path | None = None


def ensure(path: Path, story: Story, now: datetime, progress: Progress) -> Demonstration:
    """The demonstration in a folder, made first if it isn't there or is a different one.

    Raises DemoError rather than touching a folder that holds anything but a demonstration. One that
    someone has sent something to is put aside, never removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f".{path.name}.lock")):
        found, wanted = _marker(path), _wanted(story)
        if path.exists() and any(path.iterdir()) and not (found and _fictional(path)):
            raise DemoError(
                f"{path} contains something that is not a demonstration, so it was left alone. "
                "Choose another folder with --home."
            )
        if found and {**found, "state": None} == {**wanted, "state": None}:
            return Demonstration(_released(path, now), made=False)
        fresh = path.with_name(f"{path.name}.making")
        _remove(fresh)
        fresh.mkdir()
        _mark(fresh, {"complete": False})
        home = make(fresh, story, now, progress)
        _mark(fresh, {**wanted, "state": home.archive.state()})
        return Demonstration(Home(path), made=True, aside=_put_in_place(fresh, path, found))


def _wanted(story: Story) -> dict[str, Any]:
    """The marker of this story: its size, its months, and a fingerprint of its text and code."""
    contract = Path(schemas.__file__).parent.rglob("*.py")
    files = sorted([*FOLDER.iterdir(), *Path(__file__).parent.glob("*.py"), *contract])
    digest = sha256(b"".join(file.read_bytes() for file in files if file.is_file())).hexdigest()
    return {**asdict(story.size), "last": str(story.last), "told": digest, "complete": True}


def _released(path: Path, now: datetime) -> Home:
    """The home with a release in use, rebuilt in case the code has changed."""
    from pipelines.releasing.build import build

    home = open_home(path)
    build(home, now)
    return home


def _put_in_place(fresh: Path, path: Path, found: dict[str, Any] | None) -> Path | None:
    """Move the new demonstration into its place; where the older one is kept, if it is."""
    if not path.exists():
        fresh.rename(path)
        return None
    older = _free_name(path)
    path.rename(older)
    fresh.rename(path)
    if found is None or found.get("state") in (None, Home(older).archive.state()):
        _remove(older)
        return None
    return older


def _free_name(path: Path) -> Path:
    names = (path.with_name(f"{path.name}.before-{number}") for number in range(1, 10_000))
    return next(name for name in names if not name.exists())


def _remove(folder: Path) -> None:
    """Remove a folder, but only an empty one or one that says it is a demonstration."""
    if not folder.exists():
        return
    if any(folder.iterdir()) and (_marker(folder) is None or not _fictional(folder)):
        raise DemoError(f"{folder} is in the way and is not a demonstration: move it elsewhere.")
    shutil.rmtree(folder)


def _fictional(folder: Path) -> bool:
    """Whether its programme is fictional, or it has none yet."""
    try:
        return open_home(folder).programme.fictional
    except HomeError:
        return not (folder / "archive").exists() or not (folder / "programme.toml").exists()


def _marker(folder: Path) -> dict[str, Any] | None:
    try:
        marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return marker if isinstance(marker, dict) else None


def _mark(folder: Path, marker: dict[str, Any]) -> None:
    (folder / MARKER).write_text(json.dumps(marker, indent=2) + "\n", encoding="utf-8")
