"""What a trace is about: one figure of one unit, over one month or several."""

from dataclasses import dataclass

from pipelines import measures as measure_files
from schemas.measures import Measure
from schemas.periods import Month


@dataclass(frozen=True)
class CellsReference:
    """Cells as sent: for which unit, about what, in which fields, from which month onwards."""

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
    """A figure: of which unit, its name, of which measure, from which month onwards."""

    level: str
    unit: str
    name: str
    code: str
    month: Month
    months: int = 1

    @property
    def measure(self) -> Measure:
        """Its measure, as its reviewed file defines it."""
        return measure_of(self.code)

    @property
    def window(self) -> tuple[Month, int]:
        """The first month and the number of months whose cells the figure counts.

        For a measure that always counts several months, `month` is the last of them if `months`
        is 1.
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
        """The cells that were sent for it."""
        about = self.measure
        return CellsReference(
            self.unit, self.name, about.name, tuple(about.sent_fields), *self.window
        )


def measure_of(code: str) -> Measure:
    """A measure in use, as its reviewed file defines it."""
    return next(about for about in measure_files.load() if about.id == code)
