"""feeling-safe invitations: the list of all trusts that could take part."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli import audit_lines, figures, options, output
from dashboard.cli.errors import Refused
from dashboard.cli.input_files import content_of
from schemas import wording

NAME = "invitations.csv"

invitations = typer.Typer(
    help="Keep the list of all trusts that could take part, invited or not.",
    no_args_is_help=True,
)


@invitations.command()
def show(home: options.Home = None, as_json: options.Json = False) -> None:
    """Show the list in use."""
    from pipelines.keeping.home import open_home

    listed = open_home(options.home_of(home)).archive.newest_register().invitations
    if as_json:
        output.as_json([_as_json(row) for row in listed.iter_rows(named=True)])
        return
    if listed.is_empty():
        output.line("There is no list yet: `feeling-safe invitations fetch` writes an empty one.")
    for row in listed.iter_rows(named=True):
        output.line(_in_words(row))


@invitations.command()
def fetch(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new CSV file to write.")],
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Write the list in use into a file, for editing; without one, its headings alone."""
    from pipelines.keeping.home import open_home
    from pipelines.registers.files import as_csv

    if file.exists():
        raise Refused(f"{file} already exists: choose another name.")
    newest = open_home(options.home_of(home)).archive.newest_register()
    file.write_bytes(as_csv(newest)[NAME])
    if as_json:
        output.as_json({"file": str(file), "trusts": newest.invitations.height})
        return
    trusts = wording.counted(newest.invitations.height, "trust")
    output.line(f"{file} holds the list in use, with {trusts}.")


@invitations.command()
def keep(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The edited CSV file.")],
    reason: Annotated[str, typer.Option(help="What changed and why, for the record.")],
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Save an edited list in place of the one in use, as a new version of the register."""
    from pipelines.keeping.decisions import Decided
    from pipelines.keeping.edited_register import keep_edited
    from pipelines.registers.differences import between
    from pipelines.registers.files import register_from

    programme, sender, now = options.opened(home, by)
    in_use = programme.archive.newest_register()
    edited = register_from({NAME: content_of(file)}, [], otherwise=in_use)
    changed = between(in_use, edited)
    release, version = None, in_use.version
    if changed:
        version = keep_edited(programme, edited, Decided(sender, now, reason), version).version
        release = figures.worked_out(programme, now)
        audit_lines.note("register", sender, release, version=str(version))
    trusts = edited.invitations.height
    if as_json:
        output.as_json(
            {"version": version, "trusts": trusts, "changes": len(changed), "release": release}
        )
        return
    if not changed:
        output.line("This file changes nothing, so nothing was saved.")
        return
    output.line(
        f"The list has {wording.counted(trusts, 'trust')} now, in version {version} of the "
        f"register: {wording.counted(len(changed), 'change')}. Release {release} shows it."
    )
    output.line(f"To undo it: feeling-safe register --restore {version - 1}")


def _in_words(row: dict[str, object]) -> str:
    invited = row["invited"]
    asked = f"invited on {wording.day_of(invited)}" if invited else "not invited yet"
    ended = f", until {wording.day_of(row['valid_to'])}" if row["valid_to"] else ""
    return f"{row['trust_code']}  {row['trust_name']}: {asked}{ended}."


def _as_json(row: dict[str, object]) -> dict[str, object]:
    return {name: str(value) if value is not None else None for name, value in row.items()}
