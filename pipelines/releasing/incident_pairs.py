"""Collects who was affected by incidents, by whom, for each ward and month that sent the table."""

import polars as pl

from pipelines.releasing.steps.in_order import in_order
from schemas.release import IncidentPairs
from schemas.sheets.pairs import AFFECTED, ALLEGED, PAIRS, cell
from schemas.typed import empty, typed

_KEYS = ["ward_id", "trust_code", "month"]


def incident_pairs(cells: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """Twelve rows for each ward and month with any figure of the table, blanks as 0.

    The result satisfies `schemas.release.IncidentPairs`, under today's ward and trust; wards that
    are joined today are added up. Wards not expected in a month count in no total, so not here;
    nor do nil returns, which say nothing of whether a ward fills in the table.
    """
    sent = cells.filter(pl.col("field").is_in(PAIRS), pl.col("state") == "value")
    if sent.is_empty() or grid.is_empty():
        return empty(IncidentPairs)
    kinds = pl.DataFrame(
        [
            (cell(affected, alleged), affected, alleged)
            for affected in AFFECTED
            for alleged in ALLEGED
        ],
        {"field": pl.String, "affected": pl.String, "alleged": pl.String},
        orient="row",
    )
    placed = grid.filter("expected").select(*_KEYS, "current_ward_id", "current_trust_code")
    every = sent.select(_KEYS).unique().join(kinds, how="cross")
    found = (
        every.join(sent.select(*_KEYS, "field", "number"), on=[*_KEYS, "field"], how="left")
        .join(placed, on=_KEYS)
        .group_by("month", "affected", "alleged", "current_ward_id", "current_trust_code")
        .agg(incidents=pl.col("number").sum().cast(pl.Int64))
        .rename({"current_ward_id": "ward_id", "current_trust_code": "trust_code"})
    )
    return in_order(typed(found, IncidentPairs), "ward_id", "month", "affected", "alleged")
