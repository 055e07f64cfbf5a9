"""Finds every entry of an archive in its folders, without the chain."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.keeping.layout import (
    RECEIPT,
    attempts_in,
    decision_files,
    forum_folders,
    measures_folders,
    register_folders,
    return_folders,
)
from schemas.receipts import LinkKind

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Dated(NamedTuple):
    """An entry, and when it says that it was made."""

    kind: LinkKind
    entry: str
    moment: datetime


def on_disk(root: Path) -> Iterator[tuple[LinkKind, str]]:
    """Each entry's kind and its place below the root; a line of a log has its first byte too."""
    for kind, entry, _ in _found(root):
        yield kind, entry


def in_order(root: Path) -> list[Dated]:
    """The same, by the moment that each entry names."""
    dated = (Dated(kind, entry, _moment(content())) for kind, entry, content in _found(root))
    return sorted(dated, key=lambda found: (found.moment, found.entry))


def attempt_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Each line of a log that isn't cut short, with the byte at which it begins."""
    offset = 0
    for line in path.read_bytes().split(b"\n"):
        if _record(line) is not None:
            yield offset, line
        offset += len(line) + 1


def _found(root: Path) -> Iterator[tuple[LinkKind, str, Callable[[], bytes]]]:
    """Each entry's kind and place, and what gives its record: few readers need all of them."""
    places: list[tuple[LinkKind, Path, Path]] = [
        *(("register", folder, folder / RECEIPT) for folder in register_folders(root)),
        *(("measures", folder, folder / RECEIPT) for folder in measures_folders(root)),
        *(("forum", folder, folder / RECEIPT) for folder in forum_folders(root)),
        *(("return", folder, folder / RECEIPT) for folder in return_folders(root)),
        *(("decision", path, path) for path in decision_files(root)),
    ]
    for kind, place, record in places:
        yield kind, place.relative_to(root).as_posix(), partial(_content, record)
    for path in sorted(attempts_in(root).glob("*.jsonl")):
        name = path.relative_to(root).as_posix()
        for offset, line in attempt_lines(path):
            yield "attempt", f"{name}#{offset}", partial(bytes, line)


def _moment(content: bytes) -> datetime:
    """When an entry says that it was made; long ago if it can't be read."""
    record = _record(content) or {}
    text = record.get("received_at") or record.get("decided_at") or record.get("at")
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return _LONG_AGO
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _record(content: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(content)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
