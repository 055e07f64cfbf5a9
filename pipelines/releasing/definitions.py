"""The measures of a release, whole, beside its tables: by them its figures were worked out.

Readers take them from here, as the measures in use may be others by the time they look.
"""

from collections.abc import Iterable

import polars as pl

from schemas.measures import Measure

DEFINITIONS = "definitions"


def definitions(measures: Iterable[Measure]) -> pl.DataFrame:
    """Each measure as JSON (`definition`), with its place in lists (`place`)."""
    rows = [(place, measure.model_dump_json()) for place, measure in enumerate(measures)]
    return pl.DataFrame(rows, {"place": pl.Int64, "definition": pl.String}, orient="row")


def measures_of(rows: pl.DataFrame) -> tuple[Measure, ...]:
    """The measures of such a table, in the order people see them."""
    texts = rows.sort("place")["definition"]
    return tuple(Measure.model_validate_json(text) for text in texts)
