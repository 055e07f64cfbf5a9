"""A lock, so that nobody sends for the same trust's month or baseline at the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock


@contextmanager
def one_at_a_time(root: Path, trust: str, slot: str) -> Iterator[None]:
    """Wait for a turn to send for a slot, among all processes that use the home at `root`."""
    folder = root / "turns"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f"{trust}-{slot}.lock"):
        yield
