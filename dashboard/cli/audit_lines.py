"""The audit lines of the command line: what was done and by whom, where there is a log file."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.accepting.submission import Submission


def note(action: str, by: str, release: str | None, **target: str | None) -> None:
    """Write one line of the audit log, if it is a file; a terminal is no place for it.

    `by` is who did it (`options.sender_of`); the log holds its fingerprint alone.
    """
    from dashboard import audit
    from pipelines.settings import Settings

    if file := Settings().audit_log:
        audit.begin(file)
        audit.typed(action, by, release or "", **target)


def note_sent(arrived: "Submission", by: str, release: str | None) -> None:
    """Note a return that was kept, or queries that were answered by sending it once more."""
    if arrived.receipt is None:
        return
    version = arrived.receipt.return_id
    if arrived.answers_kept:
        note("answer", by, release, version=version)
    elif not arrived.already_kept:
        note("send", by, release, version=version)
