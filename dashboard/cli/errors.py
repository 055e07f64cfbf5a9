"""Turns errors on the command line into sentences, and logs where unexpected ones happened."""

import errno
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

_OWN = ("dashboard", "pipelines", "schemas")
_STOPPED = "Stopped. What was saved before that stays saved, and nothing is half saved."
_FULL = "the disk is full: make room on it and try again"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_OF_DISK = {
    errno.ENOENT: "is not there: check its name and folder",
    errno.EISDIR: "is a folder: name a file",
    errno.ENOTDIR: "can't be opened: a file stands where a folder should be",
    errno.EEXIST: "is there already: choose another name",
    errno.EACCES: "can't be opened: permission denied. Use the account that it belongs to",
    errno.EPERM: "can't be changed: permission denied. Use the account that it belongs to",
    errno.EROFS: "can't be written, because its disk is mounted read-only",
}
_OF_VALUE = {
    "int_parsing": "is not a whole number: write it like 12",
    "float_parsing": "is not a number: write it like 0.9",
    "greater_than_equal": "is too low: it must be at least {ge}",
    "less_than_equal": "is too high: it must be at most {le}",
}


class Exit(IntEnum):
    """The exit codes of every command."""

    DONE = 0
    PROBLEMS = 1
    WRONG_USE = 2
    QUERIES = 3
    NO_ANSWER = 3  # of `effect` and `rehearse`: the figures can't say
    STOPPED = 130  # as every program that Ctrl-C ends


class Refused(Exception):
    """A command that can't be carried out; the message is a sentence for the person typing."""


class Commands(TyperGroup):
    """A group of commands that print errors as sentences on standard error."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; any error exits with 2, and unexpected ones are logged.

        A command that has more to say when it is stopped raises KeyboardInterrupt with a sentence.
        """
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stopped:
            typer.echo(str(stopped) or _STOPPED, err=True)
            raise typer.Exit(Exit.STOPPED) from None
        except Exception as error:
            sentence = in_words(error)
            if isinstance(error, typer.BadParameter):
                _say_in_words(error)
            if sentence is None and _is_typers_own(error):
                raise
            typer.echo(sentence or log_error(error), err=True)
            raise typer.Exit(Exit.WRONG_USE) from None


def sentence_of(work: Callable[[], Any]) -> Any:
    """Call a function whose ValueErrors are sentences about its input, as Refused."""
    try:
        return work()
    except ValueError as error:
        raise Refused(str(error)) from error


def _is_typers_own(error: Exception) -> bool:
    return type(error).__module__.partition(".")[0] in ("typer", "click")


def in_words(error: Exception) -> str | None:
    """The message of an error raised by our own code, which is always a sentence."""
    if type(error).__module__.partition(".")[0] in _OWN:
        return str(error)
    if isinstance(error, OSError) and error.filename and error.strerror:
        return _of_disk(error, Path(error.filename))
    if isinstance(error, OSError) and error.errno in _NO_ROOM:  # the system names no file then
        return f"A file could not be written whole: {_FULL}."
    return None


def _of_disk(error: OSError, path: Path) -> str:
    """What the system says of a file or folder, and what to do about it."""
    if error.errno == errno.ENOENT and not path.parent.exists():
        return f"There is no folder {path.parent}: check its name, or make it first."
    if error.errno in _NO_ROOM:
        return f"{path} could not be written: {_FULL}."
    if said := _OF_DISK.get(error.errno or 0):
        return f"{path} {said}."
    return f"{path}: {(error.strerror or '')[:1].lower()}{(error.strerror or '')[1:]}."


def _say_in_words(error: typer.BadParameter) -> None:
    """Put what the library says of a value that was typed in the words of every other message."""
    found = getattr(error.__cause__, "errors", list)()
    if not found:
        error.message = error.message.replace(" is not readable.", f" {_OF_DISK[errno.EACCES]}.")
        return
    said = _OF_VALUE.get(found[0]["type"])
    if said:
        error.message = f"“{found[0]['input']}” {said.format(**found[0].get('ctx', {}))}."
    else:
        error.message = error.message.removeprefix("Value error, ")


def log_error(error: Exception, about: str = "") -> str:
    """Log where an error happened, in one line; the sentence that says where the log is."""
    from pipelines.settings import Settings

    log = Settings().error_log
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    what = f"{type(error).__name__}{f' with {about}' if about else ''}"
    try:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{now} {what} at {where}\n")
    except OSError:
        return "Sorry, something went wrong, and the error could not be logged."
    return f"Sorry, something went wrong. The error has been logged in {log}."
