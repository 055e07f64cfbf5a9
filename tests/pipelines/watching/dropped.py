"""Files in a drop folder, and one look at it."""

import json
import os

from pipelines.keeping.drop_folder import waiting
from pipelines.watching import take
from pipelines.watching.watcher import Watcher
from tests import worlds

NEXT = worlds.LAST + 1
ALL = json.dumps({"*": "Checked with the ward"})


def drop(folder, name, content, answers=ALL, age=0):
    """A file that arrived some seconds ago, with the explanations beside it."""
    (folder / name).write_bytes(content)
    os.utime(folder / name, (1_700_000_000 - age, 1_700_000_000 - age))
    if answers:
        (folder / f"{name}.answers.json").write_text(answers, encoding="utf-8")


def look(home, folder, before=None, at=None, faults=None):
    now = at or worlds.received(NEXT)
    seen = waiting(folder) if before is None else before
    told = [] if faults is None else faults
    watcher = Watcher(
        home,
        folder,
        worlds.LEAD,
        frozenset({"Z01"}),
        lambda: now,
        lambda about, fault: told.append((about, fault)),
    )
    taken = take.take(watcher, seen)
    assert faults is not None or not told, told
    return taken


def names(place):
    return sorted(path.name for path in place.iterdir())


def versions(home, month=NEXT):
    return [
        r.version for r in home.archive.receipts() if (r.trust_code, r.month) == ("Z01", str(month))
    ]


def rows(**changes):
    first, *others = worlds.WARDS["Z01"]
    return [
        worlds.monthly_row(first, NEXT, **changes),
        *(worlds.monthly_row(ward, NEXT) for ward in others),
    ]
