"""Says what earlier versions of returns came to is made from: the keys of months and of bands.

As in `sharing_keys`; but these are the keys of what some versions alone came to, whichever versions
there were before or after.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256

import polars as pl

from pipelines.releasing.counted import Basis
from pipelines.releasing.made_from import in_any_month, keys_of, lines_of
from pipelines.releasing.sharing_keys import bands_reach, blocks_of
from pipelines.releasing.steps.peer_groups import groups_of
from schemas.periods import Month
from schemas.receipts import Receipt

Band = tuple[str, str]  # a peer group and a month, such as 2026-03
_MADE = "made"


@dataclass(frozen=True)
class VersionKeys:
    """The keys of some `blocks` of months (`sharing_keys.block_of`) and of some `bands`.

    `bands` has the `peer_group` and `month` of each; `wards` and `completeness` are those tables of
    the release.
    """

    basis: Basis
    wards: pl.DataFrame
    completeness: pl.DataFrame
    blocks: set[str]
    bands: pl.DataFrame

    def of_blocks(self, versions: Iterable[Receipt]) -> dict[str, str]:
        """The key of each block as these versions make it."""
        sent: dict[str, list[str]] = {block: [] for block in self.months_of}
        for each in versions:
            if (block := self._block.get(each.month)) in sent:
                sent[block].append(_version(each))
        return {
            block: _key(*(self._grid[month] for month in self.months_of[block]), *sorted(lines))
            for block, lines in sent.items()
        }

    def of_bands(self, versions: Iterable[Receipt]) -> dict[Band, str]:
        """The key of each band as these versions make it."""
        sent = {(each.trust_code, each.month): _version(each) for each in versions}
        found: dict[Band, str] = {}
        for group, months in self._asked.items():
            senders, window = self.senders[group], list[str]()
            for number, month in enumerate(self._months):
                came = (sent.get((trust, month), "-") for trust in senders)
                window = [*window, _key(self._grid[month], *came)][-self._reach - 1 :]
                if month in months:
                    newest = number + 1 == len(self._months)
                    made = self._made_newest if newest else self._made
                    found[group, month] = _key(made[group], *window)
        return found

    @cached_property
    def months_of(self) -> dict[str, list[str]]:
        """The months of each block."""
        found: dict[str, list[str]] = defaultdict(list)
        for month, block in self._block.items():
            if block in self.blocks:
                found[block].append(month)
        return dict(found)

    @property
    def months(self) -> pl.DataFrame:
        """The months of these blocks, in the column `month`; also of blocks that are no more."""
        days = {Month.parse(month).first_day for of in self.months_of.values() for month in of}
        days |= {date.fromisoformat(block) for block in self.blocks}
        return pl.DataFrame({"month": sorted(days)}, {"month": pl.Date})

    @property
    def single_months(self) -> list[date]:
        """The months that are a block by themselves."""
        of_one = (months[0] for months in self.months_of.values() if len(months) == 1)
        return [Month.parse(month).first_day for month in of_one]

    def window_of(self, bands: Iterable[Band]) -> dict[str, set[str]]:
        """The months that some bands are made of, with the trusts whose returns are then."""
        found: dict[str, set[str]] = defaultdict(set)
        for group, month in bands:
            last = Month.parse(month)
            for number in range(self._reach + 1):
                found[str(last + -number)] |= set(self.senders[group])
        return found

    @cached_property
    def senders(self) -> dict[str, list[str]]:
        """The trusts whose returns have, or had, wards of each group that is asked about."""
        trusts = self._members.group_by("peer_group").agg("trust_code")
        return {group: sorted(self.basis.senders(of)) for group, of in trusts.iter_rows()}

    @cached_property
    def _block(self) -> dict[str, str]:
        return blocks_of(self.basis.sources)

    @cached_property
    def _months(self) -> list[str]:
        return [str(Month.of(month)) for month in self.basis.sources.months]

    @cached_property
    def _reach(self) -> int:
        return bands_reach(self.basis.sources)

    @cached_property
    def _asked(self) -> dict[str, set[str]]:
        months = self.bands.group_by("peer_group").agg(pl.col("month").dt.strftime("%Y-%m"))
        return {group: set(each) for group, each in months.iter_rows() if group in self.senders}

    @cached_property
    def _members(self) -> pl.DataFrame:
        return groups_of(self.wards).join(self.bands, on="peer_group", how="semi")

    @cached_property
    def _grid(self) -> dict[str, str]:
        """The key of where wards are in each month."""
        grid = self.basis.grid.with_columns(part=pl.col("month").dt.strftime("%Y-%m"))
        return self._parts(lines_of(grid))

    @cached_property
    def _made(self) -> dict[str, str]:
        """The key of each group's wards."""
        return self._parts(self._lines_of_groups)

    @cached_property
    def _made_newest(self) -> dict[str, str]:
        """The same with how regularly they report, which is asked in the newest month alone."""
        classes = self.completeness.filter(scope="reporting")
        classes = classes.select("ward_id", "measure", "month", "state").join(
            self._members.select(ward_id="unit_id", part="peer_group"), on="ward_id"
        )
        return self._parts(pl.concat([self._lines_of_groups, lines_of(classes)]))

    @property
    def _lines_of_groups(self) -> pl.DataFrame:
        return lines_of(self._members.with_columns(part="peer_group"))

    def _parts(self, lines: pl.DataFrame) -> Mapping[str, str]:
        keys = keys_of(_MADE, in_any_month(self.basis.sources), lines)
        return {part: key for (_, part), key in keys.items()}


def _version(receipt: Receipt) -> str:
    return f"{receipt.return_id} {receipt.sha256}"


def _key(*lines: str) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()
