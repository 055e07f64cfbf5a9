"""Saves the measures that a programme changes or adds, once the figures have been tried with them.

Files are put over the version in use: those that are not among them stay as they are, so nothing is
lost by leaving a file out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from pipelines.keeping.damaged import DamagedRows
from pipelines.keeping.decisions import Decided
from pipelines.keeping.free_text import UnfitText, fit
from pipelines.keeping.home import Home
from pipelines.keeping.own_measures import Files, files_of, newest_own, put_over
from pipelines.keeping.staging import VersionTaken, keep_file
from pipelines.measures import FOLDER, MeasureError, contents, load, over_shipped, read
from pipelines.registers.register import Register
from pipelines.releasing import release_checks
from pipelines.releasing.release_checks import ReleaseError
from pipelines.releasing.release_tables import changes
from pipelines.releasing.sources import sources_of
from schemas.london_time import london_day
from schemas.measures import COUNTED, Measure
from schemas.vocabularies import REGIONS
from schemas.wording import day_of

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Difference:
    """A measure that was changed or, without one before, added."""

    before: Measure | None
    after: Measure

    @property
    def fields(self) -> dict[str, tuple[object, object]]:
        """The value of each field that was changed, before and after."""
        if self.before is None:
            return {}
        was, becomes = dict(self.before), dict(self.after)
        return {n: (was[n], becomes[n]) for n in Measure.model_fields if was[n] != becomes[n]}

    @property
    def tiny_targets(self) -> tuple[float, ...]:
        """Targets of a percentage that are 1% or less: the one that is meant may be 100 times it.

        Those that were there before aren't asked about again.
        """
        before = _targets(self.before) if self.before else ()
        found = _targets(self.after) if self.after.unit == "percent" else ()
        return tuple(target for target in found if 0 < target <= 1 and target not in before)

    @property
    def counted_otherwise(self) -> bool:
        """Whether the figures of earlier months become others."""
        return any(name in COUNTED for name in self.fields)

    @property
    def texts_with_former_target(self) -> tuple[str, ...]:
        """The fields whose text still names the target that was changed, such as “90%”."""
        before, _ = self.fields.get("target", (None, None))
        if before is None:
            return ()
        texts = {name: value for name, value in dict(self.after).items() if isinstance(value, str)}
        return tuple(
            name
            for name, text in texts.items()
            if any(float(number) == before for number in _NUMBER.findall(text))
        )


@dataclass(frozen=True)
class Trial:
    """What files would change: the version they were put over, all measures, what is different."""

    over: int
    measures: list[Measure]
    differences: list[Difference]


def differences(before: Iterable[Measure], after: Iterable[Measure]) -> list[Difference]:
    """What was changed or added between two lists of measures, in their order."""
    was = {measure.id: measure for measure in before}
    return [Difference(was.get(m.id), m) for m in after if m != was.get(m.id)]


def own_differences(home: Home, version: int) -> list[Difference]:
    """What a version of the programme's own measures changes in those that ship, or adds."""
    own = read(files_of(home.archive.root, version)).values()
    return differences(load(), over_shipped(own))


def trial(home: Home, files: Files, now: datetime) -> Trial:
    """Try the figures with some files put over the measures in use; nothing is kept.

    Raises MeasureError for a faulty file, or if figures break the rules for releases.
    """
    over = newest_own(home.archive.root)
    kept = files_of(home.archive.root, over)
    after = over_shipped(read(put_over(kept, files)).values())
    found = differences(_usable(kept), after)
    if found:
        _refuse_slips(found)
        _refuse_same_names(after)
        _refuse_unknown(found, home.archive.newest_register())
        _try(home, after, now)
    return Trial(over, after, found)


def keep_edited(home: Home, files: Files, decided: Decided) -> tuple[int, list[Difference]]:
    """Keep files as the next version, and return its number with what it changes.

    If they change nothing, nothing is kept, and the number is that of the version in use. Raises
    MeasureError with what is wrong.
    """
    if not decided.reason.strip():
        raise MeasureError("Say why: your reason is kept with this version of the measures.")
    try:
        register, day = home.archive.newest_register(), london_day(decided.at)
        reason = fit(decided.reason, "Your reason", register, day)
    except UnfitText as error:
        raise MeasureError(str(error)) from None
    while True:
        tried = trial(home, files, decided.at)
        if not tried.differences:
            return tried.over, []
        try:
            fitting = replace(decided, reason=reason)
            return home.archive.keep_measures(files, fitting, tried.over), tried.differences
        except VersionTaken:
            continue  # someone was faster: try the figures with theirs too


