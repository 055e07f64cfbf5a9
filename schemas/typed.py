"""Puts frames into exactly the columns and types of their model."""

from functools import cache
from typing import Any

import pandera.polars as pa
import polars as pl

Model = type[pa.DataFrameModel]


@cache
def types_of(model: Model) -> dict[str, Any]:
    """The polars type of each column of a model, in its order."""
    return {name: dtype.type for name, dtype in model.to_schema().dtypes.items()}


def empty(model: Model) -> pl.DataFrame:
    """A frame of the model without rows."""
    return pl.DataFrame(schema=types_of(model))


def typed(frame: pl.DataFrame, model: Model) -> pl.DataFrame:
    """The frame with the model's columns, order and types; missing columns are empty."""
    if not frame.columns:
        return empty(model)  # of nothing, literals would make a row
    if list(frame.schema.items()) == list(types_of(model).items()):
        return frame
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in types_of(model).items()
    )
