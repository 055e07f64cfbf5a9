"""feeling-safe mirror: a copy of every entry elsewhere, and a drill of restoring from it."""

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Exit, Refused
from schemas import wording

if TYPE_CHECKING:
    from pipelines.keeping.home import Home

SECONDS_BETWEEN_LOOKS = 0.5


def mirror(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where the copy is, best on another machine.")
    ],
    drill: Annotated[
        Path | None,
        typer.Option(
            metavar="NEW",
            help="Then restore from the copy into a new folder and compare, to practise it.",
        ),
    ] = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Copy every entry to a second place; each time, only what is new.

    A copy is a programme's folder itself: copy it back with --home COPY into a new one.
    """
    from pipelines.keeping.home import open_home
    from pipelines.mirror import complete
    from pipelines.mirror import mirror as copy_to

    programme = open_home(options.home_of(home))
    with output.working("Copying"):
        done = copy_to(programme, folder)
        again = complete(programme, folder)
    seconds, found = _drill(programme, folder, drill) if drill else (None, [])
    if as_json:
        output.as_json(
            {
                "copied": done.copied,
                "copied_again": again,
                "left_out": list(done.left_out),
                "drill": {"seconds": round(seconds, 3), "differences": found} if seconds else None,
            }
        )
    else:
        output.line(f"{folder}: {wording.counted(done.copied, 'new entry', 'new entries')} copied.")
        if again:
            output.line(f"Missing in the copy, and copied again: {again}.")
        output.line("\n".join([*done.left_out, *found])) if done.left_out or found else None
        if seconds is not None and not found:
            output.line(
                f"{drill}: everything was restored from the copy in {seconds:.1f} s, and is the "
                "same as here."
            )
    raise typer.Exit(Exit.PROBLEMS if done.left_out or found else Exit.DONE)


def _drill(programme: "Home", folder: Path, new: Path) -> tuple[float, list[str]]:
    """Restore a copy into a new folder; the seconds that took, and what isn't the same there."""
    from pipelines.keeping.home import Home
    from pipelines.keeping.verify import archive_problems
    from pipelines.mirror import differences
    from pipelines.mirror import mirror as copy_to

    if new.exists() and any(new.iterdir()):
        raise Refused(f"{new} is not empty: restore into a new folder.")
    started = time.monotonic()
    with output.working("Restoring"):
        copy_to(Home(folder), new)
    seconds, restored = time.monotonic() - started, Home(new)
    return seconds, [*differences(programme, restored), *archive_problems(restored.archive)]


def keep_copying(home: Path, folder: Path) -> None:
    """Copy each entry as it is kept, in the background, until the process ends."""

    def copy() -> None:
        trouble = ""
        while True:
            trouble = copy_what_is_new(home, folder, trouble)
            time.sleep(SECONDS_BETWEEN_LOOKS)

    threading.Thread(target=copy, name="copy elsewhere", daemon=True).start()


def copy_what_is_new(home: Path, folder: Path, before: str) -> str:
    """Continue a copy, and return what is wrong with it, which is printed unless it was `before`.

    A copy is only begun by hand: where a disk isn't mounted, its folder is there and empty.
    """
    from pipelines.keeping.home import Home
    from pipelines.mirror import MirrorError, behind
    from pipelines.mirror import mirror as copy_to

    try:
        lacking = behind(home, folder)
        if lacking is None:
            raise MirrorError(
                f"The copy in {folder} can’t be reached, or has not begun: “feeling-safe mirror "
                f"{folder}” begins it."
            )
        trouble = "\n".join(copy_to(Home(home), folder).left_out) if lacking else ""
    except (OSError, ValueError) as error:
        trouble = str(error)
    if trouble and trouble != before:
        output.aside(trouble)
    return trouble
