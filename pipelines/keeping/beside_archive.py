"""Checks what lies in a home beside the archive: nobody's record, but others wait for it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from pipelines.keeping import set_aside, uploads
from pipelines.keeping.seals import damaged_rows

# What it costs to move each file elsewhere, which is the way to go on.
_COSTS = {
    "drafts.sqlite": "Figures that were typed on the screen and not sent have to be typed again.",
    "reports.sqlite": "Those who want packs sent have to choose them again on Downloads.",
    "shared.sqlite": (
        "Limits and the 180 days without use then count from today, and a sign-in that was ended "
        "in the last 12 hours counts again: a new cookie_secret ends them all."
    ),
}
# What it costs that a row of each has changed.
_CHANGED = {
    "drafts.sqlite": "Such a draft is not shown and can’t be sent: type its figures again.",
    "reports.sqlite": "No such pack is sent until the person chooses again on Downloads.",
    "shared.sqlite": (
        "A sign-in that was ended in the last 12 hours may count again, or the last use of an "
        "account may be another day."
    ),
}
_AFRESH = "stop the service, move {0} and any {0}-wal and {0}-shm elsewhere, and start again."


def beside_problems(root: Path) -> list[str]:
    """A sentence for each file beside the archive that is damaged; empty if all is well."""
    files = sorted(root.glob("*.sqlite"))
    found = [said for path in files for said in _of_file(path.resolve())]
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


def _of_file(path: Path) -> list[str]:
    """What is wrong with a SQLite file: all of it, or rows that aren't as they were written."""
    if is_damaged(path):
        return [how_to_go_on(path)]
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
            rows = len(list(damaged_rows(file)))
    except sqlite3.OperationalError:
        return []  # in use, or not ours to read
    if not rows:
        return []
    what = "One row" if rows == 1 else f"{rows:,} rows"
    return [
        f"{what} of {path.name} changed on disk after being written. {_CHANGED.get(path.name, '')} "
        f"If you see this again, {_AFRESH.format(path.name)} {_COSTS.get(path.name, '')}".strip()
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
    go_on = _AFRESH.format(path.name)
    return f"{path.name} is damaged. {go_on[0].upper()}{go_on[1:]} {cost}".strip()
