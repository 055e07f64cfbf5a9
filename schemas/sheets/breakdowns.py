"""The breakdowns sheet: who feels safe by group, where a programme asks for it.

Neither the breakdowns nor their categories are ours: a programme names them in its settings.
"""

import pandera.polars as pa
import polars as pl

from schemas.sheets.fields import ALWAYS, count, field


class Breakdowns(pa.DataFrameModel):
    """Patients by group, one row for each ward, breakdown and category; only if switched on."""

    ward_code: str = field("code", ALWAYS, "Ward code", "As in the register.", "ALDER1")
    breakdown: str = field(
        "code", ALWAYS, "Breakdown", "What people are grouped by, as the programme calls it.", "Age"
    )
    category: str = field(
        "code",
        ALWAYS,
        "Category",
        "One of the programme’s categories. Each patient who answered belongs to exactly one.",
        "Not known or prefer not to say",
    )
    answered: pl.Int64 = count(
        ALWAYS,
        "Patients who answered",
        "Of those on the sheet “monthly”, how many belong to this category. Type 0 if none.",
        "4",
    )
    safe: pl.Int64 = count(
        ALWAYS,
        "Patients who feel safe",
        "Of those, how many feel safe from sexual harm. Type 0 if none.",
        "3",
    )

    class Config:
        strict = True
        unique = ["ward_code", "breakdown", "category"]
