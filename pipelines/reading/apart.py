"""Opens a file in a process of its own first, with a limit on memory and time.

The readers count what a file produces. This is for what nobody thought of: if opening a file can
bring a process down, it is not the one that serves everybody. Run as a module, it is that process.
What it imports is loaded for every file that arrives: nothing of frames, or of what a return asks.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from threading import BoundedSemaphore

from pipelines.reading.read import read
from pipelines.reading.text_sheets import Unreadable

MEMORY = 320 * 1024 * 1024  # of addresses; Python itself takes some 40 MB of them
SECONDS = 5  # of processor time
_PATIENCE = 60  # seconds of anybody's time, on a machine with much to do
_TOO_MUCH = 3  # the exit code for a file that takes too much memory
_AT_ONCE = BoundedSemaphore(os.cpu_count() or 1)


def try_apart(content: bytes, asked: Iterable[str]) -> None:
    """Open a file in a process of its own; raises Unreadable if that process doesn't survive it.

    It reads the sheets that are `asked` for. A file that can't be read for any other reason raises
    nothing here: its reader says why.
    """
    command = [sys.executable, "-P", "-m", "pipelines.reading.apart", *asked]
    with _AT_ONCE:
        try:
            run = subprocess.run(  # noqa: S603 - this module, with nothing of the file's
                command,
                input=content,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _too_costly() from None
    if run.returncode != 0:
        raise _too_costly()


def _too_costly() -> Unreadable:
    return Unreadable(
        "This file takes far more memory or time to open than any return needs, so it was not "
        "opened.",
        "Copy your figures into a newly downloaded workbook and send that.",
    )


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits: only the patience above
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _main() -> int:
    _limit()
    try:
        read(sys.stdin.buffer.read(), sys.argv[1:])
    except Unreadable as refused:
        return _TOO_MUCH if isinstance(refused.__cause__, MemoryError) else 0
    except MemoryError:
        return _TOO_MUCH
    return 0


if __name__ == "__main__":
    sys.exit(_main())
