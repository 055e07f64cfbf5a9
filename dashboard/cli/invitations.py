"""feeling-safe invitations: the list of all trusts that could take part."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli import options, register_list
from schemas import wording

_LIST = register_list.RegisterList("invitations", "trust", "trusts")

invitations = typer.Typer(
    help="Keep the list of all trusts that could take part, invited or not.",
    no_args_is_help=True,
)


@invitations.command()
def show(home: options.Home = None, as_json: options.Json = False) -> None:
    """Show the list in use."""
    register_list.show(_LIST, _in_words, home, as_json)


@invitations.command()
def fetch(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new CSV file to write.")],
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Write the list in use into a file, for editing; without one, its headings alone."""
    register_list.written(_LIST, file, home, as_json)


@invitations.command()
def keep(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The edited CSV file.")],
    reason: Annotated[str, typer.Option(help="What changed and why, for the record.")],
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Save an edited list in place of the one in use, as a new version of the register."""
    register_list.kept(_LIST, file, reason, by, home, as_json)


def _in_words(row: dict[str, object]) -> str:
    invited = row["invited"]
    asked = f"invited on {wording.day_of(invited)}" if invited else "not invited yet"
    ended = f", until {wording.day_of(row['valid_to'])}" if row["valid_to"] else ""
    return f"{row['trust_code']}  {row['trust_name']}: {asked}{ended}."
