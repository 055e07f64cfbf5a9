"""Collects the stage and parts of each ward's charter, month by month as sent."""

import polars as pl

from schemas.release import Charters
from schemas.sheets.charter import LED_TO, PARTNERS
from schemas.typed import empty, typed
from schemas.vocabularies import CHARTER_IN_PLACE

_YES_NO = [
    "coproduced_patients",
    "coproduced_staff",
    "coproduced_carers",
    "part_commitment",
    "part_context",
    "part_expected_patients",
    "part_expected_staff",
    "part_expected_visitors",
    "part_explains_variation",
]
_DATES = ["agreed_on", "last_reviewed_on"]
_COUNTS = [*PARTNERS.values(), *LED_TO]


def charters(cells: pl.DataFrame) -> pl.DataFrame:
    """One row for each ward and month with a charter row (`schemas.release.Charters`).

    In place: displayed or under review, and co-produced with patients. Current: in place, and
    agreed or last reviewed within the 12 months that end with this one.
    """
    rows = rows_of(cells, "charter", ["stage", *_DATES, "coproduced_on", *_YES_NO, *_COUNTS])
    if rows.is_empty():
        return empty(Charters)
    year_ago = pl.col("month").dt.offset_by("-11mo")
    frame = (
        rows.drop_nulls(["ward_id", "stage"])
        .with_columns(
            *(
                pl.col(name).str.to_date("%Y-%m-%d", strict=False)
                for name in (*_DATES, "coproduced_on")
            ),
            pl.col(_COUNTS).cast(pl.Int64),
            *(pl.col(name) == "yes" for name in _YES_NO),
        )
        .with_columns(
            in_place=pl.col("stage").is_in(CHARTER_IN_PLACE)
            & pl.col("coproduced_patients").fill_null(False)
        )
        .with_columns(
            current=pl.col("in_place") & (pl.max_horizontal(_DATES) >= year_ago).fill_null(False)
        )
    )
    return typed(frame, Charters).sort("ward_id", "month")


def one_for_each_ward(charters: pl.DataFrame) -> pl.DataFrame:
    """One charter for each ward and month: for merged wards, the first of their charters."""
    return charters.unique(["ward_id", "month"], keep="first", maintain_order=True).sort(
        "ward_id", "month"
    )


def rows_of(cells: pl.DataFrame, sheet: str, fields: list[str]) -> pl.DataFrame:
    """A sheet's rows again, with a text column for each field; fields not sent are empty."""
    keys = ["return_id", "trust_code", "month", "row"]
    wanted = cells.filter(pl.col("sheet") == sheet, pl.col("field").is_in(fields))
    wide = wanted.group_by(keys).agg(
        pl.col("ward_id").drop_nulls().first(),
        *(pl.col("text").filter(pl.col("field") == field).first().alias(field) for field in fields),
    )
    return wide.sort("return_id", "row")
