"""The archive: everything ever sent or decided. Entries are added, never changed or removed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.checking.checked import Checked
from pipelines.keeping import chain, digests
from pipelines.keeping.attempts import attempts, log
from pipelines.keeping.damaged import DamagedEntry, DamagedRows
from pipelines.keeping.decisions import Decided
from pipelines.keeping.entries import Entries, read_decisions, read_entries
from pipelines.keeping.explanations import reason_for
from pipelines.keeping.forums import KeptForum, forum_version, keep_forum, newest_forum
from pipelines.keeping.layout import (
    RECEIPT,
    ROWS,
    attempts_in,
    decisions_in,
    returns_in,
)
from pipelines.keeping.own_measures import (
    keep_measures,
    measures_in_use,
    measures_receipts,
    newest_own,
    version_in_use,
)
from pipelines.keeping.redaction import redacted
from pipelines.keeping.registering import (
    keep_register,
    newest_register,
    register_receipts,
    register_version,
)
from pipelines.keeping.staging import keep_file
from pipelines.registers.effective import Key
from pipelines.registers.register import Register
from schemas.cells import Cells
from schemas.london_time import as_utc
from schemas.measures import Measure
from schemas.problems import Severity
from schemas.receipts import (
    Decision,
    Head,
    Link,
    MeasuresReceipt,
    Proof,
    Query,
    Receipt,
    RegisterReceipt,
)
from schemas.typed import empty, types_of

_TRUST_MONTH_VERSION = r"([^/\\]+)[/\\]([^/\\]+)[/\\]([^/\\]+)[/\\][^/\\]+$"


class Archive:
    """The entries under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep_return(
        self,
        checked: Checked,
        content: bytes,
        received_by: str,
        received_at: datetime,
        answers: Mapping[str, str],
        drafted_by: Mapping[str, str] | None = None,
    ) -> Receipt:
        """Keep an accepted return as the next version of its trust's month.

        `answers` holds the explanations of its queries (`pipelines.keeping.explanations`), and
        `drafted_by` who typed which ward on the screen. Blocked text is not kept; every figure
        stays in its place. The receipt is returned only once everything is on disk.
        """
        if checked.cells is None or checked.trust is None or checked.month is None:
            raise ValueError("Only a return without errors can be kept.")
        kept = redacted(content, checked)
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
            drafted_by=dict(drafted_by or {}),
            baseline_to=str(checked.baseline_to or ""),
        )
        rows = BytesIO()
        checked.cells.write_parquet(rows)
        files = {f"original{Path(checked.filename).suffix.lower()}": kept, ROWS: rows.getvalue()}
        place = returns_in(self.root) / first.trust_code / first.slot
        version = chain.keep_next(self.root, "return", place, files, first, only_this=False)
        return first.model_copy(update={"version": version})

    def folder(self, receipt: Receipt) -> Path:
        """Where a return is kept."""
        return returns_in(self.root) / receipt.trust_code / receipt.slot / str(receipt.version)

    def cells(self, receipt: Receipt) -> pl.DataFrame:
        """The cells of a return (`schemas.cells`); raises DamagedRows if they can't be read."""
        return self.cells_of([receipt]).drop("return_id")

    def cells_of(self, receipts: Sequence[Receipt]) -> pl.DataFrame:
        """The cells of many returns at once, each with the `return_id` it belongs to.

        Raises DamagedRows, with every one of them whose cells can't be read.
        """
        paths = [self.folder(receipt) / ROWS for receipt in receipts]
        if not paths:
            return empty(Cells).with_columns(return_id=pl.lit(None, pl.String))
        try:
            read = pl.scan_parquet(paths, glob=False, include_file_paths="path").collect()
            if dict(read.schema) != {**types_of(Cells), "path": pl.String}:
                raise pl.exceptions.SchemaError("These are not the columns of cells.")
        except (OSError, pl.exceptions.PolarsError):
            if damaged := frozenset(r.return_id for r in receipts if not self._readable(r)):
                raise DamagedRows(damaged) from None
            raise
        parts = pl.col("path").str.extract_groups(_TRUST_MONTH_VERSION).struct
        return_id = pl.format("{}/{}/{}", *(parts.field(str(number)) for number in (1, 2, 3)))
        return read.with_columns(return_id=return_id).drop("path")

    def _readable(self, receipt: Receipt) -> bool:
        try:
            return dict(pl.read_parquet(self.folder(receipt) / ROWS).schema) == types_of(Cells)
        except (OSError, pl.exceptions.PolarsError):
            return False

    def original(self, receipt: Receipt) -> Path:
        """The file as it was sent, without any blocked text; raises DamagedEntry if it is gone."""
        for path in self.folder(receipt).glob("original*"):
            return path
        raise DamagedEntry(
            f"The file of return {receipt.return_id} is not in the archive any more: restore it "
            "from a backup."
        )

    def proof(self, receipt: Receipt) -> Proof | None:
        """What lets anyone check a receipt; None while the archive has no chain."""
        folder = self.folder(receipt)
        link = chain.link_of(self.root, folder.relative_to(self.root).as_posix())
        kept = (folder / RECEIPT).read_text(encoding="utf-8")
        return Proof(link=link, files=digests.listing(folder), kept=kept) if link else None

    def given(self, receipt: Receipt) -> dict[str, Any]:
        """A receipt as it is given out as JSON: with its id, and what lets anyone check it."""
        proof = self.proof(receipt)
        return receipt.model_dump(mode="json") | {
            "return_id": receipt.return_id,
            "proof": proof.model_dump(mode="json") if proof else None,
        }

    def receipts(self, as_at: date | None = None) -> list[Receipt]:
        """Every receipt, of months, then of baselines; those up to a day if one is given."""
        return list(self.entries(as_at).every)

    def keep_register(
        self,
        register: Register,
        decided: Decided,
        based_on: int | None = None,
        may_forget: Collection[Key] = (),
    ) -> Register:
        """Keep a register as the next version (`pipelines.keeping.registering`)."""
        return keep_register(self.root, register, decided, based_on, may_forget)

    def registers(self) -> list[RegisterReceipt]:
        """The receipt of every version of the register, oldest first."""
        return register_receipts(self.root)

    def register_version(self, version: int) -> Register:
        """One version of the register; version 0 is the empty one before the first."""
        return register_version(self.root, version)

    def newest_register(self) -> Register:
        """The register in use now, without reading anything else in the archive."""
        return newest_register(self.root)

    def register(self, as_at: date | None = None) -> Register:
        """The newest register, or the newest one kept by the end of a day."""
        return self.entries(as_at).register

    def keep_measures(self, files: Mapping[str, bytes], decided: Decided, over: int = 0) -> int:
        """Keep the programme's own measures as the version after another (`own_measures`)."""
        return keep_measures(self.root, files, decided, over)

    def measures_kept(self) -> list[MeasuresReceipt]:
        """The receipt of every version of the programme's own measures, oldest first."""
        return measures_receipts(self.root)

    def newest_measures(self) -> list[Measure]:
        """The measures in use now, those that ship included; raises MeasureError."""
        return measures_in_use(self.root, newest_own(self.root))

    def measures_of(self, entries: Entries) -> list[Measure]:
        """The measures that are in use by some of its entries; raises MeasureError."""
        return measures_in_use(self.root, version_in_use(self.root, entries))

    def keep_forum(self, kept: KeptForum, decided: Decided, over: int = 0) -> int:
        """Keep what is known of a learning forum as the version after another (`forums`)."""
        return keep_forum(self.root, kept, decided, over)

    def forum_version(self, forum: str, version: int) -> KeptForum:
        """One version of a learning forum; raises DamagedEntry."""
        return forum_version(self.root, forum, version)

    def newest_forum(self, forum: str) -> int:
        """The number of the newest version of a learning forum; 0 if there is none."""
        return newest_forum(self.root, forum)

    def record(self, decision: Decision) -> Decision:
        """Keep a decision. Recording the same one again changes nothing."""
        path = decisions_in(self.root) / f"{decision.id}.json"
        if not path.exists():
            with suppress(FileExistsError):  # someone else has just recorded the same one
                keep_file(path, _json(decision), partial(chain.joining, self.root, "decision"))
        return decision

    def decisions(self, as_at: date | None = None) -> list[Decision]:
        """Every decision, oldest first."""
        return list(self.entries(as_at).decisions if as_at else read_decisions(self.root))

    def log_attempt(self, checked: Checked, by: str, at: datetime) -> None:
        """Log an attempt to send a file: who, when, its hash and the outcome."""
        log(self.root, checked, by, at)

    def attempts(self) -> list[dict[str, Any]]:
        """Every attempt to send a file, accepted or refused, oldest first."""
        return attempts(attempts_in(self.root))

    def links(self) -> list[Link]:
        """The line of the chain for each entry, in the order in which they were kept."""
        return chain.links(self.root)

    def adopt(self) -> int:
        """Put on the chain what an earlier version kept since; return how many entries."""
        return chain.adopt(self.root)

    def settle(self) -> Head:
        """Settle what a crash cut short; an archive of an earlier version gets its chain."""
        with chain.turn(self.root):
            return chain.settled(self.root)

    def state(self, as_at: date | None = None) -> str:
        """A fingerprint of every entry, the same whatever order they arrived in."""
        return self.entries(as_at).state

    def entries(self, as_at: date | None = None) -> Entries:
        """Everything in the archive, or everything that was there by the end of a day."""
        return read_entries(self.root, as_at)


def _queries(checked: Checked, answers: Mapping[str, str]) -> Iterator[Query]:
    for problem in checked.problems:  # none is an error: the return would have no cells
        yield Query(
            **{
                name: getattr(problem, name)
                for name in ("code", "sheet", "cell", "row", "column", "ward", "value", "message")
            },
            severity=problem.severity.value,
            answer=reason_for(problem, answers) if problem.severity == Severity.QUERY else None,
        )


def _json(record: Decision) -> bytes:
    return (record.model_dump_json(indent=2) + "\n").encode()
