"""Keeps the measures that a programme changes or adds, over those that ship.

A version holds every file of the programme's own that was in use from then on. Measures that ship
and that the programme leaves as they are are no part of it: they come with the program.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pipelines.keeping import chain, digests
from pipelines.keeping.chain_checks import cut_short
from pipelines.keeping.damaged import Damaged, gone, read_record, whole_measures
from pipelines.keeping.decisions import Decided
from pipelines.keeping.entries import Entries
from pipelines.keeping.layout import RECEIPT, measures_folders, measures_in
from pipelines.keeping.staging import newest_version
from pipelines.measures import MeasureError, load, over_shipped, read
from schemas.london_time import as_utc
from schemas.measures import Measure
from schemas.receipts import MeasuresReceipt

Files = Mapping[str, bytes]


def keep_measures(root: Path, files: Files, decided: Decided, over: int) -> int:
    """Keep files over those of a version, as the next one, and return its number.

    A file takes the place of the one that held the same measure; the others stay. Raises
    MeasureError for a faulty file, and VersionTaken if there is a newer version.
    """
    kept = put_over(files_of(root, over), files)
    receipt = MeasuresReceipt(
        version=over + 1,
        received_at=as_utc(decided.at),
        received_by=decided.by,
        reason=decided.reason,
        sha256=digests.of_content(kept),
    )
    return chain.keep_next(root, "measures", measures_in(root), kept, receipt)


def put_over(kept: Files, files: Files) -> dict[str, bytes]:
    """The files of a version, with others in the place of those that hold the same measures.

    What is the same as the measure that ships is left out. Raises MeasureError for a faulty file.
    """
    new, shipped = read(files), load()
    ids = {measure.id for measure in new.values()}
    # By their names alone: an earlier version's file may be what can't be used any more.
    stay = {name: held for name, held in kept.items() if name.partition("_")[0] not in ids}
    own = {name: files[name] for name, measure in new.items() if measure not in shipped}
    return dict(sorted({**stay, **own}.items()))


def measures_receipts(root: Path) -> list[MeasuresReceipt]:
    """The receipt of every version that can be read, oldest first."""
    read = [read_record(folder / RECEIPT, MeasuresReceipt)[1] for folder in measures_folders(root)]
    return [receipt for receipt in read if receipt]


def lost_versions(root: Path) -> list[str]:
    """A sentence for each version that is gone or damaged, and if the chain has lost lines."""
    damaged = [folder for folder in measures_folders(root) if not whole_measures(folder)]
    lost = {
        **{int(each.name): "gone" for each in gone(root) if each.kind == "measures"},
        **{int(folder.name): "damaged" for folder in damaged},
    }
    told = [f"Version {n} is {lost[n]}: restore it from a backup." for n in sorted(lost)]
    return [*told, *cut_short(root)]


def files_of(root: Path, version: int) -> dict[str, bytes]:
    """The files of a version; version 0 is the one before the first, without any.

    Raises MeasureError if it is damaged or missing.
    """
    folder = measures_in(root) / str(version)
    if version == 0:
        return {}
    if not whole_measures(folder):
        raise _damaged(version)
    found = digests.files_of(folder)
    return {path.name: path.read_bytes() for path in sorted(found) if path.name != RECEIPT}


def own_measures(root: Path, version: int) -> list[Measure]:
    """The programme's own measures of a version; raises MeasureError if they can't be used."""
    files = files_of(root, version)
    try:
        return list(read(files).values())
    except MeasureError as error:
        raise MeasureError(
            f"Version {version} of the programme’s own measures can’t be used by this version of "
            f"feeling-safe: {error}"
        ) from error


def measures_in_use(root: Path, version: int) -> list[Measure]:
    """Every measure that a version makes, in the order people see them."""
    return over_shipped(own_measures(root, version))


def usable_measures(root: Path, version: int) -> list[Measure]:
    """The same, without any that this version of the code can't use; for what was once in use.

    Raises MeasureError if the version is damaged.
    """
    own = []
    for name, content in files_of(root, version).items():
        with suppress(MeasureError):
            own += read({name: content}).values()
    return over_shipped(own)


def newest_own(root: Path) -> int:
    """The newest version; raises MeasureError if the chain knows a newer one that is gone."""
    newest = newest_version(measures_in(root))
    if chain.is_gone(root, f"measures/{newest + 1}"):
        raise _damaged(newest + 1, "gone")
    return newest


def version_in_use(root: Path, entries: Entries) -> int:
    """The version that the entries make the one in use; 0 if there are only those that ship.

    Raises MeasureError if a damaged one may have replaced it: other measures give other figures.
    """
    newest = entries.measures[-1].version if entries.measures else 0
    if Damaged("measures", str(newest + 1)) in entries.damaged:
        there = (measures_in(root) / str(newest + 1)).exists()
        raise _damaged(newest + 1, "damaged" if there else "gone")
    return newest


def _damaged(version: int, state: str = "damaged") -> MeasureError:
    return MeasureError(
        f"Version {version} of the programme’s own measures is {state}: restore it from a backup. "
        "Until then no new figures are worked out, because nobody knows what it defined."
    )
