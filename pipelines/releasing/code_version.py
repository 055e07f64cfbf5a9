"""Identifies the code and measures that a release was built with, and last found usable."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from pipelines.keeping.staging import keep_file

_CHECKED = "CHECKED"  # beside the releases: the last version that could use all its measures
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


def note_checked(releases: Path) -> None:
    """Remember that this version can use all its measures."""
    if not is_checked(releases):
        keep_file(releases / _CHECKED, f"{code_version()}\n".encode())


def is_checked(releases: Path) -> bool:
    """Whether a build by this very version, with these very measures, could use them all."""
    try:
        return (releases / _CHECKED).read_bytes().strip() == code_version().encode()
    except FileNotFoundError:
        return False
