"""A lock, so that nobody sends for the same trust's month at the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from schemas.periods import Month


@contextmanager
def one_at_a_time(root: Path, trust: str, month: Month) -> Iterator[None]:
    """Wait for a turn to send for a month, among all processes that use the home at `root`."""
    folder = root / "turns"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f"{trust}-{month}.lock"):
        yield
