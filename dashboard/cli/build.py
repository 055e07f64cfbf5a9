"""feeling-safe build: build a new release."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from importlib.util import find_spec
from os import environ
from shutil import which
from typing import Annotated, Any

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Exit, Refused
from schemas import wording


class Engine(StrEnum):
    """What works out the points."""

    POLARS = "polars"
    SPARK = "spark"


def build(
    as_at: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="What was known at the end of that day."),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read every return again; reuse no earlier release.")
    ] = False,
    engine: Annotated[
        Engine,
        typer.Option(help="What works out the points: this machine, or Spark (always in full)."),
    ] = Engine.POLARS,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Build a release of everything that has been sent.

    Exits with 1 if an entry of the archive can't be read: the release leaves it out.
    """
    from pipelines.keeping.damaged import sentence
    from pipelines.keeping.home import open_home
    from pipelines.releasing.build import build as build_release
    from pipelines.releasing.points import charted_here
    from schemas.london_time import london_day

    chart = _spark() if engine is Engine.SPARK else charted_here
    day = options.day_of(as_at)
    programme = open_home(options.home_of(home))
    now = datetime.now(UTC)
    if day and day > london_day(now):
        raise Refused(f"{wording.day_of(day)} is still to come: name a day up to today.")
    with output.working("Working out the figures"):
        path = build_release(programme, now, day, full or engine is Engine.SPARK, chart)
    damaged = programme.archive.entries(day).damaged
    if as_json:
        about = {"release": path.stem, "file": str(path), "as_at": str(day) if day else None}
        left_out = [each.words for each in damaged]
        output.as_json(about | {"in_use": day is None, "damaged": left_out})
    else:
        use = f"as known on {wording.day_of(day)}: {path}" if day else "in use"
        output.line(f"Release {path.stem}, {use}.")
    if damaged:
        output.aside(sentence(damaged))
        raise typer.Exit(Exit.PROBLEMS)


def _spark() -> Callable[..., Any]:
    """The function that charts series on Spark; raises Refused if something is missing."""
    if find_spec("pyspark") is None:
        raise Refused("Spark is not installed: install feeling-safe[spark], or leave out --engine.")
    if not (which("java") or "JAVA_HOME" in environ):
        raise Refused("Spark needs Java: install it and set JAVA_HOME, or leave out --engine.")
    from pipelines.releasing.steps.points_on_spark import charted_on_spark

    return charted_on_spark
