"""Checks what lies in a home beside the archive: nobody's record, but others wait for it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from pipelines.keeping import set_aside, uploads

# What it costs to move each file elsewhere, which is the way to go on.
_COSTS = {
    "drafts.sqlite": "Figures that were typed on the screen and not sent have to be typed again.",
    "reports.sqlite": "Those who want packs sent have to choose them again on Downloads.",
    "shared.sqlite": (
        "Limits and the 180 days without use then count from today, and a sign-in that was ended "
        "in the last 12 hours counts again: a new cookie_secret ends them all."
    ),
}


def beside_problems(root: Path) -> list[str]:
    """A sentence for each file beside the archive that is damaged; empty if all is well."""
    files = sorted(root.glob("*.sqlite"))
    found = [how_to_go_on(path) for path in files if is_damaged(path.resolve())]
    found += [
        f"{path.relative_to(root).as_posix()}, an upload that waits to be sent, is damaged and "
        "counts as none: delete it. The person who uploaded it is asked for the file again."
        for path in uploads.damaged(root / "inbox")
    ]
    return found + [
        f"{path.relative_to(root).as_posix()}, which names a watched folder with files that were "
        "set aside, is damaged: look into the folder set-aside of each, then delete it."
        for path in set_aside.damaged(root)
    ]


def is_damaged(path: Path) -> bool:
    """Whether a SQLite file can't be read as one, or says of itself that it isn't whole."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
            return file.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",)
    except sqlite3.OperationalError:
        return False  # in use, or not ours to read
    except sqlite3.DatabaseError:
        return True


def how_to_go_on(path: Path) -> str:
    """What to do about a damaged SQLite file, and what that costs."""
    cost = _COSTS.get(path.name, "")
    return (
        f"{path.name} is damaged. Stop the service, move it and any {path.name}-wal and "
        f"{path.name}-shm elsewhere, and start again. {cost}".strip()
    )
