"""Options that several commands share."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipelines.keeping.home import Home as Programme

Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        readable=False,  # the command itself says whose it is
        metavar="DIR",
        help="The programme's folder. Default: FEELING_SAFE_HOME, else data/programme.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="E-MAIL",
        help="Who is doing this, for the record. Default: your user name on this machine.",
        show_default=False,
    ),
]


def home_of(home: Path | None) -> Path:
    """The folder that was named, or else the one in the settings."""
    from pipelines.settings import Settings

    return home if home is not None else Settings().home


def opened(home: Path | None, by: str | None) -> "tuple[Programme, str, datetime]":
    """The programme that a command saves in, who saves it, and when."""
    from pipelines.keeping.home import open_home

    return open_home(home_of(home)), sender_of(by), datetime.now(UTC)


def day_of(text: str | None) -> date | None:
    """The day that was typed, if any; raises Refused if it can't be read."""
    from dashboard.cli.errors import Refused

    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f"“{text}” is not a date: write it like 2026-12-31.") from None


def sender_of(by: str | None) -> str:
    """The person who was named, or else the one signed in to this machine."""
    import getpass

    try:
        return by or f"{getpass.getuser()} (command line)"
    except (OSError, KeyError, ImportError):
        return "command line"
