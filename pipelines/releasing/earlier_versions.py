"""Finds what earlier versions of returns came to and hid, and keeps it for the next release.

A month as some versions of its returns made it is the same whatever is sent afterwards, and so is a
band. So each is counted once, and kept beside the release under its key (`version_keys`). Months of
a year to March that is over are looked at together. That is seldom, and would take much room: they
are not kept.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from pipelines.releasing.cells import ActiveCells
from pipelines.releasing.counted import Basis, Counted, TakenOver, with_versions
from pipelines.releasing.last_release import WORKINGS, Keys, LastRelease
from pipelines.releasing.sharing_keys import block_of
from pipelines.releasing.suppressed import earlier
from pipelines.releasing.version_keys import Band, VersionKeys
from schemas.disclosure import KEY, why_hidden, with_years
from schemas.measures import Measure
from schemas.periods import Month
from schemas.programme import DisclosurePolicy
from schemas.receipts import Receipt
from schemas.release import Observations, PeerBands
from schemas.typed import empty, types_of

MONTHS, BANDS = f"{WORKINGS}.earlier_months", f"{WORKINGS}.earlier_bands"
AS_SENT = "as sent"  # the stage that says of which versions each block of a release is
_FIGURES = [*KEY, "trust_code", "numerator", "denominator", "value", "state"]
_BAND = ["peer_group", "measure", "month", "suppression_reason"]
_TYPES: dict[str, dict[str, Any]] = {
    MONTHS: {name: types_of(Observations).get(name, pl.Int64) for name in _FIGURES}
    | {"hidden": pl.Boolean, "key": pl.String},
    BANDS: {name: types_of(PeerBands)[name] for name in _BAND} | {"key": pl.String},
}


@dataclass(frozen=True)
class Kept:
    """Rows of one of these tables: all that are asked about, the `new` ones, and keys `gone`."""

    rows: pl.DataFrame
    new: pl.DataFrame
    gone: pl.DataFrame


@dataclass(frozen=True)
class Before:
    """The months that are asked about as earlier versions made them, and what bands those hid."""

    months: Kept
    bands: Kept


@dataclass(frozen=True)
class EarlierVersions:
    """What is asked about earlier versions (`keys`), and with what it is worked out.

    `today` are today's figures; `bands_of` gives the bands of some figures, for the groups and
    months of a frame.
    """

    basis: Basis
    today: Counted
    cells: ActiveCells
    last: LastRelease
    keys: VersionKeys
    bands_of: Callable[[Counted, pl.DataFrame], pl.DataFrame]

    @cached_property
    def as_sent(self) -> Keys:
        """Of which versions each block of months that is asked about is today."""
        active = self.basis.sources.entries.active
        return {(AS_SENT, block): key for block, key in self.keys.of_blocks(active).items()}

    def before(self, own: pl.DataFrame) -> Before:
        """What every earlier world came to; `own` are today's bands by themselves.

        Those are kept as well: they are of an earlier world once something is sent again.
        """
        entries = self.basis.sources.entries
        held = {table: self._held(table) for table in _TYPES}
        new = {table: [frame.clear()] for table, frame in held.items()}
        known = {key for frame in held.values() for key in frame["key"]}
        of_today = self.keys.of_bands(entries.active)
        used = dict.fromkeys(of_today.values())
        if bands := {band: key for band, key in of_today.items() if key not in known}:
            new[BANDS].append(_hidden_bands(own, bands))
        for world in earlier(entries):
            known |= used.keys()
            of_blocks, of_bands = self.keys.of_blocks(world), self.keys.of_bands(world)
            others = {b: k for b, k in of_blocks.items() if self.as_sent[AS_SENT, b] != k}
            used |= dict.fromkeys([*others.values(), *of_bands.values()])
            blocks = {block: key for block, key in others.items() if key not in known}
            bands = {band: key for band, key in of_bands.items() if key not in known}
            counted = self._counted(world, self._otherwise(blocks), bands)
            if blocks:
                new[MONTHS].append(self._as_it_was(counted, blocks))
            if bands:
                new[BANDS].append(_hidden_bands(self.bands_of(counted, _frame(bands)), bands))
        lasting = pl.col("month").is_in(self.keys.single_months)
        return Before(
            _kept(held[MONTHS], pl.concat(new[MONTHS]), used, lasting),
            _kept(held[BANDS], pl.concat(new[BANDS]), used, pl.lit(True)),
        )

    def _otherwise(self, blocks: Mapping[str, str]) -> set[str]:
        """The blocks that are not just as in the last release."""
        return {b for b, key in blocks.items() if self.last.keys.get((AS_SENT, b)) != key}

    def _held(self, table: str) -> pl.DataFrame:
        """What the last release keeps of the months, or of the bands, that are asked about."""
        if self.last.path is None:
            return pl.DataFrame(schema=_TYPES[table])
        asked = self.keys.bands if table == BANDS else self.keys.months
        held = self.last.rows(table, among=asked)
        return held.select(pl.col(name).cast(type_) for name, type_ in _TYPES[table].items())

    def _counted(
        self, world: Sequence[Receipt], blocks: Collection[str], bands: Collection[Band]
    ) -> Counted:
        """What a world comes to in these blocks, and in whatever these bands are made of."""
        if not blocks and not bands:
            return self.today
        months = {month for block in blocks for month in self.keys.months_of[block]}
        window = self.keys.window_of(bands)
        active = {receipt.return_id for receipt in self.basis.sources.entries.active}
        other = [
            each
            for each in world
            if each.return_id not in active
            and (each.month in months or each.trust_code in window.get(each.month, ()))
        ]
        return with_versions(self.basis, self.today, self.cells, other)

    def _as_it_was(self, counted: Counted, keys: Mapping[str, str]) -> pl.DataFrame:
        """These blocks as they were: as counted or, where that is the same, in the last release."""
        sources, otherwise = self.basis.sources, self._otherwise(keys)
        figures = [
            seen(self.basis, counted, otherwise),
            seen(self.basis, TakenOver(self.last), keys.keys() - otherwise),
        ]
        rows = as_it_was(pl.concat(figures), sources.measures, sources.programme.disclosure)
        key = block_of(sources).replace_strict(keys, return_dtype=pl.String)
        return rows.with_columns(key=key).select(*_TYPES[MONTHS])


def seen(basis: Basis, counted: Counted, blocks: Collection[str]) -> pl.DataFrame:
    """The observations of wards, trusts and the programme in some blocks of months."""
    part = block_of(basis.sources).is_in(list(blocks))
    first = basis.grid.filter(part)["month"].min()
    return empty(Observations) if first is None else counted.since(basis, first).filter(part)


def as_it_was(
    figures: pl.DataFrame, measures: Sequence[Measure], policy: DisclosurePolicy
) -> pl.DataFrame:
    """Figures and their years as an earlier version made them, and whether each was `hidden`.

    Left out are figures that count several months: nobody is shown them, and they say whether other
    months were sent again.
    """
    rows = with_years(figures, measures)
    several = [measure.id for measure in measures if measure.rolling_months > 1]
    rows = rows.filter(~pl.col("measure").is_in(several))
    hidden = why_hidden(rows, measures, policy).select(*KEY, hidden=True)
    rows = rows.select(_FIGURES).join(hidden, on=KEY, how="left")
    return rows.with_columns(pl.col("hidden").fill_null(False))


def _hidden_bands(bands: pl.DataFrame, keys: Mapping[Band, str]) -> pl.DataFrame:
    """The bands that are hidden, or a row without a measure for a group and month with none."""
    hidden = bands.filter(state="suppressed").select(_BAND)
    rows = _frame(keys).join(hidden, on=["peer_group", "month"], how="left")
    return rows.select(pl.col(name).cast(type_) for name, type_ in _TYPES[BANDS].items())


def _frame(keys: Mapping[Band, str]) -> pl.DataFrame:
    rows = [(group, Month.parse(month).first_day, key) for (group, month), key in keys.items()]
    columns = {"peer_group": pl.String, "month": pl.Date, "key": pl.String}
    return pl.DataFrame(rows, columns, orient="row")


def _kept(
    held: pl.DataFrame, new: pl.DataFrame, used: Mapping[str, None], lasting: pl.Expr
) -> Kept:
    """The rows with the keys that are used, in their order."""
    keys = pl.DataFrame({"key": list(used)}, {"key": pl.String})
    rows = keys.join(pl.concat([held, new]), on="key", maintain_order="left")
    gone = held.select("key").unique().join(keys, on="key", how="anti")
    return Kept(rows, new.filter(lasting), gone)
