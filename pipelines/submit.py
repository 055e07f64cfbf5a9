"""Sends a return: checks it, saves it, gives a receipt and builds the release."""

from dataclasses import replace
from datetime import datetime

import polars as pl

from pipelines.accepting.accept import accept
from pipelines.accepting.context import context_for, seen_by
from pipelines.accepting.submission import Arrival, Submission
from pipelines.checking.check import check_arriving
from pipelines.checking.checked import Checked
from pipelines.keeping.entries import Entries
from pipelines.keeping.home import Home
from pipelines.keeping.submission_lock import one_at_a_time


def submit(home: Home, arrival: Arrival, release: bool = True) -> Submission:
    """Check a file and, if it may be kept, keep it and build the release that shows it.

    No answer may tell who somebody is. Where the return in use is not the one the sender knows,
    nothing is kept.
    With `release=False` only the archive is written: for sending many files, then building once.
    """
    arrived = _received(home, arrival)
    if arrived.receipt is None or not release:
        return arrived
    release_id, trouble = released(home, arrival.at)
    return replace(arrived, release_id=release_id, trouble=trouble)


def _received(home: Home, arrival: Arrival) -> Submission:
    """Check and save a file, one at a time for each trust's month, and log the attempt."""
    entries = home.archive.entries()
    checked = _checked(home, arrival, entries)
    if checked.cells is None or checked.trust is None or checked.month is None:
        home.archive.log_attempt(checked, arrival.by, arrival.at)
        return Submission(checked)
    with one_at_a_time(home.root, checked.trust, checked.month):
        now = home.archive.entries()
        if seen_by(checked, now) != seen_by(checked, entries):
            checked = _checked(home, arrival, now)
        home.archive.log_attempt(checked, arrival.by, arrival.at)
        return accept(home, arrival, checked, now)


def _checked(home: Home, arrival: Arrival, entries: Entries) -> Checked:
    """A check of the file against what the archive holds."""
    context = context_for(home, arrival.today, arrival.allowed_trusts, entries)
    return check_arriving(arrival.content, arrival.filename, context)


def released(home: Home, at: datetime) -> tuple[str | None, str | None]:
    """The release that shows what was received; or None, and why there is none yet."""
    from pipelines.keeping.home import HomeError
    from pipelines.measures import MeasureError
    from pipelines.releasing.build import build
    from pipelines.releasing.release_checks import ReleaseError

    try:
        return build(home, at).stem, None
    except (ReleaseError, HomeError, MeasureError, OSError, pl.exceptions.PolarsError) as error:
        return None, f"The return was received, but the new release could not be built: {error}"
