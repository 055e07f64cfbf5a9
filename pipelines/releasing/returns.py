"""Lists every version of every return ever received, and its status."""

from datetime import date

import polars as pl

from pipelines.keeping.decisions import withdrawn
from pipelines.keeping.entries import Entries
from pipelines.keeping.month_locks import Calendar, span
from schemas.deadlines import dates_for
from schemas.london_time import london_day
from schemas.periods import Month
from schemas.programme import Programme
from schemas.receipts import Receipt
from schemas.release import Returns
from schemas.typed import empty, typed

BASELINE = "baseline"  # the timeliness of a return that was never due


def returns(entries: Entries, queries: pl.DataFrame, programme: Programme) -> pl.DataFrame:
    """One row for each version of a trust's month (`schemas.release.Returns`); times are UTC."""
    if not entries.every:
        return empty(Returns)
    active = {receipt.return_id for receipt in entries.in_use}
    gone = withdrawn(entries.decisions)
    rows = []
    for receipt in entries.every:
        named = receipt.return_id
        status = "active" if named in active else "withdrawn" if named in gone else "superseded"
        rows.append(_row(receipt, programme, status))
    asked = queries.filter(pl.col("severity") == "query")
    counts = asked.group_by("return_id").agg(
        queries=pl.len().cast(pl.Int64), queries_open=pl.col("answer").is_null().sum()
    )
    frame = pl.DataFrame(rows, infer_schema_length=None).join(counts, on="return_id", how="left")
    frame = frame.with_columns(pl.col("queries", "queries_open").fill_null(0))
    return typed(frame, Returns).sort("trust_code", "month", "version")


def about_active(returns: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """For each active return of a month: trust_code, month, return_id, and if it is provisional."""
    active = returns.filter(pl.col("status") == "active", pl.col("timeliness") != BASELINE)
    until = [
        span(trust, Month.of(month), calendar.exceptions, calendar.programme).changes_until
        for trust, month in active.select("trust_code", "month").iter_rows()
    ]
    may_change = pl.Series(until, dtype=pl.Date) >= calendar.day
    return active.select(
        "trust_code",
        "month",
        "return_id",
        provisional=(pl.col("data_status") == "provisional") & may_change,
    )


def _row(receipt: Receipt, programme: Programme, status: str) -> dict[str, object]:
    month = Month.parse(receipt.month)
    due = dates_for(month, programme.deadlines).due
    return {
        "return_id": receipt.return_id,
        "trust_code": receipt.trust_code,
        "month": month.first_day,
        "version": receipt.version,
        "received_at": receipt.received_at.replace(tzinfo=None),
        "received_by": receipt.received_by,
        "filename": receipt.filename,
        "sha256": receipt.sha256,
        "status": status,
        "baseline_to": Month.parse(receipt.baseline_to).first_day if receipt.baseline_to else None,
        "timeliness": _timeliness(receipt, due),
        "data_status": receipt.data_status,
        "rows": receipt.rows,
        "template_version": receipt.template_version,
    }


def _timeliness(receipt: Receipt, due: date) -> str:
    if receipt.baseline_to:
        return BASELINE
    return "on_time" if london_day(receipt.received_at) <= due else "late"
