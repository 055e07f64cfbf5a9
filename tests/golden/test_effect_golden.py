"""Our effect against diff-diff 3.13's ImputationDiD on the textbook data of county employment.

tests/golden/effect/mpdta.csv holds the rows of `mpdta` (Callaway and Sant'Anna 2021: logarithm of
teenage employment in 500 counties, 2003 to 2007, by the year in which the minimum wage rose, 0 for
never) as moderndid 0.2.0 (MIT) ships them, without the columns that aren't used here.
"""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.statistics.effect.imputation import Averages, averages, pieces
from pipelines.statistics.effect.panel import NEVER, Panel, months_as_columns
from pipelines.statistics.effect.shocks import Shocks

DATA = Path(__file__).parent / "effect" / "mpdta.csv"
OVERALL = -0.04770992
BY_YEAR = {0: -0.031067, 1: -0.052235, 2: -0.136078, 3: -0.104707}


@pytest.fixture(scope="module")
def found() -> Averages:
    """The average over all years with a higher minimum wage, then by years since the rise."""
    rows = pl.read_csv(DATA)
    county = np.unique(rows["countyreal"].to_numpy(), return_inverse=True)[1]
    start = rows["first.treat"].to_numpy()
    panel = Panel(
        unit=county,
        cluster=county,
        month=rows["year"].to_numpy() - 2003,
        start=np.where(start == 0, NEVER, start - 2003),
        figure=rows["lemp"].to_numpy(),
        size=np.ones(len(rows)),
    )
    wanted = [panel.started, *(panel.since == year for year in BY_YEAR)]
    columns = np.column_stack(wanted).astype(float)
    return averages(pieces(panel, months_as_columns(panel), Shocks(), ~panel.started, columns))


def test_the_data_are_the_published_ones():
    rows = pl.read_csv(DATA)
    assert rows.shape == (2500, 4)
    starts = rows.unique("countyreal")["first.treat"].value_counts().sort("first.treat")
    assert starts.rows() == [(0, 309), (2004, 20), (2006, 40), (2007, 131)]


def test_the_average_is_that_of_another_program(found):
    assert found.value[0] == pytest.approx(OVERALL, abs=5e-9)


def test_so_are_the_averages_by_years_since_the_rise(found):
    assert found.value[1:] == pytest.approx(list(BY_YEAR.values()), abs=5e-7)
