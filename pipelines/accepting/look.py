"""A look at an upload before anything is sent: what a check finds, and what it would change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from pipelines.accepting.against import active_return, context_for
from pipelines.accepting.last_time import last_time
from pipelines.checking.changes import changes
from pipelines.checking.check import check
from pipelines.checking.checked import Checked
from pipelines.keeping.carried import Before
from pipelines.keeping.home import Home
from pipelines.keeping.inbox import Upload
from pipelines.workbooks.report import report
from schemas.deadlines import london_day
from schemas.periods import Month
from schemas.problems import Outcome
from schemas.receipts import Receipt


@dataclass(frozen=True)
class Look:
    """A check of an upload before anything is sent.

    `active` is the return it would replace, and `changes` what it would change there (none without
    one). `carried` gives the answers of last time that stand for its queries, by `query_key`.
    `workbook` is the problem report as XLSX, where there is anything to report.
    """

    checked: Checked
    at: datetime
    active: Receipt | None = None
    changes: pl.DataFrame | None = None
    workbook: bytes = b""
    carried: Mapping[str, str] = field(default_factory=dict)

    @property
    def may_be_sent(self) -> bool:
        return self.checked.cells is not None

    def is_for(self, trust: str, month: Month) -> bool:
        """False if the file names another trust or month; what it does not name can't be wrong."""
        said = self.checked.trust or trust, self.checked.month or month
        return said == (trust, month)


def look_at(
    home: Home,
    upload: Upload,
    at: datetime,
    allowed: frozenset[str],
    earlier: Before | None = None,
) -> Look:
    """Check an upload and say what it would change; nothing is kept by this.

    `earlier` is what was said of a file for the same month that was looked at before this one.
    """
    entries = home.archive.entries()
    context = context_for(home, london_day(at), allowed, entries)
    checked = check(upload.content, upload.filename, context)
    workbook = report(checked, upload.content, at) if checked.problems else b""
    if checked.cells is None or checked.trust is None or checked.month is None:
        return Look(checked, at, workbook=workbook)
    active = active_return(entries, checked.trust, str(checked.month))
    differs = changes(home.archive.cells(active), checked.cells) if active else None
    again = last_time(home, checked, entries, context.today, earlier)
    return Look(checked, at, active, differs, workbook, again)


def refused(home: Home, look: Look, by: str) -> bool:
    """Log an upload that can't be sent; True if it was one. Such a file is not to be kept."""
    no = look.checked.outcome in (Outcome.ERRORS, Outcome.UNREADABLE)
    if no:
        home.archive.log_attempt(look.checked, by, look.at)
    return no
