"""The base of every table of a release."""

from typing import Any

import pandera.polars as pa


class Table(pa.DataFrameModel):
    """A table with exactly the columns it declares."""

    class Config:
        strict = True


def nullable(**rest: Any) -> Any:
    """A column that may be empty."""
    return pa.Field(nullable=True, **rest)
