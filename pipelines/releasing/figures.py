"""The figures that some returns make: charters, ratings, numbers, and what is observed of them."""

from dataclasses import dataclass

import polars as pl

from pipelines.releasing.charters import charters
from pipelines.releasing.fields import field_values, fields_of
from pipelines.releasing.observations import observations
from pipelines.releasing.standards import standards
from schemas.measures import Measure


@dataclass(frozen=True)
class Figures:
    """Charters and ratings as sent, every number by ward, month and field, and observations."""

    charters: pl.DataFrame
    standards: pl.DataFrame
    values: pl.DataFrame
    observations: pl.DataFrame


def figures(
    said: pl.DataFrame,
    statements: pl.DataFrame,
    standards_set: str,
    measures: list[Measure],
    grid: pl.DataFrame,
    about_returns: pl.DataFrame,
    queried: pl.DataFrame,
) -> Figures:
    """What the answers in `said` come to; the other frames are those of `observations`."""
    of_charters, of_standards = charters(said), standards(said, statements)
    values = field_values(said, of_charters, of_standards, fields_of(measures), standards_set)
    in_use = [measure for measure in measures if measure.status != "archived"]
    seen = observations(grid, values, in_use, about_returns, queried)
    return Figures(of_charters, of_standards, values, seen)
