"""Our effect against diff-diff 3.13's ImputationDiD on the textbook data of county employment.

Rates are checked on John Snow's cholera data, and what bends can do by hand.

tests/golden/effect/mpdta.csv holds the rows of `mpdta` (Callaway and Sant'Anna 2021: logarithm of
teenage employment in 500 counties, 2003 to 2007, by the year in which the minimum wage rose, 0 for
never) as moderndid 0.2.0 (MIT) ships them, without the columns that aren't used here.
"""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.statistics.effect.fits import Fit, Fits, last_shared
from pipelines.statistics.effect.hidden_bend import hidden_bend, worst
from pipelines.statistics.effect.hidden_steps import breakdown, hidden_steps
from pipelines.statistics.effect.imputation import Average, Averages, averages, pieces, values_of
from pipelines.statistics.effect.multiplicative import working
from pipelines.statistics.effect.panel import (
    NEVER,
    Panel,
    months_as_columns,
    never_as_column,
    trend_as_column,
)
from pipelines.statistics.effect.shocks import Shocks

DATA = Path(__file__).parent / "effect" / "mpdta.csv"
OVERALL = -0.04770992
BY_YEAR = {0: -0.031067, 1: -0.052235, 2: -0.136078, 3: -0.104707}


@pytest.fixture(scope="module")
def panel() -> Panel:
    rows = pl.read_csv(DATA)
    county = np.unique(rows["countyreal"].to_numpy(), return_inverse=True)[1]
    start = rows["first.treat"].to_numpy()
    return Panel(
        unit=county,
        cluster=county,
        month=rows["year"].to_numpy() - 2003,
        start=np.where(start == 0, NEVER, start - 2003),
        figure=rows["lemp"].to_numpy(),
        size=np.ones(len(rows)),
    )


@pytest.fixture(scope="module")
def found(panel) -> Averages:
    """The average over all years with a higher minimum wage, then by years since the rise."""
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


def test_differences_of_means_are_those_of_callaway_and_santanna(panel):
    # diff-diff 3.13.0, CallawaySantAnna(control_group="not_yet_treated"): overall_att, and the
    # largest step before the start: ATT(2007, 2004), with one year in a step
    found = hidden_steps(panel, Average(-0.04, 0.012, 499))
    assert found.value == pytest.approx(-0.039763625623, abs=1e-11)
    assert found.largest == pytest.approx(0.029759364761, abs=1e-11)
    assert (found.steps, found.stretch) == (3, 1)
    other_way = hidden_steps(panel, Average(0.04, 0.012, 499))
    assert other_way.breakdown == 0


# Snow (1855, On the Mode of Communication of Cholera, Table XII): deaths from cholera in 1849 and
# 1854 in twelve sub-districts of the Southwark and Vauxhall company, in sixteen that the Lambeth
# company supplied too, whose water was taken from further up the Thames from 1852 on, and in four
# of the Lambeth company alone. People are those of 1851, the same in both years.
DEATHS = {"both": (3905, 2547), "Lambeth": (162, 37), "Southwark and Vauxhall": (2261, 2458)}


# What is added to every unit, for those without events, matters less the more there are.
@pytest.mark.parametrize(
    ("area", "known", "near"), [("both", 0.59997, 1e-3), ("Lambeth", 0.21009, 0.012)]
)
@pytest.mark.parametrize("people", [(1.0, 1.0), (300.0, 170.0)])
def test_the_ratio_of_rates_is_the_one_worked_out_by_hand_from_snows_deaths(
    area, known, near, people
):
    before, after = DEATHS[area]
    other_before, other_after = DEATHS["Southwark and Vauxhall"]
    size = np.repeat(people, 2)
    deaths = np.array([before, after, other_before, other_after])
    panel = Panel(
        unit=np.repeat([0, 1], 2),
        cluster=np.repeat([0, 1], 2),
        month=np.tile([0, 1], 2),
        start=np.repeat([1, NEVER], 2),
        figure=deaths / size,
        size=size,
    )
    design = months_as_columns(panel)
    figures = working(panel, design, ~panel.started)
    wanted = figures.size[:, None] * panel.started[:, None]
    share = values_of(pieces(figures, design, Shocks(), ~panel.started, wanted))[0]
    by_hand = (after / before) / (other_after / other_before)
    assert by_hand == pytest.approx(known, abs=5e-6)
    assert 1 + share == pytest.approx(by_hand, rel=near)


