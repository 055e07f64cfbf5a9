"""Reads everything the archive holds at one moment, in a fixed order."""

import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path

from pipelines.keeping.damaged import (
    Damaged,
    damaged_at,
    gone,
    lost,
    read_record,
    whole_forum,
    whole_register,
)
from pipelines.keeping.decisions import withdrawn
from pipelines.keeping.layout import (
    RECEIPT,
    decision_files,
    forum_folders,
    measures_folders,
    register_folders,
    registers_in,
    return_receipts,
)
from pipelines.registers.files import read_register
from pipelines.registers.register import Register, RegisterError, empty_register
from schemas.london_time import london_day
from schemas.receipts import (
    Decision,
    ForumReceipt,
    MeasuresReceipt,
    Receipt,
    RegisterReceipt,
    VersionReceipt,
)

_MODELS = (Receipt, RegisterReceipt, MeasuresReceipt, ForumReceipt, Decision)


@dataclass(frozen=True)
class Entries:
    """Receipts by trust, month and version; decisions by time; the register in use, and all.

    `receipts` are those of months, `baselines` those of baselines, which stand in no month's place.
    `measures` and `forums` are the receipts of every version of the programme's own measures and of
    every learning forum. Entries that can't be read are only in `damaged`.
    """

    receipts: tuple[Receipt, ...]
    decisions: tuple[Decision, ...]
    register: Register
    state: str
    last_day: date | None
    registers: tuple[RegisterReceipt, ...] = ()
    measures: tuple[MeasuresReceipt, ...] = ()
    forums: tuple[ForumReceipt, ...] = ()
    damaged: tuple[Damaged, ...] = ()
    baselines: tuple[Receipt, ...] = ()

    @property
    def every(self) -> tuple[Receipt, ...]:
        """The receipts of months and of baselines."""
        return self.receipts + self.baselines

    @cached_property
    def active(self) -> tuple[Receipt, ...]:
        """The newest version of each trust's month that isn't withdrawn, unless it is damaged."""
        return tuple(r for r in self.in_use if not r.baseline_to)

    @cached_property
    def baselines_in_use(self) -> tuple[Receipt, ...]:
        """The newest version of each baseline that isn't withdrawn, unless it is damaged."""
        return tuple(r for r in self.in_use if r.baseline_to)

    @cached_property
    def in_use(self) -> tuple[Receipt, ...]:
        """The returns in use: of months, then of baselines."""
        return tuple(r for about, r in self._newest.items() if about not in self.lost)

    @cached_property
    def lost(self) -> frozenset[tuple[str, str]]:
        """The trusts and months whose newest version that isn't withdrawn is damaged.

        A baseline is named by its slot (`schemas.receipts.slot_of`).
        """
        newest = {about: receipt.version for about, receipt in self._newest.items()}
        return lost(self.damaged, newest, self._gone)

    @property
    def forums_in_use(self) -> tuple[ForumReceipt, ...]:
        """The newest version of each learning forum, unless that one is damaged."""
        newest = {receipt.forum: receipt for receipt in self.forums}
        gone = [
            (each.name.partition("/")[0], each.version)
            for each in self.damaged
            if each.kind == "forum"
        ]
        return tuple(
            receipt
            for code, receipt in newest.items()
            if not any(of == code and version > receipt.version for of, version in gone)
        )

    @cached_property
    def _newest(self) -> dict[tuple[str, str], Receipt]:
        """The newest version of each trust's month that can be read and isn't withdrawn."""
        kept = (receipt for receipt in self.every if receipt.return_id not in self._gone)
        return {(receipt.trust_code, receipt.slot): receipt for receipt in kept}

    @cached_property
    def _gone(self) -> frozenset[str]:
        return withdrawn(self.decisions)

    def without(self, returns: Collection[str]) -> "Entries":
        """The same entries, of which these returns are damaged."""
        kept, brought = (
            tuple(r for r in held if r.return_id not in returns)
            for held in (self.receipts, self.baselines)
        )
        damaged = {*self.damaged, *(Damaged("return", name) for name in returns)}
        return replace(self, receipts=kept, baselines=brought, damaged=tuple(sorted(damaged)))