def restore(home: Home, version: int, decided: Decided) -> tuple[int, list[Difference]]:
    """Keep the measures of an earlier version as the next one, as `keep_edited` does.

    Raises MeasureError if a measure was added since: none is ever removed.
    """
    root, shipped = home.archive.root, contents(FOLDER)
    if not 0 <= version <= (newest := newest_own(root)):
        raise MeasureError(
            f"There is no version {version} of the programme’s own measures: its newest is "
            f"{newest}, and 0 is those that ship."
        )
    earlier, now = files_of(root, version), files_of(root, newest)
    since = _ids(now) - _ids(earlier)
    if added := since - _ids(shipped):
        names = ", ".join(sorted(added, key=_in_order))
        raise MeasureError(
            f"{names}: added since version {version}, and no measure is ever "
            "removed. Fetch it, set status to archived, and keep it."
        )
    back = {name: text for name, text in shipped.items() if name.partition("_")[0] in since}
    return keep_edited(home, {**earlier, **back}, decided)


def _in_order(measure_id: str) -> tuple[str, int]:
    """So that SS-P2 comes before SS-P10."""
    return measure_id[:4], int(measure_id[4:])


def _ids(files: Files) -> set[str]:
    return {name.partition("_")[0] for name in files}


def fetch(home: Home, ids: Iterable[str], folder: Path, shipped: bool = False) -> list[Path]:
    """Write the files of some measures in use into a folder, for editing.

    With `shipped`, they are written as they come with the program. Raises MeasureError, and writes
    none, if one is unknown or is there already.
    """
    root, found = home.archive.root, contents(FOLDER)
    if not shipped:
        found |= files_of(root, newest_own(root))
    by_id = {name.partition("_")[0]: (name, text) for name, text in found.items()}
    if unknown := [wanted for wanted in ids if wanted not in by_id]:
        raise MeasureError(
            f"There is no measure {', '.join(unknown)}: write codes such as SS-I1. There are "
            f"{', '.join(sorted(by_id, key=_in_order))}."
        )
    files = {folder / name: text for name, text in (by_id[wanted] for wanted in ids)}
    if there := [path for path in files if path.exists()]:
        raise MeasureError(
            f"{there[0]} is there already, and may have been edited: name another folder."
        )
    for path, text in files.items():
        keep_file(path, text)
    return list(files)


def _usable(kept: Mapping[str, bytes]) -> list[Measure]:
    """The measures that a version makes; without it, if this version of the code can't use it."""
    try:
        return over_shipped(read(kept).values())
    except MeasureError:
        return load()


def _targets(measure: Measure) -> tuple[float, ...]:
    targets = (measure.target, *(ambition.target for ambition in measure.ambitions))
    return tuple(target for target in targets if target is not None)


def _refuse_slips(found: Iterable[Difference]) -> None:
    """Raise MeasureError for dates in the wrong order, or a percentage written as a proportion.

    Only what is edited now is checked: what a programme saved before stays usable.
    """
    for each in found:
        measure = each.after
        if measure.next_review < measure.reviewed:
            raise MeasureError(
                f"{measure.id}: next_review, {day_of(measure.next_review)}, is before reviewed, "
                f"{day_of(measure.reviewed)}: correct one of them."
            )
        if each.tiny_targets and measure.direction == "up":
            target = each.tiny_targets[0]
            raise MeasureError(
                f"{measure.id}: a target of {target:g} would be {target:g}%. Percentages are "
                f"written from 0 to 100: for {target * 100:g}%, write {target * 100:g}."
            )


def _refuse_same_names(measures: list[Measure]) -> None:
    """Raise MeasureError if people could not tell two measures apart."""
    taken: dict[str, str] = {}
    for measure in measures:
        for name in {measure.name, measure.short_name} if measure.status != "archived" else ():
            if name in taken:
                raise MeasureError(
                    f"{taken[name]} and {measure.id} are both called “{name}”: change the name or "
                    "the short_name of one."
                )
            taken[name] = measure.id


def _refuse_unknown(found: Iterable[Difference], register: Register) -> None:
    """Raise MeasureError if a changed measure has an ambition of a trust or group not there."""
    trusts = {None, *register.trusts["trust_code"]}
    groups = {None, *REGIONS, *register.groups["group_code"]}
    for measure in (each.after for each in found):
        for ambition in measure.ambitions:
            if ambition.trust not in trusts or ambition.group not in groups:
                kind = "trust" if ambition.trust else "group"
                raise MeasureError(
                    f"{measure.id}: the ambition “{ambition.name}” is of {kind} {ambition.own}, "
                    f"which the register doesn’t know: write the code of a {kind} in the register."
                )


def _try(home: Home, measures: list[Measure], now: datetime) -> None:
    """Work out every figure with other measures, and check them as those of a release."""
    damaged: frozenset[str] = frozenset()
    while True:
        try:
            made = changes(sources_of(home, damaged=damaged, measures=measures), now)
            release_checks.check(made.rows)
            return
        except DamagedRows as found:
            damaged |= found.returns
        except (ReleaseError, pl.exceptions.PolarsError) as error:
            about = f" {error}" if isinstance(error, ReleaseError) else ""
            raise MeasureError(
                f"The figures can’t be worked out with these measures, so nothing was saved.{about}"
            ) from error
