"""Names the entries of an archive that can't be read, so that everything else works without them.

An entry counts as damaged if a file of it is missing, cut short, unreadable or somebody else's, or
if the chain names it and all of it is gone. A damaged version of a return is never replaced by the
version before it, which would bring back figures that were corrected: its month has no return in
use until it is restored or sent again.
"""

import errno
import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from time import time_ns
from typing import Literal, TypeVar

from pydantic import ValidationError

from pipelines.keeping import chain, digests
from pipelines.keeping.layout import RECEIPT, REGISTER_TABLES, ROWS
from schemas.receipts import (
    MAY_BE_MISSING,
    Decision,
    ForumReceipt,
    MeasuresReceipt,
    Receipt,
    RegisterReceipt,
    VersionReceipt,
    slot_of,
)

State = tuple[int, int, int, int]
Record = TypeVar("Record", Receipt, RegisterReceipt, MeasuresReceipt, ForumReceipt, Decision)

# What a damaged file or disk causes; anything else, such as too many open files, is no damage.
_OF_THE_FILE = {
    errno.ENOENT,
    errno.EACCES,
    errno.EPERM,
    errno.EISDIR,
    errno.ENOTDIR,
    errno.EIO,
}
_PARQUET = b"PAR1"  # at both ends of every whole file
_NO_CONTENT = sha256(b"").hexdigest()
_TICK = 3_000_000_000  # nanoseconds; no file system tells two moments further apart as one


class DamagedEntry(Exception):
    """An entry that is needed for something and can't be read; the message names it."""


@dataclass(frozen=True, order=True)
class Damaged:
    """An entry that can't be read: `Z01/2026-03/2`, a decision, or a version of the others."""

    kind: Literal["return", "register", "measures", "forum", "decision"]
    name: str

    @property
    def trust_month(self) -> tuple[str, str] | None:
        """The trust and the month of a return."""
        trust, _, rest = self.name.partition("/")
        return (trust, rest.partition("/")[0]) if self.kind == "return" else None

    @property
    def version(self) -> int:
        """The version of a return, the register, the measures or a forum; 0 for a decision."""
        return 0 if self.kind == "decision" else int(self.name.rpartition("/")[2])

    @property
    def words(self) -> str:
        """The entry as a sentence names it."""
        if self.kind in ("register", "measures"):
            return f"version {self.name} of the {self.kind}"
        if self.kind == "forum":
            forum, _, version = self.name.partition("/")
            return f"version {version} of the forum {forum}"
        return f"{self.kind} {self.name}"


class DamagedRows(DamagedEntry):
    """Returns whose rows can't be read; `returns` holds their ids."""

    def __init__(self, returns: frozenset[str]) -> None:
        self.returns = returns
        named = ", ".join(sorted(returns))
        super().__init__(
            f"The rows of return {named} can't be read: restore it from a backup, or ask for it to "
            "be sent again."
        )


def sentence(found: tuple[Damaged, ...]) -> str:
    """Sentences that name damaged entries and say what to do."""
    names, one = ", ".join(each.words for each in found), len(found) == 1
    many, them = ("One entry", "it") if one else (f"{len(found)} entries", "them")
    # Without any of these, what has to stay hidden can't be known.
    defines = any(each.kind in ("measures", "register") for each in found)
    left_out = "" if defines else f", and the figures leave {them} out"
    return (
        f"{many} of the archive can't be read{left_out}: {names}. Restore {them} from a backup; a "
        "return can also be sent again."
        + (" Until then, no new figures are worked out." if defines else "")
    )


def read_record(path: Path | str, model: type[Record]) -> tuple[str, Record | None]:
    """The digest of a receipt or decision, and what it says; None if the entry is damaged.

    A file is read again only if the system says that it was written to since. Damage that the
    system doesn't know of is noticed by `verify`, which reads everything.
    """
    path = os.fspath(path)
    states = [_state(path)]
    if model is Receipt:
        states.append(_state(path.removesuffix(RECEIPT) + ROWS))
    read = _read if all(map(_is_still, states)) else _read.__wrapped__
    try:
        return read(path, model, tuple(states))
    except OSError as error:
        if error.errno not in _OF_THE_FILE:
            raise
        return _NO_CONTENT, None


@lru_cache(maxsize=2**16)
def _read(
    name: str, model: type[Record], states: tuple[State | None, ...]
) -> tuple[str, Record | None]:
    path = Path(name)
    content = path.read_bytes()
    digest = sha256(content).hexdigest()
    try:
        record = model.model_validate_json(content)
    except ValidationError:
        return digest, None
    whole = record_fits(path, record) and (model is not Receipt or _has_rows(path.parent))
    return digest, record if whole else None


