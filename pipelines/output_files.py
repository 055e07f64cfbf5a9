"""Writes files for a person where they asked for them: whole, or not at all.

What is kept in a home is written by `pipelines.keeping.staging`.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from pipelines.keeping.staging import STAGED, put_in_place, write_flushed
from pipelines.reading.tidy_cells import Unusable
from schemas.wording import listed


def check_name(
    option: str, path: Path | None, endings: Sequence[str], others: Iterable[Path | None] = ()
) -> None:
    """Raise Unusable for a name that can't be written to, naming the option; None is no file.

    Nor can one of the `others`: the file that is read, and those to write beside this one.
    """
    if path is None:
        return
    if Path(path).suffix.lower() not in endings:
        raise Unusable(f"{option} {path}: its name must end in {listed(endings, 'or')}.")
    if not Path(path).parent.is_dir():
        raise Unusable(f"{option} {path}: there is no folder {Path(path).parent}.")
    if Path(path).is_dir():
        raise Unusable(f"{option} {path} is a folder: name a file.")
    if Path(path).resolve() in {Path(other).resolve() for other in others if other is not None}:
        raise Unusable(
            f"{option} {path} would overwrite another file of this command: choose another name."
        )


def write(files: Mapping[Path, bytes]) -> None:
    """Write or replace files; if one can't be written whole, all stay as they were.

    Each is written beside its place first. OSError names the file that was asked for. A pipe or a
    device is written to as it is.
    """
    staged: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            with _named(path):
                place = path.resolve()  # what a link leads to is replaced, not the link
                if place.exists() and not place.is_file():
                    place.write_bytes(content)
                    continue
                staged[place] = place.with_name(f"{STAGED}{token_hex(8)}")
                write_flushed(staged[place], content)
                if place.exists():
                    shutil.copymode(place, staged[place])
        for place, beside in staged.items():
            with _named(place):
                put_in_place(beside, place)
    finally:
        for beside in staged.values():
            beside.unlink(missing_ok=True)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let an error of the disk name the file that was asked for, not the one beside its place."""
    try:
        yield
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from error
