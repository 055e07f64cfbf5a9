"""feeling-safe watch: send what is dropped into a folder."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import audit_lines, options, output
from dashboard.cli.dropped_files import code_of, for_machines, remind, told
from dashboard.cli.errors import Exit, Refused, log_error

if TYPE_CHECKING:
    from pipelines.keeping.home import Home


def watch(
    folder: Annotated[Path, typer.Argument(help="Where files are dropped.")],
    by: Annotated[
        str, typer.Option(metavar="E-MAIL", help="Whose: a trust's person in the register.")
    ],
    once: Annotated[
        bool, typer.Option("--once", help="Look once, then leave: for cron and the like.")
    ] = False,
    every: Annotated[
        float,
        typer.Option(min=0, help="Seconds between two looks; a file that grows is waited for."),
    ] = 10,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Send every return that is dropped into a folder, until stopped with Ctrl-C.

    A file that is kept moves to the folder “sent” with its receipt; any other moves to “problems”
    with a report. One over which the program itself stumbles moves to “set-aside” with a note: as
    long as one lies there, --once leaves with 1 or more. With --json each file is one line of JSON.
    """
    from filelock import FileLock, Timeout

    from dashboard.cli.input_files import worst
    from pipelines.keeping.home import open_home

    programme = open_home(options.home_of(home))
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}: make it, then start again.")
    try:
        with FileLock(folder / ".watching.lock", timeout=0):
            if once:
                code = worst([_look(programme, folder, by, every, as_json), remind(folder)])
            else:
                code = Exit.DONE
                _watch(programme, folder, by, every, as_json)
    except Timeout:
        raise Refused(f"{folder} is watched already: one watcher at a time.") from None
    raise typer.Exit(code)


def _watch(home: "Home", folder: Path, by: str, every: float, as_json: bool) -> None:
    output.aside(f"Watching {folder} for {by} (stop it with Ctrl-C).")
    remind(folder)
    try:
        while True:
            try:
                _look(home, folder, by, every, as_json)
            except OSError as error:  # a drive that is away for a moment comes back
                output.aside(f"{error.filename or folder}: {error.strerror}. Trying again.")
            time.sleep(every)
    except KeyboardInterrupt:
        output.aside("Stopped. What was kept has its receipt; the rest waits in the folder.")


def _look(home: "Home", folder: Path, by: str, every: float, as_json: bool) -> Exit:
    """Take what is whole: what has not changed from one moment to another a little later."""
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
            f"{by} does not send returns today: name a person of the register with the role "
            "“trust”. Nothing in the folder was touched."
        )
    sender_name = f"{scope.email} (watched folder)"
    taken = take(Watcher(home, folder, sender_name, scope.trusts, _now, _log), before)
    for each in taken:
        if each.submission:
            audit_lines.note_sent(each.submission, scope.email, each.said.get("release"))
        output.line(for_machines(each) if as_json else told(each))
    if trouble := next((t for each in taken if (t := each.said.get("trouble"))), None):
        output.aside(trouble)
        return Exit.PROBLEMS
    return worst(code_of(each) for each in taken)


def _log(about: str, error: Exception) -> None:
    output.aside(log_error(error, about))


def _now() -> datetime:
    return datetime.now(UTC)
