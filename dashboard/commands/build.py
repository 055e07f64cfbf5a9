"""feeling-safe build: a new release."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from dashboard.commands import options, say


def build(
    as_at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DATE", help="What was known at the end of that day."
        ),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read every return again, trusting no earlier release.")
    ] = False,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Make a release of everything that has been sent."""
    from pipelines.keeping.home import open_home
    from pipelines.releasing.build import build as build_release

    programme = open_home(options.home_of(home))
    day = as_at.date() if as_at else None
    with say.working("Working out the figures"):
        path = build_release(programme, datetime.now(UTC), day, full)
    if as_json:
        said = {"release": path.stem, "file": str(path), "as_at": str(day) if day else None}
        say.machine(said | {"in_use": day is None})
        return
    use = f"as known on {say.day(day)}: {path}" if day else "in use"
    say.line(f"Release {path.stem}, {use}.")
