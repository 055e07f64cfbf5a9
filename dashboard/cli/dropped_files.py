"""Reports on the files dropped into a watched folder, for people and for programs."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.cli import output
from dashboard.cli.errors import Exit

if TYPE_CHECKING:
    from pipelines.watching.watcher import Taken


def code_of(taken: "Taken") -> Exit:
    """The exit code for a file; one that was set aside needs someone to look at it."""
    from dashboard.cli.input_files import code_of_sent

    if taken.fault or taken.submission is None:
        return Exit.PROBLEMS
    return code_of_sent(taken.submission)


def remind(folder: Path) -> Exit:
    """Print how many files are still set aside, and return the exit code for that."""
    from pipelines.keeping.set_aside import SET_ASIDE, waiting_in

    if not (files := waiting_in(folder)):
        return Exit.DONE
    output.aside(set_aside(files, folder / SET_ASIDE))
    return Exit.PROBLEMS


def set_aside(files: int, place: Path) -> str:
    """A sentence that some files could not be handled, with where they are and what to do."""
    what, have, each = (
        ("1 file", "is", "it") if files == 1 else (f"{files} files", "are", "each one")
    )
    return f"{what} could not be handled and {have} in {place}: the note beside {each} says why."


def for_machines(taken: "Taken") -> str:
    """One file as a line of JSON."""
    return json.dumps({"name": taken.name, "moved_to": str(taken.moved_to), **taken.details})


def for_people(taken: "Taken") -> str:
    """One file as a line of text."""
    line = f"{taken.name}: {_outcome(taken)}"
    return line.encode("utf-8", "replace").decode()  # a file's name may be any bytes


def _outcome(taken: "Taken") -> str:
    if taken.fault or taken.submission is None:
        from pipelines.keeping.set_aside import NOTE

        return f"could not be handled. See {taken.moved_to}{NOTE}"
    receipt, checked = taken.submission.receipt, taken.submission.checked
    if receipt:
        what = "already received" if taken.submission.already_kept else "received"
        if taken.submission.answers_kept:
            what = "already received, its queries are now explained"
        again = len(taken.submission.carried)
        as_last_time = f", {again} of its queries explained as last time" if again else ""
        return f"{what}{as_last_time}, receipt {receipt.return_id}. Now {taken.moved_to}"
    counts = f"{len(checked.problems)} finding{'s' if len(checked.problems) > 1 else ''}"
    codes = taken.submission.to_explain
    needed = f"; explain {', '.join(codes)}" if codes else ""
    return f"not saved, {counts}{needed}. See {taken.moved_to}.problems.xlsx"
