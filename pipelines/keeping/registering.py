"""Saves versions of the register without losing entries, access or anyone else's changes."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from pipelines.keeping import chain
from pipelines.keeping.damaged import read_record
from pipelines.keeping.decisions import Decided
from pipelines.keeping.entries import damaged_register, kept_register
from pipelines.keeping.layout import RECEIPT, register_folders, registers_in
from pipelines.keeping.staging import VersionTaken, newest_version
from pipelines.registers.checks import left_alone, missing_from, problems_of
from pipelines.registers.effective import Key
from pipelines.registers.files import kept_files
from pipelines.registers.register import Register, RegisterError, empty_register
from schemas.london_time import as_utc, london_day
from schemas.receipts import RegisterReceipt
from schemas.wording import moment


class RegisterChanged(RegisterError):
    """Someone else saved a register in the meantime; `newer` holds the receipts of those."""

    def __init__(self, based_on: int, newer: list[RegisterReceipt]) -> None:
        self.newer = newer
        super().__init__([_what_happened(based_on, newer)])


def keep_register(
    root: Path,
    register: Register,
    decided: Decided,
    based_on: int | None = None,
    may_forget: Collection[Key] = (),
) -> Register:
    """Keep a register as the next version; raises RegisterError with everything that is wrong.

    `based_on` is the version it was made from: if there is a newer one, RegisterChanged says who
    kept it, and nothing is kept. `may_forget` names trusts and wards that may be left out.
    """
    tables = kept_files(register)
    while True:
        register_in_use = newest_register(root)
        newest = register_in_use.version
        if based_on is not None and based_on != newest:
            newer = [r for r in register_receipts(root) if r.version > based_on]
            raise RegisterChanged(based_on, newer)
        if wrong := _wrong(register, register_in_use, decided.at, may_forget):
            raise RegisterError(wrong)
        receipt = RegisterReceipt(
            version=newest + 1,
            received_at=as_utc(decided.at),
            received_by=decided.by,
            reason=decided.reason,
            sha256=sha256(b"".join(tables.values())).hexdigest(),
        )
        try:
            version = chain.keep_next(root, "register", registers_in(root), tables, receipt)
            return register.numbered(version)
        except VersionTaken:
            continue  # someone was faster: their version counts, so check everything again


def register_receipts(root: Path) -> list[RegisterReceipt]:
    """The receipt of every version that can be read, oldest first."""
    read = [read_record(folder / RECEIPT, RegisterReceipt)[1] for folder in register_folders(root)]
    return [receipt for receipt in read if receipt]


def newest_register(root: Path) -> Register:
    """The version in use; raises RegisterError if it is damaged, or the chain knows a newer one."""
    newest = newest_version(registers_in(root))
    if chain.is_gone(root, f"register/{newest + 1}"):
        raise damaged_register(registers_in(root) / str(newest + 1))
    return register_version(root, newest)


def register_version(root: Path, version: int) -> Register:
    """One version; 0 is the empty register before the first. Raises RegisterError if missing."""
    if version == 0:
        return empty_register()
    folder = registers_in(root) / str(version)
    if not folder.exists():
        newest = newest_version(registers_in(root))
        raise RegisterError(
            [f"There is no version {version} of the register: its newest is {newest}."]
        )
    return kept_register(folder)


def _wrong(
    register: Register, previous: Register, at: datetime, may_forget: Collection[Key]
) -> list[str]:
    return [
        *problems_of(register),
        *missing_from(register, previous, may_forget),
        *left_alone(register, previous, london_day(at)),
    ]


def _what_happened(based_on: int, newer: list[RegisterReceipt]) -> str:
    if not newer:
        return f"This was made from version {based_on}, which this programme does not have."
    saved = "; ".join(
        f"{receipt.received_by} saved version {receipt.version} at "
        f"{moment(receipt.received_at)} (“{receipt.reason}”)"
        for receipt in newer
    )
    return f"Your changes were not saved: you started from version {based_on}, but {saved}."
