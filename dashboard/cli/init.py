"""feeling-safe init: start a new programme."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Refused, sentence_of

REGISTER = "register"


def init(
    home: Annotated[Path, typer.Argument(metavar="HOME", help="A new or empty folder for it.")],
    name: Annotated[str, typer.Option(help="Its name.")] = "Sexual safety programme",
    first_month: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="The first month.", show_default="this month"),
    ] = None,
    fictional: Annotated[
        bool, typer.Option("--fictional", help="For training: trusts Z01 to Z99, no sign-in.")
    ] = False,
    by: options.By = None,
    as_json: options.Json = False,
) -> None:
    """Start a programme: its settings and an empty register to fill in."""
    from pipelines.keeping.edited_register import write_register
    from pipelines.keeping.home import create_home
    from pipelines.registers.placeholders import placeholders
    from schemas.london_time import london_day
    from schemas.periods import Month
    from schemas.programme import Programme

    now = datetime.now(UTC)
    if not name.strip():
        raise Refused("Give the programme a name: it stands on every screen and in every file.")
    this_month = Month.of(london_day(now))
    first = sentence_of(lambda: Month.parse(first_month)) if first_month else this_month
    programme = Programme(name=name, fictional=fictional, first_month=str(first))
    made = create_home(home, programme, placeholders(), options.sender_of(by), now)
    folder = home / REGISTER
    write_register(folder, made.archive.newest_register())
    if as_json:
        output.as_json({"home": str(home), "first_month": str(first), "register": str(folder)})
        return
    output.line(f"“{name}” starts in {first.label}; its folder is {home}.")
    output.line(f"1. Check its settings: {home / 'programme.toml'}")
    output.line(f"2. Fill in trusts.csv, wards.csv and access.csv in {folder}")
    output.line("   (standards.csv and questions.csv hold placeholders until you add the text)")
    output.line(f'3. Save them: feeling-safe register --home "{home}"')
    output.line(f'4. Open the dashboard: feeling-safe serve --home "{home}"')
