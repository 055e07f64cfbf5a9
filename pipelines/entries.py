"""What the archive holds at one moment, read once and put in one order."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from pipelines.deadlines import london_day
from pipelines.decisions import withdrawn
from pipelines.register import Register, empty_register
from pipelines.staging import versions
from schemas.receipts import Decision, Receipt, RegisterReceipt

if TYPE_CHECKING:
    from pipelines.archive import Archive

Record = TypeVar("Record", Receipt, RegisterReceipt, Decision)


@dataclass(frozen=True)
class Entries:
    """Receipts by trust, month and version; decisions by time; the register that holds."""

    receipts: tuple[Receipt, ...]
    decisions: tuple[Decision, ...]
    register: Register
    state: str
    last_day: date | None

    @cached_property
    def active(self) -> tuple[Receipt, ...]:
        """Of each trust's month the newest version that isn't withdrawn."""
        gone = withdrawn(self.decisions)
        newest = {(r.trust_code, r.month): r for r in self.receipts if r.return_id not in gone}
        return tuple(newest.values())


def read_entries(archive: "Archive", as_at: date | None = None) -> Entries:
    """Everything in the archive, or what was there by the end of a day in London."""
    from pipelines.archive import RECEIPT

    folders = [archive.registers / str(v) for v in versions(archive.registers)]
    read = [
        *((f / RECEIPT, Receipt) for f in archive.return_folders()),
        *((f / RECEIPT, RegisterReceipt) for f in folders),
        *((path, Decision) for path in sorted(archive.decisions_folder.glob("[0-9]*.json"))),
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
            name = path.relative_to(archive.root).as_posix()
            fingerprints.append(f"{name} {sha256(content).hexdigest()}")
    registers = kept[RegisterReceipt]
    return Entries(
        receipts=tuple(sorted(kept[Receipt], key=lambda r: (r.trust_code, r.month, r.version))),
        decisions=tuple(sorted(kept[Decision], key=lambda d: d.id)),
        register=archive.register_version(registers[-1].version) if registers else empty_register(),
        state=sha256("\n".join(sorted(fingerprints)).encode()).hexdigest(),
        last_day=last,
    )


def _moment(record: Receipt | RegisterReceipt | Decision) -> datetime:
    return record.decided_at if isinstance(record, Decision) else record.received_at
