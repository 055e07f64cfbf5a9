"""What commands print: JSON for programs, plain lines for people, progress on a terminal."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

Progress = Callable[[str, int, int], None]


def as_json(content: Any) -> None:
    """Print JSON on standard output."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))


def line(text: str = "") -> None:
    """Print a line for people on standard output."""
    typer.echo(text)


def aside(text: str) -> None:
    """Print a line that is not part of the result, on standard error."""
    typer.echo(text, err=True)


@contextmanager
def progress() -> Iterator[Progress]:
    """Provide a function that shows progress: a bar on a terminal, nothing anywhere else."""
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
    """Show on a terminal that something is running, and how long it took if over a second."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    started = time.monotonic()
    with Console(stderr=True).status(f"{what} …"):
        yield
    if time.monotonic() - started > 1:
        aside(f"{what}: done in {time.monotonic() - started:.0f} s")
