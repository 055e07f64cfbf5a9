"""Collects each return's queries, with the explanations given then or later."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import polars as pl

from pipelines.keeping.entries import Entries
from pipelines.keeping.explanations import Later, decided, given_later
from pipelines.registers.successors import ward_id
from schemas.london_time import as_utc
from schemas.receipts import Query, Receipt
from schemas.release import Queries
from schemas.typed import empty, typed

_SORT = ["trust_code", "month", "return_id", "sheet", "row", "code", "cell", "message"]


def queries(entries: Entries) -> pl.DataFrame:
    """One row for each query and note of every version (`schemas.release.Queries`)."""
    later = given_later(entries.decisions)
    rows = [_row(receipt, query, later) for receipt in entries.every for query in receipt.queries]
    if not rows:
        return empty(Queries)
    return typed(pl.DataFrame(rows, infer_schema_length=None), Queries).sort(_SORT)


def open_queries(queries: pl.DataFrame, active: Iterable[Receipt]) -> pl.DataFrame:
    """Each ward, month and field of an active return with a query that has no explanation."""
    unexplained = queries.filter(
        pl.col("severity") == "query",
        pl.col("answer").is_null(),
        pl.col("return_id").is_in([receipt.return_id for receipt in active]),
        pl.col("ward_id").is_not_null() & pl.col("column").is_not_null(),
    )
    return unexplained.select("ward_id", "month", field=pl.col("column")).unique()


def _row(receipt: Receipt, query: Query, later: Later) -> dict[str, Any]:
    answer, by, at = query.answer, receipt.received_by, receipt.received_at
    if since := decided(receipt.return_id, query, later):
        answer, by, at = since.reason, since.decided_by, since.decided_at
    answered = query.severity == "query" and answer is not None
    return {
        **query.model_dump(exclude={"ward", "answer"}),
        "return_id": receipt.return_id,
        "trust_code": receipt.trust_code,
        "ward_id": ward_id(receipt.trust_code, query.ward) if query.ward else None,
        "month": datetime.strptime(receipt.month, "%Y-%m").date(),  # noqa: DTZ007 – only a day
        "answer": answer if answered else None,
        "answered_by": by if answered else None,
        "answered_at": as_utc(at).replace(tzinfo=None) if answered else None,
    }
