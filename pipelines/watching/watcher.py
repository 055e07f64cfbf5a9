"""Who watches which folder, and the result for each file in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.accepting.submission import Submission
from pipelines.keeping.drop_folder import Dropped
from pipelines.keeping.home import Home


class FolderError(ValueError):
    """A watched folder that can't be used; the message is a sentence."""


class ProcessDied(Exception):
    """The whole process died each time it worked on a file."""


@dataclass(frozen=True)
class Watcher:
    """A folder watched for a home, on behalf of a person who may send for some trusts.

    `fault` is called with each unexpected error and what it was about. It may log where the error
    happened, but never its message, which may quote a row of data.
    """

    home: Home
    folder: Path
    by: str
    allowed: frozenset[str]
    now: Callable[[], datetime]
    fault: Callable[[str, Exception], None]


@dataclass(frozen=True)
class Tried:
    """A file with the result of sending it, and the unexpected error, if there was one."""

    file: Dropped
    arrived: Submission | None = None
    fault: Exception | None = None


@dataclass(frozen=True)
class Taken:
    """The result for one file: its name, where it is now, and the details for programs.

    `fault` is the kind of error it was set aside for; there may be no submission then.
    """

    name: str
    moved_to: Path
    submission: Submission | None
    details: dict[str, Any]
    fault: str | None = None
