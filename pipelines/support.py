"""Where somebody can turn who is touched by what they read."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from schemas.programme import Programme, Support

FILE = Path(__file__).parents[1] / "data" / "reference" / "support.toml"


def support(programme: Programme) -> tuple[Support, ...]:
    """The places of help that the entry page names."""
    return programme.support or usual()


@cache
def usual() -> tuple[Support, ...]:
    """The public helplines of England, each with its source and when it was checked."""
    listed = tomllib.loads(FILE.read_text(encoding="utf-8"))["support"]
    return TypeAdapter(tuple[Support, ...]).validate_python(listed)
