"""A list of the register by itself: written into a file for editing, and saved in its place."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli import audit_lines, figures, options, output
from dashboard.cli.errors import Refused
from dashboard.cli.input_files import content_of
from schemas import wording


@dataclass(frozen=True)
class RegisterList:
    """Which file of the register, and what one of its rows is called; `rows` is the JSON key.

    `what` names all of it in the help, and `in_words` is a row as `show` prints it.
    """

    name: str
    row: str
    rows: str
    what: str
    in_words: Callable[[dict[str, object]], str]

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    def counted(self, height: int) -> str:
        """So many rows in words."""
        return wording.counted(height, self.row)


def commands(one: RegisterList, about: str) -> typer.Typer:
    """The commands that show a list, write it into a file for editing, and save it again."""
    group = typer.Typer(help=about, no_args_is_help=True)

    @group.command(help=f"Show {one.what} in use.")
    def show(home: options.Home = None, as_json: options.Json = False) -> None:
        _show(one, home, as_json)

    @group.command(
        help=f"Write {one.what} in use into a file, for editing; without any, its headings alone."
    )
    def fetch(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="A new CSV file to write.")],
        home: options.Home = None,
        as_json: options.Json = False,
    ) -> None:
        _write(one, file, home, as_json)

    @group.command(
        help=f"Save {one.what} as edited in place of what is in use, as a new version of the "
        "register."
    )
    def keep(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="The edited CSV file.")],
        reason: Annotated[str, typer.Option(help="What changed and why, for the record.")],
        by: options.By = None,
        home: options.Home = None,
        as_json: options.Json = False,
    ) -> None:
        _keep(one, file, reason, by, home, as_json)

    return group


def _show(one: RegisterList, home: Path | None, as_json: bool) -> None:
    """Print the list in use: a line for each row, or as JSON with every value as text or null."""
    from pipelines.keeping.home import open_home

    newest = open_home(options.home_of(home)).archive.newest_register()
    rows: list[dict[str, object]] = getattr(newest, one.name).to_dicts()
    if as_json:
        output.as_json([{name: _text(value) for name, value in row.items()} for row in rows])
        return
    if not rows:
        command = f"feeling-safe {one.name} fetch"
        output.line(f"There is no list yet: `{command}` writes an empty one.")
    for row in rows:
        output.line(one.in_words(row))


def _write(one: RegisterList, file: Path, home: Path | None, as_json: bool) -> None:
    """Write the list in use into a new file; without one, its headings alone."""
    from pipelines.keeping.home import open_home
    from pipelines.output_files import write
    from pipelines.registers.files import as_csv

    if file.exists():
        raise Refused(f"{file} already exists: choose another name.")
    newest = open_home(options.home_of(home)).archive.newest_register()
    write({file: as_csv(newest)[one.file]})
    height = getattr(newest, one.name).height
    if as_json:
        output.as_json({"file": str(file), one.rows: height})
        return
    output.line(f"{file} holds the list in use, with {one.counted(height)}.")


def _keep(
    one: RegisterList,
    file: Path,
    reason: str,
    by: str | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """Save an edited list in place of the one in use, as a new version of the register."""
    from pipelines.keeping.decisions import Decided
    from pipelines.keeping.edited_register import keep_edited
    from pipelines.registers.differences import between
    from pipelines.registers.files import register_from
    from pipelines.registers.register import RegisterError

    programme, sender, now = options.opened(home, by)
    in_use = programme.archive.newest_register()
    try:
        edited = register_from({one.file: content_of(file)}, [], otherwise=in_use)
    except RegisterError as error:
        raise Refused(str(error).replace(one.file, file.name)) from error
    changed = between(in_use, edited)
    release, version = None, in_use.version
    if changed:
        version = keep_edited(programme, edited, Decided(sender, now, reason), version).version
        release = figures.worked_out(programme, now)
        audit_lines.note("register", sender, release, version=str(version))
    height = getattr(edited, one.name).height
    if as_json:
        output.as_json(
            {"version": version, one.rows: height, "changes": len(changed), "release": release}
        )
        return
    if not changed:
        output.line("This file changes nothing, so nothing was saved.")
        return
    output.line(
        f"The list has {one.counted(height)} now, in version {version} of the register: "
        f"{wording.counted(len(changed), 'change')}. Release {release} shows it."
    )
    output.line(f"To undo it: feeling-safe register --restore {version - 1}")


def _text(value: object) -> str | None:
    return None if value is None else str(value)
