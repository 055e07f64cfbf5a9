"""The digest of an entry, which its line in the chain names.

For a folder it is the SHA-256 of what `sha256sum *` prints in it: of each file, its digest, two
spaces and its name. For a decision it is the same of its one file. For an attempt, which is a line
of a log and is named by the byte at which it begins, it is the SHA-256 of that line.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path


def of_content(files: Mapping[str, bytes]) -> str:
    """The digest of an entry of these files."""
    return of_listing({name: sha256(content).hexdigest() for name, content in files.items()})


def of_listing(digests: Mapping[str, str]) -> str:
    """The digest of an entry whose files have these digests."""
    lines = [f"{digest}  {name}\n" for name, digest in sorted(digests.items())]
    return sha256("".join(lines).encode()).hexdigest()


def listing(place: Path) -> dict[str, str]:
    """The digest of each file of an entry, which is a folder or a file; raises OSError."""
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in files_of(place)}


def files_of(place: Path) -> list[Path]:
    """The files of an entry, without those that systems add by themselves."""
    if place.is_file():
        return [place]
    return [path for path in place.iterdir() if path.is_file() and not path.name.startswith(".")]


def of_entry(root: Path, entry: str) -> str | None:
    """The digest of an entry as it is on disk; None if it isn't there."""
    name, _, offset = entry.partition("#")
    try:
        if offset:
            return _of_line(root / name, int(offset))
        return of_listing(listing(root / name))
    except OSError:
        return None


def _of_line(path: Path, offset: int) -> str | None:
    with path.open("rb") as file:
        file.seek(offset)
        line = file.readline().rstrip(b"\n")
    return sha256(line).hexdigest() if line else None