def read_entries(root: Path, as_at: date | None = None) -> Entries:
    """Everything in the archive at `root`, or everything up to the end of a day in London."""
    read = [
        *((name, Receipt) for name in return_receipts(root)),
        *((str(folder / RECEIPT), RegisterReceipt) for folder in register_folders(root)),
        *((str(folder / RECEIPT), MeasuresReceipt) for folder in measures_folders(root)),
        *((str(folder / RECEIPT), ForumReceipt) for folder in forum_folders(root)),
        *((str(path), Decision) for path in decision_files(root)),
    ]
    names = [path[len(f"{root}") + 1 :].replace(os.sep, "/") for path, _ in read]
    fingerprints, kept = [], {model: [] for model in _MODELS}
    last, damaged = None, gone(root, [name.removesuffix(f"/{RECEIPT}") for name in names])
    fingerprints += [f"{each.words} gone" for each in damaged]
    for (path, model), name in zip(read, names, strict=True):
        digest, record = read_record(path, model)
        if isinstance(record, ForumReceipt) and not whole_forum(Path(path).parent):
            record = None
        if record is None:
            damaged.append(damaged_at(Path(path)))
            fingerprints.append(f"{name} damaged {digest}")
            continue
        day = london_day(_moment(record))
        if as_at is None or day <= as_at:
            kept[model].append(record)
            last = max(last or day, day)
            fingerprints.append(f"{name} {digest}")
    registers = kept[RegisterReceipt]
    received = sorted(kept[Receipt], key=lambda r: (r.trust_code, r.month, r.version))
    return Entries(
        receipts=tuple(r for r in received if not r.baseline_to),
        decisions=tuple(sorted(kept[Decision], key=lambda d: d.id)),
        register=_register(root, registers, damaged),
        state=sha256("\n".join(sorted(fingerprints)).encode()).hexdigest(),
        last_day=last,
        registers=tuple(sorted(registers, key=lambda r: r.version)),
        measures=tuple(sorted(kept[MeasuresReceipt], key=lambda r: r.version)),
        forums=tuple(sorted(kept[ForumReceipt], key=lambda r: (r.forum, r.version))),
        damaged=tuple(sorted(damaged)),
        baselines=tuple(r for r in received if r.baseline_to),
    )


def read_decisions(root: Path) -> tuple[Decision, ...]:
    """Every decision that can be read, by time, without reading anything else."""
    read = [read_record(path, Decision)[1] for path in decision_files(root)]
    return tuple(sorted(filter(None, read), key=lambda d: d.id))


def kept_register(folder: Path) -> Register:
    """A saved version of the register, which was checked when it was saved.

    Raises RegisterError if it is damaged.
    """
    digest, receipt = read_record(folder / RECEIPT, RegisterReceipt)
    if receipt is None:
        raise damaged_register(folder)
    return _once(folder, digest)


@lru_cache(maxsize=32)
def _once(folder: Path, receipt: str) -> Register:
    """Read a version once: anything with a receipt never changes."""
    try:
        if whole_register(folder):
            return read_register(folder, int(folder.name), checked=True)
    except RegisterError:
        pass
    raise damaged_register(folder)


def _register(root: Path, registers: list[RegisterReceipt], damaged: list[Damaged]) -> Register:
    """The newest register; raises RegisterError if a damaged one may have replaced it.

    Access is never read from an older version: it may name people whose access has ended.
    """
    newest = registers[-1].version if registers else 0
    if Damaged("register", str(newest + 1)) in damaged:
        raise damaged_register(registers_in(root) / str(newest + 1))
    return kept_register(registers_in(root) / str(newest)) if newest else empty_register()


def damaged_register(folder: Path) -> RegisterError:
    """What is wrong if a version is damaged or gone, in a sentence."""
    state = "damaged" if folder.exists() else "gone"
    words = (
        f"Version {folder.name} of the register is {state}: restore it from a backup. Without it, "
        "nobody knows who may see what and which figures must stay hidden."
    )
    return RegisterError([words])


def _moment(record: Receipt | VersionReceipt | Decision) -> datetime:
    return record.decided_at if isinstance(record, Decision) else record.received_at
