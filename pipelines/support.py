"""Where to find support, for anyone affected by what they read."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from schemas.programme import Programme, Support

FILE = Path(__file__).parents[1] / "data" / "reference" / "support.toml"


def support(programme: Programme) -> tuple[Support, ...]:
    """The sources of support that the entry page names."""
    return programme.support or usual()


@cache
def usual() -> tuple[Support, ...]:
    """Public helplines in England, each with its source and when it was checked."""
    listed = tomllib.loads(FILE.read_text(encoding="utf-8"))["support"]
    return TypeAdapter(tuple[Support, ...]).validate_python(listed)
