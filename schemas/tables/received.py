"""The tables of what was received: returns, their cells and queries, events, completeness."""

from datetime import date, datetime

import pandera.polars as pa
import polars as pl

from schemas.cells import STATES
from schemas.problems import Severity
from schemas.tables.kinds import (
    LEVELS,
    REPORTING_CLASSES,
    RETURN_STATES,
    RETURN_STATUSES,
    TIMELINESS,
)
from schemas.tables.table import Table, nullable
from schemas.vocabularies import EVENT_KIND


class Returns(Table):
    """One row for each version of a trust's month or baseline."""

    return_id: str = pa.Field(
        unique=True, description="Such as Z01/2026-03/2, or Z01/2025-04-baseline/1."
    )
    trust_code: str
    month: date = pa.Field(description="Of a baseline, the first one it may have.")
    baseline_to: date = nullable(description="The last month a baseline may have; else empty.")
    version: pl.Int64
    received_at: datetime
    received_by: str
    filename: str
    sha256: str
    status: str = pa.Field(isin=RETURN_STATUSES)
    timeliness: str = pa.Field(isin=TIMELINESS)
    data_status: str = pa.Field(isin=["provisional", "final"])
    rows: pl.Int64
    queries: pl.Int64 = pa.Field(description="How many queries it raised.")
    queries_open: pl.Int64 = pa.Field(description="How many have no explanation.")
    template_version: str


class ReleaseCells(Table):
    """One typed value as sent, in the active version of a return."""

    return_id: str
    trust_code: str
    ward_id: str = nullable()
    month: date
    sheet: str
    row: pl.Int64
    column: str = pa.Field(description="Column letter.")
    field: str
    entered: str = nullable()
    text: str = nullable()
    number: float = nullable()
    state: str = pa.Field(isin=STATES)


class Queries(Table):
    """One query or note on a return, with the explanation if there is one (`answer`)."""

    return_id: str
    trust_code: str
    ward_id: str = nullable()
    month: date
    severity: str = pa.Field(isin=[s.value for s in Severity])
    code: str
    sheet: str = nullable()
    cell: str = nullable()
    row: pl.Int64 = nullable()
    column: str = nullable()
    value: str = nullable()
    message: str
    answer: str = nullable()
    answered_by: str = nullable()
    answered_at: datetime = nullable()


class ReleaseEvents(Table):
    """One event or decision that is drawn on charts."""

    event_id: str
    level: str = pa.Field(isin=LEVELS)
    unit_id: str
    trust_code: str = nullable()
    day: date
    month: date
    kind: str = pa.Field(isin=[*EVENT_KIND, "rebase"])
    label: str
    measure: str = nullable(description="Empty if it is drawn on every measure's chart.")
    source: str = pa.Field(
        description="The return or the decision it comes from, or change_tests, the log of tests."
    )


class Completeness(Table):
    """Whether each trust's month was sent, and how completely each ward reports each measure."""

    scope: str = pa.Field(isin=["return", "reporting"])
    trust_code: str
    ward_id: str = nullable()
    measure: str = nullable()
    month: date = nullable()
    due: date = nullable()
    closes: date = nullable(description="The last day for sending it without an exception.")
    open_until: date = nullable(description="The last day for this trust, with any exception.")
    changes_until: date = nullable(description="The last day before its figures are final.")
    state: str = pa.Field(isin=[*RETURN_STATES, *REPORTING_CLASSES])
    months_valid: pl.Int64 = nullable()
    months_expected: pl.Int64 = nullable()
    return_id: str = nullable()
