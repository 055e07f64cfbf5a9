"""Puts frames into exactly the columns and types of their model."""

from collections.abc import Collection
from functools import cache
from typing import Any

import pandera.polars as pa
import polars as pl
import polars.selectors as cs

Model = type[pa.DataFrameModel]


@cache
def types_of(model: Model) -> dict[str, Any]:
    """The polars type of each column of a model, in its order."""
    return {name: dtype.type for name, dtype in model.to_schema().dtypes.items()}


def empty(model: Model) -> pl.DataFrame:
    """A frame of the model without rows."""
    return pl.DataFrame(schema=types_of(model))


def typed(frame: pl.DataFrame, model: Model) -> pl.DataFrame:
    """The frame with the model's columns, order and types; missing columns are empty.

    Texts `in_categories` stay so.
    """
    if not frame.columns:
        return empty(model)  # of nothing, literals would make a row
    if _in_words(frame.schema) == list(types_of(model).items()):
        return frame
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in types_of(model).items()
    )


def in_categories(frame: pl.DataFrame, texts: Collection[str]) -> pl.DataFrame:
    """The frame with some texts, each of which recurs, as categories: a quarter of their size."""
    return frame.with_columns(pl.col(*texts).cast(pl.Categorical))


def in_words(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with all texts that are `in_categories` as texts again."""
    return frame.with_columns(cs.categorical().cast(pl.String))


def is_typed(frame: pl.DataFrame, model: Model) -> bool:
    """Whether the frame has exactly the columns and types of its model, apart from their order."""
    return dict(_in_words(frame.schema)) == types_of(model)


def _in_words(schema: pl.Schema) -> list[tuple[str, pl.DataType]]:
    return [(n, pl.String() if t == pl.Categorical else t) for n, t in schema.items()]
