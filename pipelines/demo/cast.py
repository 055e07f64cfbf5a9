"""The cast of the story: its size, its fictional trusts and its fictional wards. Pure."""

from dataclasses import dataclass
from datetime import date

from pipelines.demo.script import Chapter, Kind, trust_names


@dataclass(frozen=True)
class Size:
    """The size of a demonstration, and which one of that size; raises ValueError if impossible."""

    trusts: int = 42
    wards: int = 69
    months: int = 24
    seed: int = 1

    def __post_init__(self) -> None:
        limits = {"trusts": len(trust_names()), "wards": 2000, "months": 120}
        for name, most in limits.items():
            if not 1 <= getattr(self, name) <= most:
                raise ValueError(f"A demonstration can have 1 to {most:,} {name}.")
        if self.wards < self.trusts:
            raise ValueError(
                f"{self.wards} wards are too few for {self.trusts} trusts: "
                "every trust needs at least one ward."
            )

    def month_at(self, share: float) -> int:
        """The month, counted from 0, at a share of the programme."""
        return min(self.months - 1, round(share * self.months))


@dataclass(frozen=True)
class Trust:
    """A fictional trust; months are counted from 0."""

    number: int
    code: str
    name: str
    region_code: str
    joins: int
    incident_source: str
    habits: frozenset[str]
    merges_at: int | None = None
    merges_into: str | None = None


@dataclass(frozen=True)
class Ward:
    """A fictional ward, identified by its first trust; months are counted from 0."""

    trust_code: str
    code: str
    name: str
    site_code: str
    kind: Kind
    beds: int
    opened: date | None
    chapter: Chapter | None
    turn: int
    collects: frozenset[str]

    @property
    def id(self) -> str:
        return f"{self.trust_code}-{self.code}"

    def runs_at(self, month: int) -> bool:
        """Whether the ward exists in a month (it may be shut for building work)."""
        if self.chapter and self.chapter.closes:
            return month <= self.turn
        return not (self.chapter and self.chapter.opens) or month >= self.turn

    def shut_at(self, month: int) -> bool:
        """Whether the ward exists but is closed all month."""
        shut = self.chapter.shut_months if self.chapter else 0
        return self.turn <= month < self.turn + shut
