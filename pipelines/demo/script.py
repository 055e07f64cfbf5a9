"""Reads the files in `data/demo_story/`: names, kinds of ward and what happens where."""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "data" / "demo_story"


@dataclass(frozen=True)
class Kind:
    """A kind of ward: its classification, and what is usual on it.

    Shares of people who feel safe are 0 to 1; rates of incidents are per 1,000 bed days.
    """

    kind: str
    mh_class: str
    intended_sex: str
    age_group: str
    security_level: str
    share: float
    beds_low: int
    beds_high: int
    patients_safe: float
    staff_safe: float
    harassment: float
    assault: float
    other: float


@dataclass(frozen=True)
class Chapter:
    """What happens at one ward, from a month that is a share of the programme."""

    id: str
    begins: float
    trust: int = 1
    kinds: tuple[str, ...] = ()
    again: int = 0
    patients_safe_before: float | None = None
    patients_safe: float = 0.0
    staff_safe: float = 0.0
    incidents_before: float = 1.0
    incidents: float = 1.0
    steady: float = 1.0
    charter: bool | None = None
    silent: bool = False
    closes: bool = False
    opens: bool = False
    shut_months: int = 0
    event: str | None = None
    label: str = ""
    rebase: str | None = None


@cache
def script() -> dict[str, Any]:
    """The story file."""
    return tomllib.loads((FOLDER / "story.toml").read_text(encoding="utf-8"))


@cache
def chapters() -> tuple[Chapter, ...]:
    """Everything that may happen at a ward."""
    listed = script()["chapters"]
    return tuple(Chapter(**{**each, "kinds": tuple(each.get("kinds", ()))}) for each in listed)


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind of ward, with its share of all wards in per cent."""
    types = Kind.__annotations__
    return tuple(
        Kind(**{name: types[name](text) for name, text in row.items()}) for row in _rows("kinds")
    )


@cache
def trust_names() -> tuple[str, ...]:
    """Invented names, one for each code from Z01."""
    return tuple(row["trust_name"] for row in _rows("trusts"))


@cache
def ward_names() -> tuple[str, ...]:
    """Names of plants, animals and stones, used again with a number when they run out."""
    return tuple(row["ward_name"] for row in _rows("wards"))


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
