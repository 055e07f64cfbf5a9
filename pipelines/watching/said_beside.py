"""The reasons for a file's queries, dropped beside it."""

import json
from pathlib import Path

from pipelines.keeping.dropped import ANSWERS, Dropped, content_of
from pipelines.keeping.reasons import key_from
from pipelines.reading.readers.kind import LARGEST_FILE
from pipelines.reading.workbook import Unreadable


def said_beside(folder: Path, file: Dropped) -> dict[str, str]:
    """The reasons beside a file, `{"W01": "…"}`; raises Unreadable for them, or for the file."""
    if file.too_big:
        raise Unreadable(
            f"This file is {file.size / 2**20:.1f} MB. A return may be at most "
            f"{LARGEST_FILE // 2**20} MB; a filled-in workbook is far smaller.",
            "Copy your figures into a newly downloaded workbook and send that.",
        )
    path = folder / f"{file.name}{ANSWERS}"
    if not path.exists():
        return {}
    try:
        given = json.loads((content_of(path) or b"").decode("utf-8-sig"))
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not all(isinstance(said, str) for said in given.values()):
        raise Unreadable(
            f"The answers in {path.name} can't be read, so nothing was sent.",
            'Write them as a JSON object of codes and reasons: {"W01": "Checked with the ward"}.',
        )
    return {key_from(code) or code: said for code, said in given.items()}
