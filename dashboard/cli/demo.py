"""feeling-safe demo: create a fictional programme and open its dashboard."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import output
from dashboard.cli.errors import sentence_of

if TYPE_CHECKING:
    from pipelines.demo.folder import Demonstration
    from pipelines.demo.story import Story

Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="Where to create it.", show_default="data/demo"),
]


def demo(
    trusts: Annotated[int, typer.Option(help="How many trusts, Z01 onwards.")] = 42,
    wards: Annotated[int, typer.Option(help="How many wards in all.")] = 69,
    months: Annotated[int, typer.Option(help="How many months, up to last month.")] = 24,
    seed: Annotated[int, typer.Option(help="Which demonstration of this size.")] = 1,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="Stop before opening the dashboard.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65_535, help="The dashboard's port.", show_default="8501"),
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Don't open a browser.")] = False,
    home: Home = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Create a fictional programme, send its returns like real ones, and open the dashboard."""
    from pipelines.settings import DEMO_HOME

    now = datetime.now(UTC)
    story = _story(trusts, wards, months, seed, now.date())
    from pipelines.demo.folder import ensure

    with output.progress() as progress:
        ready = ensure(home or DEMO_HOME, story, now, progress)
    _report(ready, story, as_json)
    if not no_serve:
        from dashboard.cli.serve import open_dashboard

        open_dashboard(ready.home.root, None, port, no_open)


def _story(trusts: int, wards: int, months: int, seed: int, today: date) -> "Story":
    from pipelines.demo.cast import Size
    from pipelines.demo.story import Story
    from schemas.periods import Month

    size = sentence_of(lambda: Size(trusts, wards, months, seed))
    return Story(size, Month.of(today) + -1)


def _report(ready: "Demonstration", story: "Story", as_json: bool) -> None:
    root = ready.home.root
    release = (ready.home.releases / "CURRENT").read_text(encoding="utf-8").strip()
    if as_json:
        aside = str(ready.aside) if ready.aside else None
        output.as_json({"home": str(root), "release": release, "made": ready.made, "aside": aside})
        return
    size = story.size
    output.line(
        f"{'Created' if ready.made else 'Found'} a fictional programme in {root}: "
        f"{_of(size.trusts, 'trust')}, {_of(size.wards, 'ward')}, "
        f"{_of(size.months, 'month')} to {story.last.label}."
    )
    output.line(f"The workbooks it was sent from are in {root / 'workbooks'}.")
    if ready.aside:
        output.line(
            f"You had sent something to the earlier demonstration: it is kept in {ready.aside}."
        )


def _of(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number:,} {what}s"
