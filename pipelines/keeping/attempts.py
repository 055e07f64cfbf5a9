"""The log of attempts to send a file, with the outcome of each and no values."""

import json
from collections import Counter
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.keeping import chain
from pipelines.keeping.layout import attempts_in
from pipelines.keeping.on_disk import attempt_lines
from pipelines.keeping.staging import begin_log, is_cut_short, write_at
from schemas.london_time import as_utc

if TYPE_CHECKING:
    from pipelines.checking.check import Checked


def log(root: Path, checked: "Checked", by: str, at: datetime) -> None:
    """Add one line to the month's log, and to the chain, and wait until both are on disk."""
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
    content, path = json.dumps(line).encode(), attempts_in(root) / f"{at:%Y-%m}.jsonl"
    with chain.turn(root):
        begin_log(path)
        end, lead = path.stat().st_size, b"\n" if is_cut_short(path) else b""
        entry = f"{path.relative_to(root).as_posix()}#{end + len(lead)}"
        with chain.linked(root, "attempt", entry, sha256(content).hexdigest()):
            write_at(path, end, lead + content + b"\n")


def attempts(folder: Path) -> list[dict[str, Any]]:
    """Every attempt, oldest first; a line cut short by a crash is left out."""
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for _, line in attempt_lines(path)
    ]
