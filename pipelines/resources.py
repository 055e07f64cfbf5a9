"""What may help a ward: links to read or watch, for the places where a figure asks for them."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from schemas.programme import Programme, Resource

FILE = Path(__file__).parents[1] / "data" / "reference" / "resources.toml"


def resources(programme: Programme, beside: str | None = None) -> tuple[Resource, ...]:
    """The programme's own resources or else the usual ones; only those shown `beside` something."""
    every = programme.resources or usual()
    return tuple(each for each in every if beside is None or beside in each.beside)


@cache
def usual() -> tuple[Resource, ...]:
    """The collaborative's public links, each with its source and what is known about it."""
    listed = tomllib.loads(FILE.read_text(encoding="utf-8"))["resources"]
    return TypeAdapter(tuple[Resource, ...]).validate_python(listed)
