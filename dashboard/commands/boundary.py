"""The one place where an error becomes a sentence: nobody is ever shown a traceback."""

from collections.abc import Callable
from enum import IntEnum
from typing import Any

import typer
from typer.core import TyperGroup

from dashboard.commands.error_log import write

_OWN = ("dashboard", "pipelines", "schemas")


class Exit(IntEnum):
    """What a command leaves behind."""

    DONE = 0
    PROBLEMS = 1
    WRONG_USE = 2
    QUERIES = 3


class Refused(Exception):
    """A command that can't be carried out; the message is a sentence for whoever typed it."""


class Commands(TyperGroup):
    """A group of commands whose errors are sentences on standard error."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; errors leave with 2, and unexpected ones are logged."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            sentence = _sentence(error)
            if sentence is None and _is_typers_own(error):
                raise
            typer.echo(sentence or write(error), err=True)
            raise typer.Exit(Exit.WRONG_USE) from None


def sentence_of(work: Callable[[], Any]) -> Any:
    """Do something that says with a ValueError, in a sentence, what is wrong with its input."""
    try:
        return work()
    except ValueError as error:
        raise Refused(str(error)) from error


def _is_typers_own(error: Exception) -> bool:
    return type(error).__module__.partition(".")[0] in ("typer", "click")


def _sentence(error: Exception) -> str | None:
    """The message of an error that the product itself raises: those are always sentences."""
    if type(error).__module__.partition(".")[0] in _OWN:
        return str(error)
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror[0].lower()}{error.strerror[1:]}."
    return None
