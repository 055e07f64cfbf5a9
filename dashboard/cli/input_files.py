"""Reads the files a command is given, and works out exit codes for them."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.cli.errors import Exit, Refused
from schemas.problems import Outcome

if TYPE_CHECKING:
    from pipelines.accepting.submission import Submission
    from pipelines.checking.check import Checked

MOST_BYTES = 50 * 2**20  # far above what a check accepts, far below what memory holds
_CODES = {
    Outcome.CLEAN: Exit.DONE,
    Outcome.QUERIES: Exit.QUERIES,
    Outcome.ERRORS: Exit.PROBLEMS,
    Outcome.UNREADABLE: Exit.WRONG_USE,
}
_WORST = (Exit.WRONG_USE, Exit.PROBLEMS, Exit.QUERIES)


def must_be_a_file(path: Path) -> None:
    """Raise Refused if there is no such file."""
    if path.is_dir():
        raise Refused(f"{path} is a folder: name a file in it.")
    if not path.exists():
        raise Refused(f"There is no file {path}: check its name and folder.")


def content_of(path: Path) -> bytes:
    """The bytes of a file; raises Refused if it is missing or can't be a return."""
    try:
        must_be_a_file(path)
        if path.stat().st_size > MOST_BYTES:
            raise Refused(f"{path} is too large to be a return: choose the workbook itself.")
        return path.read_bytes()
    except PermissionError:
        raise Refused(
            f"{path} can't be read: it is open in another program, or you don't have permission."
        ) from None


def code_of(checked: "Checked") -> Exit:
    """The exit code for a check's outcome."""
    return _CODES[checked.outcome]


def code_of_sent(sent: "Submission") -> Exit:
    """The exit code for sending a file; an explanation that can't be kept leaves a query open."""
    if sent.receipt:
        return Exit.DONE
    code = code_of(sent.checked)
    return Exit.QUERIES if code is Exit.DONE else code


def worst(codes: Iterable[Exit]) -> Exit:
    """One exit code for several files: the worst of them."""
    found = set(codes)
    return next((code for code in _WORST if code in found), Exit.DONE)
