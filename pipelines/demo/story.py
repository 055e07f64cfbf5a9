"""The whole story of one demonstration: its calendar, its cast and who belongs where. Pure."""

from dataclasses import dataclass
from functools import cached_property

from pipelines.demo.cast import Size, Trust, Ward
from pipelines.demo.casting import cast
from pipelines.demo.script import script
from schemas.baseline_window import LONGEST_BASELINE, BaselineWindow
from schemas.periods import Month
from schemas.programme import Pause, Programme


@dataclass(frozen=True)
class Story:
    """A demonstration of a size that ends with a month, from which everything else follows."""

    size: Size
    last: Month

    @property
    def first(self) -> Month:
        return self.last + (1 - self.size.months)

    def month(self, index: int) -> Month:
        """The calendar month that is `index` months into the programme."""
        return self.first + index

    @cached_property
    def _cast(self) -> tuple[list[Trust], list[Ward]]:
        return cast(self.size)

    @property
    def trusts(self) -> list[Trust]:
        return self._cast[0]

    @property
    def wards(self) -> list[Ward]:
        return self._cast[1]

    @cached_property
    def pause(self) -> range:
        """The months in which the programme is paused."""
        settings = script()["programme"]
        if self.size.months < 12:
            return range(0)
        start = self.size.month_at(settings["pause_from"])
        return range(start, start + settings["pause_months"])

    @cached_property
    def programme(self) -> Programme:
        """The settings that go into `programme.toml`."""
        settings = script()["programme"]
        pause = Pause(
            first=str(self.month(self.pause.start)),
            last=str(self.month(max(self.pause.stop - 1, 0))),
            reason=settings["pause_reason"],
        )
        return Programme(
            name=settings["name"],
            fictional=True,
            first_month=str(self.first),
            contact=settings["contact"],
            pauses=(pause,) if self.pause else (),
            baselines=tuple(filter(None, map(self.window, self.trusts))),
        )

    def brought(self, trust: Trust) -> list[int]:
        """The months from before it joined that a trust brings, at most a year."""
        if "joins_later" not in trust.habits:
            return []
        before = range(trust.joins - LONGEST_BASELINE, trust.joins)
        return [m for m in before if m not in self.pause and self.wards_of(trust, m)]

    def window(self, trust: Trust) -> BaselineWindow | None:
        """The window for what a trust brings, open for the first months in which it takes part."""
        months = self.brought(trust)
        if not months:
            return None
        return BaselineWindow(
            trust=trust.code,
            first=str(self.month(months[0])),
            last=str(self.month(months[-1])),
            until=self.month(trust.joins + 2).last_day,
        )

    def trust(self, code: str) -> Trust:
        return self.trusts[int(code[1:]) - 1]

    def owner(self, ward: Ward, month: int) -> str:
        """The code of the trust that a ward belongs to in a month."""
        trust = self.trust(ward.trust_code)
        moved = trust.merges_at is not None and month >= trust.merges_at
        return str(trust.merges_into) if moved else trust.code

    def wards_of(self, trust: Trust, month: int) -> list[Ward]:
        """The wards that a trust sends figures for in a month."""
        return [w for w in self.wards if w.runs_at(month) and self.owner(w, month) == trust.code]

    def expected(self, trust: Trust) -> list[int]:
        """The months for which a trust should send a return."""
        end = self.size.months if trust.merges_at is None else trust.merges_at
        owed = range(trust.joins, end)
        return [m for m in owed if m not in self.pause and self.wards_of(trust, m)]
