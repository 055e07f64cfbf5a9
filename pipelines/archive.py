"""The archive: everything ever sent or decided. Entries are added, never changed or removed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from pipelines.as_kept import as_kept
from pipelines.attempts import log
from pipelines.deadlines import as_utc
from pipelines.register import Register, RegisterError, as_csv, read_register
from pipelines.staging import keep_file, keep_version, newest_version, versions
from pipelines.typed import empty
from schemas.cells import Cells
from schemas.problems import Severity
from schemas.receipts import Decision, Query, Receipt, RegisterReceipt

if TYPE_CHECKING:
    from pipelines.check import Checked
    from pipelines.entries import Entries

ROWS, RECEIPT = "rows.parquet", "receipt.json"
EVERY_CODE = "*"
_TRUST_MONTH_VERSION = r"([^/\\]+)[/\\]([^/\\]+)[/\\]([^/\\]+)[/\\][^/\\]+$"


class Archive:
    """The entries under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.returns = root / "returns"
        self.registers = root / "register"
        self.decisions_folder = root / "decisions"

    def keep_return(
        self,
        checked: "Checked",
        content: bytes,
        received_by: str,
        received_at: datetime,
        answers: Mapping[str, str],
    ) -> Receipt:
        """Keep an accepted return as the next version of its trust's month.

        `answers` gives the reason for each query code; the code `*` stands for all others.
        Text that was blocked is not kept; every figure stands where it stood.
        The receipt comes back only once everything is on the disk.
        """
        if checked.cells is None or checked.trust is None or checked.month is None:
            raise ValueError("Only a return without errors can be kept.")
        kept = as_kept(content, checked)
        first = Receipt(
            trust_code=checked.trust,
            month=str(checked.month),
            version=1,
            received_at=as_utc(received_at),
            received_by=received_by,
            filename=Path(checked.filename).name,
            sha256=sha256(content).hexdigest(),
            kept_sha256=sha256(kept).hexdigest(),
            size=len(content),
            rows=checked.rows,
            rows_by_sheet=checked.rows_by_sheet,
            template_version=checked.template_version,
            data_status=checked.data_status,
            queries=tuple(_queries(checked, answers)),
        )
        rows = BytesIO()
        checked.cells.write_parquet(rows)
        original = f"original{Path(checked.filename).suffix.lower()}"

        def files(version: int) -> dict[str, bytes]:
            receipt = first.model_copy(update={"version": version})
            return {original: kept, ROWS: rows.getvalue(), RECEIPT: _json(receipt)}

        version = keep_version(self.returns / first.trust_code / first.month, files)
        return first.model_copy(update={"version": version})

    def folder(self, receipt: Receipt) -> Path:
        """Where a return is kept."""
        return self.returns / receipt.trust_code / receipt.month / str(receipt.version)

    def cells(self, receipt: Receipt) -> pl.DataFrame:
        """The cells of a return (`schemas.cells`)."""
        return pl.read_parquet(self.folder(receipt) / ROWS)

    def cells_of(self, receipts: Sequence[Receipt]) -> pl.DataFrame:
        """The cells of many returns at once, each with the `return_id` it belongs to."""
        paths = [self.folder(receipt) / ROWS for receipt in receipts]
        if not paths:
            return empty(Cells).with_columns(return_id=pl.lit(None, pl.String))
        read = pl.scan_parquet(paths, glob=False, include_file_paths="path").collect()
        parts = pl.col("path").str.extract_groups(_TRUST_MONTH_VERSION).struct
        return_id = pl.format("{}/{}/{}", *(parts.field(str(number)) for number in (1, 2, 3)))
        return read.with_columns(return_id=return_id).drop("path")

    def original(self, receipt: Receipt) -> Path:
        """The file as it was sent, without any text that was blocked."""
        return next(self.folder(receipt).glob("original*"))

    def return_folders(self) -> Iterator[Path]:
        """The folder of every version of every return."""
        for trust in _folders(self.returns):
            for month in _folders(trust):
                for version in versions(month):
                    yield month / str(version)

    def receipts(self, as_at: date | None = None) -> list[Receipt]:
        """Every receipt, by trust, month and version; those up to a day if one is given."""
        return list(self.entries(as_at).receipts)

    def keep_register(self, register: Register, by: str, at: datetime, reason: str) -> Register:
        """Keep a register as the next version; raises RegisterError if it forgets anything."""
        from pipelines.register_checks import missing_from, problems_of

        newest = newest_version(self.registers)
        sentences = problems_of(register)
        if newest:
            sentences += missing_from(register, self.register_version(newest))
        if sentences:
            raise RegisterError(sentences)
        tables = as_csv(register)

        def files(version: int) -> dict[str, bytes]:
            receipt = RegisterReceipt(
                version=version,
                received_at=as_utc(at),
                received_by=by,
                reason=reason,
                sha256=sha256(b"".join(tables.values())).hexdigest(),
            )
            return {**tables, RECEIPT: _json(receipt)}

        return register.numbered(keep_version(self.registers, files))

    def register_version(self, version: int) -> Register:
        """One version of the register, as it was checked when it was kept."""
        folder = self.registers / str(version)
        return _kept_register(folder, version, (folder / RECEIPT).read_bytes())

    def register(self, as_at: date | None = None) -> Register:
        """The newest register, or the newest one kept by the end of a day."""
        return self.entries(as_at).register

    def record(self, decision: Decision) -> Decision:
        """Keep a decision. Recording the same one again changes nothing."""
        path = self.decisions_folder / f"{decision.id}.json"
        if not path.exists():
            keep_file(path, _json(decision))
        return decision

    def decisions(self, as_at: date | None = None) -> list[Decision]:
        """Every decision, oldest first."""
        return list(self.entries(as_at).decisions)

    def log_attempt(self, checked: "Checked", by: str, at: datetime) -> None:
        """Note that somebody tried to send a file: who, when, its hash and what came of it."""
        log(self.root / "attempts", checked, by, at)

    def state(self, as_at: date | None = None) -> str:
        """A fingerprint of every entry, the same wherever and in whatever order they arrived."""
        return self.entries(as_at).state

    def entries(self, as_at: date | None = None) -> "Entries":
        """Everything in the archive, or everything that was there by the end of a day."""
        from pipelines.entries import read_entries

        return read_entries(self, as_at)

    def verify(self) -> list[str]:
        """What is not as it was kept, in sentences; empty if all is well."""
        from pipelines.verify import archive_problems

        return archive_problems(self)


@lru_cache(maxsize=4)
def _kept_register(folder: Path, version: int, receipt: bytes) -> Register:
    """Read once for each receipt: what has a receipt never changes."""
    return read_register(folder, version, checked=True)


def _queries(checked: "Checked", answers: Mapping[str, str]) -> Iterator[Query]:
    for problem in checked.problems:
        if problem.severity == Severity.ERROR:
            continue
        answer = answers.get(problem.code, answers.get(EVERY_CODE))
        yield Query(
            **{
                name: getattr(problem, name)
                for name in ("code", "sheet", "cell", "row", "column", "ward", "value", "message")
            },
            severity=problem.severity.value,
            answer=answer if problem.severity == Severity.QUERY else None,
        )


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return sorted(p for p in parent.iterdir() if p.is_dir() and not p.name.startswith("."))


def _json(record: Receipt | RegisterReceipt | Decision) -> bytes:
    return (record.model_dump_json(indent=2) + "\n").encode()
