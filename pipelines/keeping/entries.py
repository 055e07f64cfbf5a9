"""Reads everything the archive holds at one moment, in a fixed order."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from pipelines.keeping.decisions import withdrawn
from pipelines.keeping.layout import (
    RECEIPT,
    decision_files,
    register_folders,
    registers_in,
    return_folders,
)
from pipelines.registers.files import read_register
from pipelines.registers.register import Register, empty_register
from schemas.london_time import london_day
from schemas.receipts import Decision, Receipt, RegisterReceipt

Record = TypeVar("Record", Receipt, RegisterReceipt, Decision)


@dataclass(frozen=True)
class Entries:
    """Receipts by trust, month and version; decisions by time; the register in use, and all."""

    receipts: tuple[Receipt, ...]
    decisions: tuple[Decision, ...]
    register: Register
    state: str
    last_day: date | None
    registers: tuple[RegisterReceipt, ...] = ()

    @cached_property
    def active(self) -> tuple[Receipt, ...]:
        """The newest version of each trust's month that isn't withdrawn."""
        gone = withdrawn(self.decisions)
        newest = {(r.trust_code, r.month): r for r in self.receipts if r.return_id not in gone}
        return tuple(newest.values())


def read_entries(root: Path, as_at: date | None = None) -> Entries:
    """Everything in the archive at `root`, or everything up to the end of a day in London."""
    read = [
        *((folder / RECEIPT, Receipt) for folder in return_folders(root)),
        *((folder / RECEIPT, RegisterReceipt) for folder in register_folders(root)),
        *((path, Decision) for path in decision_files(root)),
    ]
    fingerprints, kept = [], {Receipt: [], RegisterReceipt: [], Decision: []}
    last = None
    for path, model in read:
        content = path.read_bytes()
        record = model.model_validate_json(content)
        day = london_day(_moment(record))
        if as_at is None or day <= as_at:
            kept[model].append(record)
            last = max(last or day, day)
            name = path.relative_to(root).as_posix()
            fingerprints.append(f"{name} {sha256(content).hexdigest()}")
    registers = kept[RegisterReceipt]
    return Entries(
        receipts=tuple(sorted(kept[Receipt], key=lambda r: (r.trust_code, r.month, r.version))),
        decisions=tuple(sorted(kept[Decision], key=lambda d: d.id)),
        register=_register(root, registers),
        state=sha256("\n".join(sorted(fingerprints)).encode()).hexdigest(),
        last_day=last,
        registers=tuple(sorted(registers, key=lambda r: r.version)),
    )


def read_decisions(root: Path) -> tuple[Decision, ...]:
    """Every decision by time, without reading anything else."""
    read = [Decision.model_validate_json(path.read_bytes()) for path in decision_files(root)]
    return tuple(sorted(read, key=lambda d: d.id))


def kept_register(folder: Path) -> Register:
    """A saved version of the register, which was checked when it was saved."""
    return _once(folder, (folder / RECEIPT).read_bytes())


@lru_cache(maxsize=4)
def _once(folder: Path, receipt: bytes) -> Register:
    """Read a version once: anything with a receipt never changes."""
    return read_register(folder, int(folder.name), checked=True)


def _register(root: Path, registers: list[RegisterReceipt]) -> Register:
    if not registers:
        return empty_register()
    return kept_register(registers_in(root) / str(registers[-1].version))


def _moment(record: Receipt | RegisterReceipt | Decision) -> datetime:
    return record.decided_at if isinstance(record, Decision) else record.received_at
