"""Identifies the code and measures that a release was built with."""

from functools import cache
from hashlib import sha256
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_SOURCES = (("pipelines", "*.py"), ("schemas", "*.py"), ("data/measures", "*.toml"))


@cache
def code_version() -> str:
    """A short fingerprint of the source and the measures, the same on every system."""
    digest = sha256()
    for folder, pattern in _SOURCES:
        for path in sorted((_ROOT / folder).rglob(pattern)):
            digest.update(path.relative_to(_ROOT).as_posix().encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]
