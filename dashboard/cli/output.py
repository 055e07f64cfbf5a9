"""What commands print: JSON for machines, plain lines for people, progress on a terminal."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

Progress = Callable[[str, int, int], None]


def as_json(answer: Any) -> None:
    """Print JSON on standard output."""
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2, default=str))


def line(text: str = "") -> None:
    """Print a line for people on standard output."""
    typer.echo(text)


def aside(text: str) -> None:
    """Print a line that is not part of the answer, on standard error."""
    typer.echo(text, err=True)


@contextmanager
def progress() -> Iterator[Progress]:
    """Give a function that shows how far things are: a bar on a terminal, else nothing at all."""
    if not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,} of {task.total:,}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done)

        yield show


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something without steps is going on, on a terminal, if it takes over a second."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    started = time.monotonic()
    with Console(stderr=True).status(f"{what} …"):
        yield
    if time.monotonic() - started > 1:
        aside(f"{what}: done in {time.monotonic() - started:.0f} s")
