"""Who watches which folder, and what became of a file in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.accepting.submission import Submission
from pipelines.keeping.drop_folder import Dropped
from pipelines.keeping.home import Home


class FolderError(ValueError):
    """A drop folder that can't be used, said as a sentence."""


@dataclass(frozen=True)
class Watcher:
    """A folder that is watched for a home, in the name of a person who may send for some trusts.

    `fault` is told of what nobody foresaw: what it was about, and the error. It may log where that
    happened, and never the error's message: that may quote a row of somebody's data.
    """

    home: Home
    folder: Path
    by: str
    allowed: frozenset[str]
    now: Callable[[], datetime]
    fault: Callable[[str, Exception], None]


@dataclass(frozen=True)
class Tried:
    """A file with what came of sending it, and the error that nobody foresaw, if there was one."""

    file: Dropped
    arrived: Submission | None = None
    fault: Exception | None = None


@dataclass(frozen=True)
class Taken:
    """What became of one file: its name, where it is now, and what a program is told of it.

    `fault` is the kind of error for which it was set aside; there may be no submission then.
    """

    name: str
    moved_to: Path
    submission: Submission | None
    said: dict[str, Any]
    fault: str | None = None