def _state(path: str) -> State | None:
    """What changes when a file is replaced or written to, the moment of its last change first."""
    try:
        about = os.stat(path)
    except OSError:
        return None
    return about.st_ctime_ns, about.st_mtime_ns, about.st_size, about.st_ino


def _is_still(state: State | None) -> bool:
    """Whether any later change of a file would show in its state."""
    return state is not None and max(state[:2]) < time_ns() - _TICK


def received(receipt: Path) -> datetime | None:
    """When a return was received, read without checking its receipt's fields; None if damaged."""
    try:
        about = json.loads(receipt.read_bytes())
        slot = slot_of(about["month"], baseline=bool(about.get("baseline_to")))
        whole = f"{about['trust_code']}/{slot}/{about['version']}"
        if whole != "/".join(receipt.parts[-4:-1]) or not _has_rows(receipt.parent):
            return None
        return datetime.fromisoformat(about["received_at"])
    except (ValueError, KeyError, TypeError):
        return None
    except OSError as error:
        if error.errno not in _OF_THE_FILE:
            raise
        return None


def whole_register(folder: Path) -> bool:
    """Whether a version of the register is the one its receipt was given for."""
    _, receipt = read_record(folder / RECEIPT, RegisterReceipt)
    try:
        tables = [folder / name for name in REGISTER_TABLES]
        missing = [
            f"{name}.csv" for name in MAY_BE_MISSING if not (folder / f"{name}.csv").exists()
        ]
        content = b"".join(path.read_bytes() for path in tables if path.name not in missing)
    except OSError as error:
        if error.errno not in _OF_THE_FILE:
            raise
        return False
    return receipt is not None and sha256(content).hexdigest() == receipt.sha256


def whole_measures(folder: Path) -> bool:
    """Whether a version of the programme's own measures is the one its receipt was given for."""
    return _holds_what_it_says(folder, MeasuresReceipt)


def whole_forum(folder: Path) -> bool:
    """Whether a version of a learning forum is the one its receipt was given for."""
    return _holds_what_it_says(folder, ForumReceipt)


def _holds_what_it_says(folder: Path, model: type[MeasuresReceipt] | type[ForumReceipt]) -> bool:
    """Whether the files beside a receipt are those whose digest it names."""
    _, receipt = read_record(folder / RECEIPT, model)
    try:
        found = digests.listing(folder)
    except OSError as error:
        if error.errno not in _OF_THE_FILE:
            raise
        return False
    found.pop(RECEIPT, None)
    return receipt is not None and digests.of_listing(found) == receipt.sha256


def lost(
    damaged: Iterable[Damaged],
    newest: Mapping[tuple[str, str], int],
    gone: Collection[str],
) -> frozenset[tuple[str, str]]:
    """The trusts and months whose newest version that isn't withdrawn is damaged.

    `newest` are the newest versions that can be read, `gone` the return ids that are withdrawn.
    """
    return frozenset(
        about
        for each in damaged
        if (about := each.trust_month) and each.name not in gone
        if each.version > newest.get(about, 0)
    )


def damaged_at(path: Path) -> Damaged:
    """The entry that a receipt or decision at a path belongs to."""
    if path.name != RECEIPT:
        return Damaged("decision", path.stem)
    folder = path.parent
    if folder.parent.name in ("register", "measures"):
        return Damaged(folder.parent.name, folder.name)
    if folder.parents[1].name == "forums":
        return Damaged("forum", "/".join(folder.parts[-2:]))
    return Damaged("return", "/".join(folder.parts[-3:]))


def gone(root: Path, there: Collection[str] = ()) -> list[Damaged]:
    """The entries that the chain names and that are no longer there, as some are known to be."""
    places = chain.gone(root, there)
    return [damaged_at(p if p.suffix == ".json" else p / RECEIPT) for p in places]


def record_fits(path: Path, record: Receipt | VersionReceipt | Decision) -> bool:
    """Whether a receipt or decision is the one that belongs at a path."""
    if isinstance(record, Decision):
        return record.id == path.stem
    if isinstance(record, Receipt):
        return record.return_id == "/".join(path.parts[-4:-1])
    if isinstance(record, ForumReceipt) and record.forum != path.parents[1].name:
        return False
    return str(record.version) == path.parent.name


def _has_rows(folder: Path) -> bool:
    """Whether the rows of a return are there to their end; reads only a few bytes."""
    file = os.open(os.path.join(folder, ROWS), os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        if os.lseek(file, 0, os.SEEK_END) < 3 * len(_PARQUET):
            return False
        os.lseek(file, -len(_PARQUET), os.SEEK_END)
        return os.read(file, len(_PARQUET)) == _PARQUET
    finally:
        os.close(file)