@pytest.mark.parametrize(
    ("before", "by_hand"),
    [
        (2, 1.0),  # a line through two periods: only the bend at the last of them can do harm
        # fitted to three, the next is foretold by -2/3, 1/3 and 4/3 of them: a hinge at the second
        # moves the difference by 2 - 4/3, one at the third by 1
        (3, 5 / 3),
    ],
)
def test_what_bends_can_do_is_what_is_worked_out_by_hand(before, by_hand):
    units, months = 8, before + 1
    unit = np.repeat(np.arange(units), months)
    panel = Panel(
        unit=unit,
        cluster=unit,
        month=np.tile(np.arange(months), units),
        start=np.where(unit < 4, before, NEVER),
        figure=np.zeros(len(unit)),
        size=np.ones(len(unit)),
    )
    trends = trend_as_column(panel), never_as_column(panel)
    design = np.column_stack([months_as_columns(panel), *trends])
    fit = Fit("proportion", panel, design, Shocks())
    assert worst(panel, fit.moved_by) == pytest.approx(by_hand, abs=1e-9)
    answer = Average(0.3, 0.05, 20.0)
    lower = answer.interval()[0]
    bend = hidden_bend(panel, fit.moved_by, answer)
    assert bend == pytest.approx(lower / by_hand)
    assert hidden_bend(panel, fit.moved_by, Average(0.1, 0.1, 20.0)) is None
    straight = np.where(unit < 4, panel.since, 0).astype(float)
    assert fit.moved_by(straight) == pytest.approx(0.0, abs=1e-9)
    plain = Fit("proportion", panel, months_as_columns(panel), Shocks())
    # halfway to a fit with trends, a straight drift is taken away by half
    half = Fits(plain, last_shared(panel, design, Shocks()), fit, 0.5).moved_by(straight)
    assert half == pytest.approx(plain.moved_by(straight) / 2)
    assert half > 0


# Medicaid and insurance cover in 43 states (Rambachan and Roth's example, from public ACS data):
# coefficients of 2008 to 2012, 2014 and 2015 against 2013, and the lower half of their covariance
# by state, worked out from ehec_data as moderndid 0.2.0 (MIT) ships it, as fixest would.
MEDICAID = np.array(
    [-0.00528535, -0.01129732, -0.00267599, -0.00141931, 0.00033966, 0.04644685, 0.06920618]
)
LOWER = np.array(
    [
        "7.48848364e-05",
        "6.03987410e-05",
        "7.26650062e-05",
        "4.44461982e-05",
        "3.78933022e-05",
        "5.05205194e-05",
        "3.38576471e-05",
        "2.86657803e-05",
        "2.67367943e-05",
        "4.00322203e-05",
        "4.32801125e-05",
        "4.54332063e-05",
        "2.77819357e-05",
        "2.41285998e-05",
        "5.46266221e-05",
        "4.76588048e-05",
        "4.42885012e-05",
        "3.06064411e-05",
        "2.38086821e-05",
        "3.68253105e-05",
        "8.37566882e-05",
        "2.42512870e-05",
        "2.82465504e-05",
        "9.63753388e-06",
        "2.92387814e-06",
        "9.72294750e-06",
        "6.32139796e-05",
        "1.07123523e-04",
    ],
    dtype=float,
)


def test_the_breakdown_is_that_of_honestdid():
    sigma = np.zeros((7, 7))
    sigma[np.tril_indices(7)] = LOWER
    sigma = sigma + np.tril(sigma, -1).T
    steps = np.zeros((6, 7))  # the effect in 2014, then each step up to 2013
    steps[0, 5] = 1
    for year in range(5):
        steps[1 + year, year] = -1
        if year < 4:
            steps[1 + year, year + 1] = 1
    found = breakdown(steps @ MEDICAID, steps @ sigma @ steps.T, 1.0, 1e9)
    # HonestDiD's README: lower ends of 0.00824 at 1.5 times and -0.000916 at twice the largest
    # step, so 0 is reached at 1.95; another test of the same inequalities may differ a little
    assert found == pytest.approx(1.95, abs=0.05)
    assert breakdown(steps @ -MEDICAID, steps @ sigma @ steps.T, 1.0, 1e9) == found
    # less certain steps, or more of them adding up, need less
    assert breakdown(steps @ MEDICAID, 2 * steps @ sigma @ steps.T, 1.0, 1e9) < found
    assert breakdown(steps @ MEDICAID, steps @ sigma @ steps.T, 2.0, 1e9) == pytest.approx(
        found / 2, abs=1e-3
    )
    assert breakdown(steps @ (MEDICAID * [1, 1, 1, 1, 1, 0.3, 1]), sigma[:6, :6], 1.0, 1e9) == 0
