"""feeling-safe yardsticks: what surveys from outside say of trusts."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli import options, register_list
from schemas import wording

_LIST = register_list.RegisterList("yardsticks", "figure", "figures")

yardsticks = typer.Typer(
    help="Keep what surveys from outside say of trusts, to read their own figures beside.",
    no_args_is_help=True,
)


@yardsticks.command()
def show(home: options.Home = None, as_json: options.Json = False) -> None:
    """Show the figures in use."""
    register_list.show(_LIST, _in_words, home, as_json)


@yardsticks.command()
def fetch(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new CSV file to write.")],
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Write the figures in use into a file, for editing; without any, its headings alone."""
    register_list.written(_LIST, file, home, as_json)


@yardsticks.command()
def keep(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The edited CSV file.")],
    reason: Annotated[str, typer.Option(help="What changed and why, for the record.")],
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Save the edited figures in place of those in use, as a new version of the register."""
    register_list.kept(_LIST, file, reason, by, home, as_json)


def _in_words(row: dict[str, object]) -> str:
    top, below, who = row["numerator"], row["denominator"], row["asked_of"]
    figure = f"{top} of {below} {who}" if top is not None else f"{row['percent']:g}% of {who}"
    if top is None and below:
        figure = f"{row['percent']:g}% of {below} {who}"
    days = f"{wording.day_of(row['period_from'])} to {wording.day_of(row['period_to'])}"
    return f"{row['trust_code']}  {row['source']}: {figure}, {days}."
