"""What a trace is about: one figure of one unit, over one month or several."""

from dataclasses import dataclass

from pipelines import measures as measure_files
from schemas.measures import Measure
from schemas.periods import Month


@dataclass(frozen=True)
class CellsReference:
    """What somebody typed: for which unit, about what, in which fields, from which month on."""

    unit: str
    name: str
    what: str
    fields: tuple[str, ...]
    month: Month
    months: int = 1

    @property
    def last(self) -> Month:
        """The last of the months."""
        return self.month + (self.months - 1)


@dataclass(frozen=True)
class FigureReference:
    """A figure: of which unit, what that is called, of which measure, from which month on."""

    level: str
    unit: str
    name: str
    code: str
    month: Month
    months: int = 1

    @property
    def measure(self) -> Measure:
        """The reviewed file of its measure."""
        return measure_of(self.code)

    @property
    def window(self) -> tuple[Month, int]:
        """The first month and the number of months whose cells the figure counts.

        A measure that always counts several is named by the last of them where `months` is 1.
        """
        rolling = self.measure.rolling_months
        if rolling <= self.months:
            return self.month, self.months
        return self.month + (self.months - rolling), rolling

    @property
    def last(self) -> Month:
        """The last month whose cells the figure counts."""
        first, length = self.window
        return first + (length - 1)

    @property
    def typed(self) -> CellsReference:
        """What was typed for it."""
        about = self.measure
        return CellsReference(
            self.unit, self.name, about.name, tuple(about.sent_fields), *self.window
        )


def measure_of(code: str) -> Measure:
    """The reviewed file of a measure in use."""
    return next(about for about in measure_files.load() if about.id == code)
