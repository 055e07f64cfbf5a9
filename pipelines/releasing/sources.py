"""What a release is made from, and the name that follows from it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256

from pipelines.keeping.archive import Archive
from pipelines.keeping.entries import Entries
from pipelines.keeping.home import Home
from pipelines.releasing.code_version import code_version
from schemas.measures import Measure
from schemas.periods import Month, months
from schemas.programme import Programme


@dataclass(frozen=True)
class Sources:
    """An archive's entries up to a day (None: all of them), the settings and the measures."""

    archive: Archive
    entries: Entries
    programme: Programme
    measures: list[Measure]
    as_at: date | None = None

    @cached_property
    def release_id(self) -> str:
        """The same entries, settings, measures and code give the same name."""
        parts = [
            self.entries.state,
            self.programme.model_dump_json(),
            *(measure.model_dump_json() for measure in self.measures),
            code_version(),
            str(self.as_at),
            *(each.name for each in self.entries.damaged),
        ]
        return sha256("\n".join(parts).encode()).hexdigest()[:12]

    @property
    def day(self) -> date:
        """The day the archive speaks of: that of its newest entry, unless another was chosen."""
        return self.as_at or self.entries.last_day or self.programme.first.first_day

    @cached_property
    def data_to(self) -> date | None:
        """The newest month with a return in use."""
        newest = max((receipt.month for receipt in self.entries.active), default=None)
        return Month.parse(newest).first_day if newest else None

    @cached_property
    def months(self) -> list[date]:
        """Every month from the programme's first to the newest with a return in use."""
        if self.data_to is None:
            return []
        return [month.first_day for month in months(self.programme.first, Month.of(self.data_to))]


def sources_of(
    home: Home,
    as_at: date | None = None,
    damaged: Collection[str] = (),
    measures: list[Measure] | None = None,
) -> Sources:
    """Everything in a home, or what was there by the end of a day in London.

    `damaged` names returns that turned out to be damaged when their rows were read. `measures` are
    others to try than those that were in use. Raises MeasureError if those can't be used.
    """
    entries = home.archive.entries(as_at).without(damaged)
    in_use = measures or home.archive.measures_of(entries)
    return Sources(home.archive, entries, home.programme, in_use, as_at)
