"""Checks that every entry in the archive is as it was saved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from pipelines.keeping.archive import Archive
from pipelines.keeping.chain_checks import chain_problems
from pipelines.keeping.damaged import whole_forum, whole_measures, whole_register
from pipelines.keeping.decisions import is_as_taken
from pipelines.keeping.layout import (
    RECEIPT,
    ROWS,
    decision_files,
    forum_folders,
    forums_in,
    measures_folders,
    measures_in,
    register_folders,
    registers_in,
    return_folders,
    returns_in,
)
from pipelines.keeping.staging import leftovers, versions
from pipelines.registers.files import read_register
from pipelines.registers.register import RegisterError
from schemas.cells import Cells
from schemas.receipts import Decision, Receipt, RegisterReceipt
from schemas.typed import types_of


@dataclass(frozen=True)
class Examined:
    """A sentence for everything that is not as it was saved, and how many returns are."""

    problems: list[str]
    whole_returns: int


def archive_problems(archive: Archive) -> list[str]:
    """A sentence for everything that is not as it was saved; empty if all is well."""
    return examined(archive).problems


def examined(archive: Archive) -> Examined:
    """Look at every entry."""
    root = archive.root
    returns = {folder: list(_return(folder)) for folder in return_folders(root)}
    by_entry = {
        **returns,
        **_gaps(returns_in(root).glob("*/*"), root),
        **_gaps([registers_in(root), measures_in(root)], root),
        **_gaps(forums_in(root).glob("*"), root),
        **{folder: list(_register(folder, int(folder.name))) for folder in register_folders(root)},
        **{folder: list(_measures(folder)) for folder in measures_folders(root)},
        **{folder: list(_forum(folder)) for folder in forum_folders(root)},
        **{path: list(_decision(path)) for path in decision_files(root)},
    }
    told = {place.relative_to(root).as_posix() for place, found in by_entry.items() if found}
    sentences = dict.fromkeys(sentence for found in by_entry.values() for sentence in found)
    whole = sum(not found for found in returns.values())
    return Examined([*sentences, *chain_problems(root, told)], whole)


def unfinished(archive: Archive) -> list[Path]:
    """Files that crashed processes left beside the entries; they are not part of the archive."""
    return leftovers(archive.root)


def _return(folder: Path) -> Iterator[str]:
    named = "/".join(folder.parts[-3:])
    try:
        receipt = Receipt.model_validate_json((folder / RECEIPT).read_bytes())
    except (OSError, ValidationError):
        yield f"Return {named} has no readable receipt."
        return
    if receipt.return_id != named:
        yield f"Return {named} holds the receipt of {receipt.return_id}."
    originals = sorted(folder.glob("original*"))
    if len(originals) != 1:
        yield f"Return {named} has {len(originals)} original files instead of one."
    elif _digest(originals[0]) != receipt.kept_sha256:
        yield f"The original file of return {named} is not the one its receipt was given for."
    yield from _rows(folder, named, receipt)


def _rows(folder: Path, named: str, receipt: Receipt) -> Iterator[str]:
    try:
        cells = pl.read_parquet(folder / ROWS)
    except (OSError, pl.exceptions.PolarsError):
        yield f"The rows of return {named} cannot be read."
        return
    if dict(cells.schema) != types_of(Cells):
        yield f"The rows of return {named} do not have the right columns."
        return
    counted = cells.filter(pl.col("sheet") != "cover").select("sheet", "row").unique()
    kept = dict(counted.group_by("sheet").len().iter_rows())
    for sheet in sorted({*kept, *receipt.rows_by_sheet}):
        expected = receipt.rows_by_sheet.get(sheet, 0)
        if kept.get(sheet, 0) != expected:
            yield (
                f"Return {named} has {kept.get(sheet, 0)} rows in the sheet “{sheet}”, but its "
                f"receipt says {expected}."
            )


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _gaps(parents: Iterable[Path], root: Path) -> dict[Path, list[str]]:
    """For each version that is missing between others, a sentence for all of its month."""
    found = {}
    for parent in sorted(parents):
        kept = versions(parent)
        missing = sorted(set(range(1, max(kept, default=0) + 1)) - set(kept))
        if missing:
            numbers = ", ".join(map(str, missing))
            said = f"{parent.relative_to(root).as_posix()} is missing version {numbers}."
            found |= {parent / str(version): [said] for version in missing}
    return found


def _register(folder: Path, version: int) -> Iterator[str]:
    try:
        RegisterReceipt.model_validate_json((folder / RECEIPT).read_bytes())
        read_register(folder, version, checked=True)
    except (OSError, ValidationError, RegisterError):
        yield f"Version {version} of the register cannot be read."
        return
    if not whole_register(folder):
        yield f"Version {version} of the register is not the one its receipt was given for."


def _measures(folder: Path) -> Iterator[str]:
    if not whole_measures(folder):
        yield (
            f"Version {folder.name} of the measures is not the one its receipt was given for, or "
            "its receipt cannot be read."
        )


def _forum(folder: Path) -> Iterator[str]:
    if not whole_forum(folder):
        yield (
            f"Version {folder.name} of the forum {folder.parent.name} is not the one its receipt "
            "was given for, or its receipt cannot be read."
        )


def _decision(path: Path) -> Iterator[str]:
    try:
        decision = Decision.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        yield f"The decision {path.stem} cannot be read."
        return
    if decision.id != path.stem or not is_as_taken(decision):
        yield f"Decision {path.stem} has been changed since it was made."
