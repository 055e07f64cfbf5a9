"""feeling-safe backup and restore: a whole programme as one file."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Exit
from dashboard.cli.input_files import must_be_a_file
from schemas import wording


def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A new ZIP file; with --keep, a folder.")
    ],
    keep: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Make the next backup in that folder, and if all is whole, keep the newest N.",
        ),
    ] = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Back up the whole programme into one file, and verify what it holds.

    With 1 as the exit code, the backup was made, but something isn't whole. With --keep, no older
    backup was removed then, or one that should have been couldn't be. An older file of the folder
    that can't be read is named, and changes neither the exit code nor what is kept.
    """
    if keep is not None:
        _rotate(file, keep, home, as_json)
    from pipelines.backup import backup as back_up

    with output.working("Backing up"):
        made = back_up(options.home_of(home), file)
    size = file.stat().st_size
    if as_json:
        about = {"file": str(file), "files": made.files, "bytes": size}
        output.as_json(about | {"problems": made.problems})
    else:
        output.line(_made(file, made.files, made.problems))
        _list(made.problems, "Not everything in it is whole, because the archive isn't:")
    raise typer.Exit(Exit.PROBLEMS if made.problems else Exit.DONE)


def _rotate(folder: Path, keep: int, home: Path | None, as_json: bool) -> NoReturn:
    from pipelines.keeping.home import Home
    from pipelines.rotation import rotate

    with output.working("Backing up"):
        done = rotate(Home(options.home_of(home)), folder, keep, datetime.now(UTC))
    file = done.made.path
    if as_json:
        about = {"file": str(file), "files": done.files, "bytes": file.stat().st_size}
        told = {"problems": done.problems, "removed": done.removed}
        output.as_json(about | told | {"stayed": done.stayed, "unread": done.unread})
    else:
        output.line(_made(file, done.files, done.problems))
        if done.made.number == 1:
            output.line("It is the first in this folder.")
        if done.removed:
            output.line(
                f"Removed, with {wording.counted(keep, 'newer one')} kept: "
                f"{', '.join(done.removed)}."
            )
        _list(done.problems, "The archive isn't whole, so no older backup was removed:")
        _list((*done.stayed, *done.unread), "In the folder:")
    raise typer.Exit(Exit.PROBLEMS if done.problems or done.stayed else Exit.DONE)


def _made(file: Path, files: int, problems: Sequence[str]) -> str:
    state = "read back" if problems else "read back and complete"
    return f"{file}: {files:,} files, {file.stat().st_size / 2**20:.1f} MB, {state}."


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    keep_tokens: Annotated[
        bool,
        typer.Option(
            "--keep-tokens", help="Keep tokens in use; only if none was revoked since the backup."
        ),
    ] = False,
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Restore a programme from a backup into a new folder.

    Everything in the backup that is whole is brought back; with 1 as the exit code, something isn't
    and is named. Tokens that were in use when the backup was made are revoked, because one of them
    may have been revoked since.
    """
    from pipelines.backup import restore as bring_back
    from pipelines.keeping.decisions import Decided
    from pipelines.keeping.home import Home
    from pipelines.measures import MeasureError
    from pipelines.registers.register import RegisterError
    from pipelines.releasing.build import build
    from pipelines.releasing.release_checks import ReleaseError

    must_be_a_file(file)
    root, now = options.home_of(home), datetime.now(UTC)
    ending = Decided(options.sender_of(by), now, "Restored from a backup")
    problems, release = [], None
    with output.working("Restoring"):
        restored = bring_back(file, root, None if keep_tokens else ending)
        problems += restored.problems
        try:
            release = build(Home(root), now).stem
        except (RegisterError, MeasureError, ReleaseError) as error:
            problems.append(f"No release could be built. {error}")
    if as_json:
        about = {"home": str(root), "returns": restored.returns, "release": release}
        output.as_json(about | {"problems": problems, "tokens_ended": restored.tokens_ended})
    else:
        exactly = "" if problems else ", exactly as received"
        returns = wording.counted(restored.returns, "return")
        use = f" Release {release} is in use." if release else ""
        output.line(f"{root}: {returns}{exactly}.{use}")
        if ended := len(restored.tokens_ended):
            output.line(
                f"{wording.counted(ended, 'token')} from the backup no longer "
                f"{'works' if ended == 1 else 'work'}, because any token may have been revoked "
                "since then: issue new ones with “token issue”."
            )
        _list(problems, "Everything that is whole was brought back. This isn't:")
    raise typer.Exit(Exit.PROBLEMS if problems else Exit.DONE)


def _list(problems: Sequence[str], heading: str) -> None:
    if problems:
        output.line("\n".join(["", heading, *(f"  {each}" for each in problems)]))
