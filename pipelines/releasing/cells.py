"""Collects every typed value of the active returns, each with the cell it was sent in."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from pipelines.keeping.archive import Archive
from schemas.receipts import Receipt
from schemas.release import ReleaseCells
from schemas.typed import empty, typed

KEYS = ["return_id", "sheet", "row", "column"]


@dataclass(frozen=True)
class Known:
    """The cells of an earlier release, and the hashes of the returns they were read from."""

    cells: pl.DataFrame
    hashes: dict[str, str]


NOTHING = Known(empty(ReleaseCells), {})


def cells_of(archive: Archive, active: Iterable[Receipt], known: Known = NOTHING) -> pl.DataFrame:
    """The cells of the active returns as one frame (`schemas.release.ReleaseCells`).

    Cells that an earlier release already holds are taken from it: a return in the archive never
    changes, so the result is the same as reading every file again.
    """
    active = list(active)
    held = {r.return_id for r in active if known.hashes.get(r.return_id) == r.sha256}
    new = [receipt for receipt in active if receipt.return_id not in held]
    taken = known.cells.filter(pl.col("return_id").is_in(held))
    return pl.concat([taken, _read(archive, new)]).sort(KEYS)


def _read(archive: Archive, receipts: list[Receipt]) -> pl.DataFrame:
    trust, month = (pl.col("return_id").str.split("/").list.get(place) for place in (0, 1))
    sent = archive.cells_of(receipts).with_columns(
        trust_code=trust, month=pl.concat_str(month, pl.lit("-01")).str.to_date("%Y-%m-%d")
    )
    ward_id = pl.concat_str("trust_code", pl.lit("-"), "ward_code")
    return typed(sent.with_columns(ward_id=ward_id), ReleaseCells)
