"""Audit lines for what is done on the command line, if the log is a file."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.accepting.submission import Submission


def note(action: str, by: str, release: str | None, **target: str | None) -> None:
    """Write one line to the audit log, if it is a file: nothing is written to a terminal.

    `by` is who did it (`options.sender_of`); the log holds only their fingerprint.
    """
    from dashboard import audit
    from pipelines.settings import Settings

    if file := Settings().audit_log:
        audit.begin(file)
        audit.typed(action, by, release or "", **target)


def note_sent(arrived: "Submission", by: str, release: str | None) -> None:
    """Log a return that was received, or queries explained by sending the same file again."""
    if arrived.receipt is None:
        return
    version = arrived.receipt.return_id
    if arrived.answers_kept:
        note("answer", by, release, version=version)
    elif not arrived.already_kept:
        note("send", by, release, version=version)
