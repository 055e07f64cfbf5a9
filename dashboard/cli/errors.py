"""Turns errors on the command line into sentences, and logs where unexpected ones happened."""

import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

_OWN = ("dashboard", "pipelines", "schemas")


class Exit(IntEnum):
    """The exit codes of every command."""

    DONE = 0
    PROBLEMS = 1
    WRONG_USE = 2
    QUERIES = 3
    NO_ANSWER = 3  # of `effect` and `rehearse`: the figures can't say


class Refused(Exception):
    """A command that can't be carried out; the message is a sentence for the person typing."""


class Commands(TyperGroup):
    """A group of commands that print errors as sentences on standard error."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; any error exits with 2, and unexpected ones are logged."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            sentence = _sentence(error)
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


def _sentence(error: Exception) -> str | None:
    """The message of an error raised by our own code, which is always a sentence."""
    if type(error).__module__.partition(".")[0] in _OWN:
        return str(error)
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror[0].lower()}{error.strerror[1:]}."
    return None


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
