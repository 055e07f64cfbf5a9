"""Sends a return: checks it, saves it and gives a receipt."""

from pipelines.accepting.accept import accept
from pipelines.accepting.context import context_for, seen_by
from pipelines.accepting.submission import Arrival, Submission
from pipelines.checking.check import check_arriving
from pipelines.checking.checked import Checked
from pipelines.keeping.entries import Entries
from pipelines.keeping.home import Home
from pipelines.keeping.submission_lock import one_at_a_time


def submit(home: Home, arrival: Arrival) -> Submission:
    """Check a file and, if it may be kept, keep it: one at a time for each month of a trust.

    No answer may tell who somebody is. Where the return in use is not the one the sender knows,
    nothing is kept. Every attempt is logged. Only the archive is written: the caller has the
    release built (`pipelines.releasing.builder`).
    """
    entries = home.archive.entries()
    checked = _checked(home, arrival, entries)
    if checked.cells is None or checked.trust is None or checked.month is None:
        home.archive.log_attempt(checked, arrival.by, arrival.at)
        return Submission(checked)
    with one_at_a_time(home.root, checked.trust, checked.slot):
        now = home.archive.entries()
        if seen_by(checked, now) != seen_by(checked, entries):
            checked = _checked(home, arrival, now)
        home.archive.log_attempt(checked, arrival.by, arrival.at)
        return accept(home, arrival, checked, now)


def _checked(home: Home, arrival: Arrival, entries: Entries) -> Checked:
    """A check of the file against what the archive holds."""
    context = context_for(home, arrival.today, arrival.allowed_trusts, entries)
    return check_arriving(arrival.content, arrival.filename, context)
