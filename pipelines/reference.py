"""The lists in `data/reference` that a programme may replace with its own in `programme.toml`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from schemas.programme import Programme, Resource, Support

FOLDER = Path(__file__).parents[1] / "data" / "reference"
_Entry = TypeVar("_Entry", Support, Resource)


def support(programme: Programme) -> tuple[Support, ...]:
    """Where anyone affected by what they read finds support, as the entry page names it."""
    return programme.support or usual_support()


def resources(programme: Programme, beside: str | None = None) -> tuple[Resource, ...]:
    """What may help a ward; only what is shown `beside` something, if that is given."""
    every = programme.resources or usual_resources()
    return tuple(each for each in every if beside is None or beside in each.beside)


@cache
def usual_support() -> tuple[Support, ...]:
    """Public helplines in England, each with its source and when it was checked."""
    return _listed("support", Support)


@cache
def usual_resources() -> tuple[Resource, ...]:
    """The collaborative's public links, each with its source and what is known about it."""
    return _listed("resources", Resource)


def _listed(name: str, model: type[_Entry]) -> tuple[_Entry, ...]:
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[model, ...]).validate_python(tomllib.loads(text)[name])  # type: ignore[valid-type]
