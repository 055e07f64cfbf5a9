"""Previews an upload before it is sent: what a check finds, and what it would change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from pipelines.accepting.context import active_return, context_for
from pipelines.accepting.explanations import carried_explanations
from pipelines.checking.check import check_arriving
from pipelines.checking.checked import Checked
from pipelines.checking.version_changes import changes
from pipelines.keeping.carried_forward import EarlierExplanations
from pipelines.keeping.home import Home
from pipelines.keeping.uploads import Upload
from pipelines.workbooks.problem_report import own_tables, report
from pipelines.workbooks.ward_part import WardPart, ward_parts
from schemas.london_time import london_day
from schemas.problems import Outcome
from schemas.receipts import Receipt


@dataclass(frozen=True)
class Preview:
    """A check of an upload before anything is sent.

    `active` is the return it would replace, if any, and `changes` what would change in it.
    `carried` holds the explanations that carry over, by `query_key`. `workbook` is the problem
    report as XLSX, if there is anything to report, and `parts` each ward's part of it.
    """

    checked: Checked
    at: datetime
    active: Receipt | None = None
    changes: pl.DataFrame | None = None
    workbook: bytes = b""
    carried: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[WardPart, ...] = ()

    @property
    def may_be_sent(self) -> bool:
        return self.checked.cells is not None

    def is_for(self, trust: str, slot: str) -> bool:
        """False if the file names another trust or month; what it leaves out can't be wrong."""
        named = self.checked.trust or trust, self.checked.slot if self.checked.month else slot
        return named == (trust, slot)


def preview(
    home: Home,
    upload: Upload,
    at: datetime,
    allowed: frozenset[str],
    earlier: EarlierExplanations | None = None,
) -> Preview:
    """Check an upload and say what it would change; nothing is saved.

    `earlier` holds the explanations typed for an earlier upload of the same month.
    """
    entries = home.archive.entries()
    context = context_for(home, london_day(at), allowed, entries)
    checked = check_arriving(upload.content, upload.filename, context)
    tables = own_tables(upload.content) if checked.problems else []
    workbook = report(checked, tables, at) if checked.problems else b""
    parts = ward_parts(checked, tables, entries.register)
    if checked.cells is None or checked.trust is None or checked.month is None:
        return Preview(checked, at, workbook=workbook, parts=parts)
    active = active_return(entries, checked.trust, checked.slot)
    differs = changes(home.archive.cells(active), checked.cells) if active else None
    again = carried_explanations(home, checked, entries, context.today, earlier)
    return Preview(checked, at, active, differs, workbook, again, parts)


def refused(home: Home, look: Preview, by: str) -> bool:
    """Log an upload that can't be sent; True if so, and then the file must not be kept."""
    is_refused = look.checked.outcome in (Outcome.ERRORS, Outcome.UNREADABLE)
    if is_refused:
        home.archive.log_attempt(look.checked, by, look.at)
    return is_refused
