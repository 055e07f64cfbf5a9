"""What a trace is about: one figure of one unit, over one month or several."""

from dataclasses import dataclass

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

    def window(self, about: Measure) -> tuple[Month, int]:
        """The first month and the number of months whose cells the figure counts.

        `about` is its measure. For one that always counts several months, `month` is the last of
        them if `months` is 1.
        """
        rolling = about.rolling_months
        if rolling <= self.months:
            return self.month, self.months
        return self.month + (self.months - rolling), rolling

    def typed(self, about: Measure) -> CellsReference:
        """The cells that were sent for it; `about` is its measure."""
        fields, window = tuple(about.sent_fields), self.window(about)
        return CellsReference(self.unit, self.name, about.name, fields, *window)
