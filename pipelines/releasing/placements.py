"""Takes where earlier registers placed wards over from the last release, as long as it holds.

It holds for the same versions of the register, the same day and the same wards by month. A release
keeps the grids of earlier registers beside its tables, so that a save needn't make them again.
"""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pipelines.releasing.earlier_registers import Placement, earlier_placements
from pipelines.releasing.last_release import WORKINGS, Keys, LastRelease
from pipelines.releasing.sharing_keys import PLACED, REGISTERS, placed_keys, registers_key
from pipelines.releasing.sources import Sources

PLACEMENTS = f"{WORKINGS}.placements"
_OF_EACH = {"number": pl.Int64, "until": pl.Date}


@dataclass(frozen=True)
class Placements:
    """Where earlier registers placed wards, for a release that takes over from the last one.

    `today` is the grid of today (`trusts_and_wards.wards_by_month`).
    """

    sources: Sources
    today: pl.DataFrame
    last: LastRelease

    @cached_property
    def are_held(self) -> bool:
        """Whether they are those of the last release; then its settings and wards are too."""
        return self.last.holds(self._key, REGISTERS)

    @cached_property
    def every(self) -> list[Placement]:
        """Every one of them (`earlier_registers.earlier_placements`)."""
        if not self.are_held:
            return earlier_placements(self.sources, self.today)
        held = self.last.rows(PLACEMENTS).cast(_OF_EACH | dict(self.today.schema))
        parts = held.partition_by(*_OF_EACH, as_dict=True, include_key=False)
        return [Placement(grid, until) for (_, until), grid in sorted(parts.items())]

    @property
    def keys(self) -> Keys:
        """The key of all of them together, and those of each month (`sharing_keys`)."""
        of_months = self.last.keys_of(PLACED) if self.are_held else self._placed_keys
        return self._key | of_months

    @property
    def workings(self) -> dict[str, pl.DataFrame]:
        """What the next release needs to take them over, if this one doesn't hold it already."""
        if self.are_held:
            return {}
        grids = [
            grid.select(pl.lit(number).alias("number"), pl.lit(until).alias("until"), pl.all())
            for number, (grid, until) in enumerate(self.every)
        ]
        none = pl.DataFrame(schema=_OF_EACH | dict(self.today.schema))
        return {PLACEMENTS: pl.concat([none, *grids], how="vertical_relaxed")}

    @cached_property
    def _key(self) -> Keys:
        return registers_key(self.sources, self.today)

    @property
    def _placed_keys(self) -> Keys:
        return placed_keys(self.every, self.today)
