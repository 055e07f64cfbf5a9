"""The log of attempts to send a file, with the outcome of each and no values."""

import json
import os
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.london_time import as_utc

if TYPE_CHECKING:
    from pipelines.checking.check import Checked


def log(folder: Path, checked: "Checked", by: str, at: datetime) -> None:
    """Add one line to the month's log, in one write, and wait until it is on disk."""
    at = as_utc(at)
    line = {
        "at": at.isoformat(),
        "by": by,
        "sha256": checked.sha256,
        "trust": checked.trust,
        "month": str(checked.month) if checked.month else None,
        "outcome": str(checked.outcome),
        "problems": dict(sorted(Counter(p.code for p in checked.problems).items())),
    }
    folder.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    file = os.open(folder / f"{at:%Y-%m}.jsonl", flags, 0o640)
    try:
        os.write(file, (json.dumps(line) + "\n").encode())
        os.fsync(file)
    finally:
        os.close(file)


def attempts(folder: Path) -> list[dict[str, Any]]:
    """Every attempt, oldest first; a line cut short by a crash is left out."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                found.append(json.loads(line))
            except json.JSONDecodeError:
                continue
    return found
