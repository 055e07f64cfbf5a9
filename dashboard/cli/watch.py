"""feeling-safe watch: send the files dropped into a folder."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import audit_lines, options, output
from dashboard.cli.dropped_files import code_of, for_machines, for_people, remind
from dashboard.cli.errors import Exit, Refused, log_error

if TYPE_CHECKING:
    from pipelines.keeping.home import Home


def watch(
    folder: Annotated[Path, typer.Argument(help="Where files are dropped.")],
    by: Annotated[
        str, typer.Option(metavar="E-MAIL", help="Who sends: a trust lead in the register.")
    ],
    once: Annotated[
        bool, typer.Option("--once", help="Look once, then exit: for cron and the like.")
    ] = False,
    every: Annotated[
        float,
        typer.Option(min=0, help="Seconds between two looks; a growing file is left for the next."),
    ] = 10,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Send every return that is dropped into a folder, until stopped with Ctrl-C.

    A file that is received moves to the folder “sent” with its receipt; any other moves to
    “problems” with a report. A file that makes the program itself fail moves to “set-aside” with a
    note: as long as one is there, --once exits with 1 or 2. With --json, each file is one line of
    JSON.
    """
    from filelock import FileLock, Timeout

    from dashboard.cli.input_files import worst
    from pipelines.keeping.home import open_home

    programme = open_home(options.home_of(home))
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}: create it, then start again.")
    try:
        with FileLock(folder / ".watching.lock", timeout=0):
            if once:
                code = worst([_look(programme, folder, by, every, as_json), remind(folder)])
            else:
                code = Exit.DONE
                _watch(programme, folder, by, every, as_json)
    except Timeout:
        raise Refused(f"{folder} is already being watched: run only one watcher.") from None
    raise typer.Exit(code)


def _watch(home: "Home", folder: Path, by: str, every: float, as_json: bool) -> None:
    output.aside(f"Watching {folder} for {by} (stop it with Ctrl-C).")
    remind(folder)
    try:
        while True:
            try:
                _look(home, folder, by, every, as_json)
            except OSError as error:  # a network drive may disappear for a moment
                output.aside(f"{error.filename or folder}: {error.strerror}. Trying again.")
            time.sleep(every)
    except KeyboardInterrupt:
        output.aside("Stopped. Every file received has its receipt; the rest are in the folder.")


def _look(home: "Home", folder: Path, by: str, every: float, as_json: bool) -> Exit:
    """Send the files that are complete: those that have not changed for `every` seconds."""
    from dashboard.cli.input_files import worst
    from dashboard.token_holders import sender
    from pipelines.keeping.drop_folder import waiting
    from pipelines.watching.take import take
    from pipelines.watching.watcher import Watcher
    from schemas.london_time import london_day

    before = waiting(folder)
    if not before:
        return Exit.DONE
    time.sleep(every)
    scope = sender(home, by, london_day(_now()))
    if scope is None:
        raise Refused(
            f"{by} may not send returns today: name a person in the register with the role "
            "“trust”. Nothing in the folder was touched."
        )
    sender_name = f"{scope.email} (watched folder)"
    taken = take(Watcher(home, folder, sender_name, scope.trusts, _now, _log), before)
    for each in taken:
        if each.submission:
            audit_lines.note_sent(each.submission, scope.email, each.details.get("release"))
        output.line(for_machines(each) if as_json else for_people(each))
    if trouble := next((t for each in taken if (t := each.details.get("trouble"))), None):
        output.aside(trouble)
        return Exit.PROBLEMS
    return worst(code_of(each) for each in taken)


def _log(about: str, error: Exception) -> None:
    output.aside(log_error(error, about))


def _now() -> datetime:
    return datetime.now(UTC)
