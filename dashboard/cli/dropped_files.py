"""What became of a file that was dropped into a watched folder, as it is told."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.cli import output
from dashboard.cli.errors import Exit

if TYPE_CHECKING:
    from pipelines.watching.watcher import Taken


def code_of(taken: "Taken") -> Exit:
    """The exit code that a file comes to; one that was set aside is a problem to be seen to."""
    from dashboard.cli.input_files import code_of_sent

    if taken.fault or taken.submission is None:
        return Exit.PROBLEMS
    return code_of_sent(taken.submission)


def remind(folder: Path) -> Exit:
    """Say how many files were set aside and still lie there, and give the exit code for that."""
    from pipelines.keeping.set_aside import SET_ASIDE, waiting_in

    if not (files := waiting_in(folder)):
        return Exit.DONE
    output.aside(set_aside(files, folder / SET_ASIDE))
    return Exit.PROBLEMS


def set_aside(files: int, place: Path) -> str:
    """That files could not be handled, where they lie, and what to do."""
    what, waits, it = (
        ("1 file", "waits", "it") if files == 1 else (f"{files} files", "wait", "each")
    )
    return f"{what} could not be handled and {waits} in {place}: the note beside {it} says why."


def for_machines(taken: "Taken") -> str:
    """One line of JSON."""
    return json.dumps({"name": taken.name, "moved_to": str(taken.moved_to), **taken.said})


def told(taken: "Taken") -> str:
    """One line for a person."""
    said = f"{taken.name}: {_became(taken)}"
    return said.encode("utf-8", "replace").decode()  # a file may have any bytes for its name


def _became(taken: "Taken") -> str:
    if taken.fault or taken.submission is None:
        from pipelines.keeping.set_aside import NOTE

        return f"could not be handled. See {taken.moved_to}{NOTE}"
    receipt, checked = taken.submission.receipt, taken.submission.checked
    if receipt:
        what = "was kept before" if taken.submission.already_kept else "kept"
        if taken.submission.answers_kept:
            what = "was kept before, its queries are answered now"
        again = len(taken.submission.carried)
        as_last_time = f", {again} of its queries answered as last time" if again else ""
        return f"{what}{as_last_time}, receipt {receipt.return_id}. Now {taken.moved_to}"
    counts = f"{len(checked.problems)} finding{'s' if len(checked.problems) > 1 else ''}"
    codes = taken.submission.unanswered
    answer = f"; a reason is needed for {', '.join(codes)}" if codes else ""
    return f"not kept, {counts}{answer}. See {taken.moved_to}.problems.xlsx"
