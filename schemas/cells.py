"""The cells of an accepted return, as stored in `rows.parquet`, one row for each cell."""

import pandera.polars as pa
import polars as pl

# A value was sent (including zero); a nil return was confirmed; nothing was sent; the measure does
# not apply; the ward was closed. Suppressed is not a state of stored data, only of what is shown.
STATES = ("value", "nil", "missing", "not_applicable", "closed")


class Cells(pa.DataFrameModel):
    """One cell as sent and as understood."""

    sheet: str
    row: pl.Int64 = pa.Field(ge=1, description="Row of the sheet, counted from 1.")
    column: str = pa.Field(description="Column letter, such as C.")
    field: str = pa.Field(description="Name of the column.")
    ward_code: str = pa.Field(nullable=True)
    entered: str = pa.Field(nullable=True, description="The text of the cell as it was read.")
    text: str = pa.Field(nullable=True, description="The value in its canonical form.")
    number: float = pa.Field(nullable=True, description="The value, if it is a number.")
    state: str = pa.Field(isin=STATES)

    class Config:
        strict = True
