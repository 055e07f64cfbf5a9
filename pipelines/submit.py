"""Sends a return: checks it, saves it, gives a receipt and builds the release."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal

import polars as pl

from pipelines.accepting.accept import accept
from pipelines.accepting.context import context_for, seen_by
from pipelines.accepting.submission import Arrival, Submission
from pipelines.checking.check import check
from pipelines.keeping.home import Home
from pipelines.keeping.submission_lock import one_at_a_time
from schemas.receipts import Receipt


def submit(
    home: Home,
    content: bytes,
    filename: str,
    by: str,
    at: datetime,
    answers: Mapping[str, str],
    allowed_trusts: frozenset[str] | None = None,
    keep_unanswered: bool = False,
    release: bool = True,
    replaces: Receipt | Literal["any"] | None = "any",
) -> Submission:
    """Check a file and, if it may be kept, keep it and build the release that shows it.

    Every query needs an answer (`answers`, see `pipelines.keeping.explanations`) unless
    `keep_unanswered`; no answer may tell who somebody is. `replaces` is the return that the sender
    knows to be in use, or None for none: where it is another one, nothing is kept.
    With `release=False` only the archive is written: for sending many files, then building once.
    """
    arrival = Arrival(home, content, by, at, answers, keep_unanswered, replaces)
    arrived = _received(arrival, filename, allowed_trusts)
    if arrived.receipt is None or not release:
        return arrived
    release_id, trouble = released(home, at)
    return replace(arrived, release_id=release_id, trouble=trouble)


def _received(arrival: Arrival, filename: str, allowed_trusts: frozenset[str] | None) -> Submission:
    """Check and save a file, one at a time for each trust's month, and log the attempt."""
    home, content, today = arrival.home, arrival.content, arrival.today
    entries = home.archive.entries()
    checked = check(content, filename, context_for(home, today, allowed_trusts, entries))
    if checked.cells is None or checked.trust is None or checked.month is None:
        home.archive.log_attempt(checked, arrival.by, arrival.at)
        return Submission(checked)
    with one_at_a_time(home.root, checked.trust, checked.month):
        now = home.archive.entries()
        if seen_by(checked, now) != seen_by(checked, entries):
            checked = check(content, filename, context_for(home, today, allowed_trusts, now))
        home.archive.log_attempt(checked, arrival.by, arrival.at)
        return accept(arrival, checked, now)


def released(home: Home, at: datetime) -> tuple[str | None, str | None]:
    """The release that shows what was received; or None, and why there is none yet."""
    from pipelines.releasing.build import build
    from pipelines.releasing.release_checks import ReleaseError

    try:
        return build(home, at).stem, None
    except (ReleaseError, OSError, pl.exceptions.PolarsError) as error:
        return None, f"The return was received, but the new release could not be built: {error}"
