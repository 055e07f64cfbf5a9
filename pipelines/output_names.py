"""Checks the names of files that a command is to write, before it works anything out."""

from collections.abc import Sequence
from pathlib import Path

from pipelines.reading.tidy_cells import Unusable
from schemas.wording import listed


def check_name(option: str, path: Path | None, endings: Sequence[str]) -> None:
    """Raise Unusable for a name that can't be written to, naming the option; None is no file."""
    if path is None:
        return
    if Path(path).suffix.lower() not in endings:
        raise Unusable(f"{option} {path}: its name must end in {listed(endings, 'or')}.")
    if not Path(path).parent.is_dir():
        raise Unusable(f"{option} {path}: there is no folder {Path(path).parent}.")
    if Path(path).is_dir():
        raise Unusable(f"{option} {path} is a folder: name a file.")
