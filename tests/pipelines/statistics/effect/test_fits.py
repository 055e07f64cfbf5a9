"""An answer between a fit without trends and one with them."""

from dataclasses import replace

import numpy as np
import pytest
import scipy

from pipelines.statistics.effect.comparable import comparable
from pipelines.statistics.effect.estimate import estimate
from pipelines.statistics.effect.fits import (
    NOT_ABOVE,
    Fits,
    fits_to_before,
    known_of,
    trend_share,
    wholly_below,
)
from pipelines.statistics.effect.imputation import Average
from pipelines.statistics.effect.multiplicative import _logs, settled
from pipelines.statistics.effect.panel import Panel
from tests.benchmark_scripts import script

WORLDS = script("effect_worlds")


def drawn(kind: str, number: int = 0) -> Panel:
    panel, _ = WORLDS.KINDS[kind].drawn(np.random.default_rng([20261202, number]), 0.0)
    return panel.only(comparable(panel)[0])


def apart(chance: float, freedom: float = 41.0) -> Average:
    """Units that moved apart by so much that chance alone would in this share of programmes."""
    return Average(-2.0 * float(scipy.special.stdtrit(freedom, chance / 2)), 2.0, freedom)


def test_trends_count_the_more_the_less_likely_it_is_that_units_moved_apart_by_chance():
    chances = (0.9, NOT_ABOVE + 1e-9, 0.2, 0.1, 0.05, 0.02, wholly_below(42) - 1e-9, 1e-6)
    shares = [trend_share(apart(chance)) for chance in chances]
    assert shares[:2] == [0, 0]
    assert shares[-2:] == [1, 1]
    assert 0 < shares[2] < shares[3] < shares[4] < shares[5] < 1
    assert trend_share(Average(1.0, 0.0, 41.0)) == 0


def test_the_fewer_clusters_the_sooner_trends_count_wholly():
    assert [wholly_below(many) for many in (10, 20, 40, 100)] == [0.05, 0.05, 0.0125, 0.01]
    shares = [trend_share(apart(0.05 - 1e-9, many - 1)) for many in (20, 30, 42)]
    assert shares[0] == 1
    assert shares[0] > shares[1] > shares[2] > 0


@pytest.fixture(scope="module")
def fits() -> Fits:
    return fits_to_before(drawn("B"), "proportion")


def at(fits: Fits, share: float) -> Fits:
    return replace(fits, share=share)


def test_an_answer_between_two_fits_is_as_near_to_each_as_it_should_be(fits):
    panel = fits.without.panel
    wanted = np.column_stack([panel.started, panel.started & (panel.since == 0)])
    plain, allowed = (fit.answer(wanted) for fit in (fits.without, fits.allowed))
    assert plain[0].value != pytest.approx(allowed[0].value, abs=0.01)
    last = plain[0].error
    for share in (1e-9, 0.25, 0.5, 0.75, 1 - 1e-9):
        found = at(fits, share).over(lambda fit: fit.answer(wanted))
        between = (1 - share) * plain.value + share * allowed.value
        assert found.value == pytest.approx(between)
        assert found.without == pytest.approx((1 - share) * plain.without + share * allowed.without)
        assert last * 0.99 < found[0].error < allowed[0].error * 1.01
        last = found[0].error
    for share, end in ((1e-9, plain), (1 - 1e-9, allowed)):
        found = at(fits, share).over(lambda fit: fit.answer(wanted))
        assert np.diag(found.covariance) == pytest.approx(np.diag(end.covariance), rel=1e-5)
        assert found.freedom == pytest.approx(end.freedom)


def test_what_is_known_of_a_drift_makes_an_answer_surer_the_less_trends_count(fits):
    """Half of the 0.69 that a normal deviate within ±1.04 has lost of its variance."""
    assert known_of(0) == pytest.approx(0.5 * 0.6904, abs=1e-4)
    assert known_of(0.5) == pytest.approx(known_of(0) / 2)
    assert known_of(1) == 0
    wanted = fits.without.panel.started[:, None]
    plain = fits.without.answer(wanted)
    found = replace(fits, allowed=None, share=0.0).answer(wanted)
    apart = (one.without[:, 0] for one in (plain, fits.apart))
    shared = np.corrcoef(*apart)[0, 1] ** 2
    assert shared > 0.1
    adjusted = 1 - (1 - shared) * 41 / 40
    assert found[0].error == pytest.approx(
        plain[0].error * np.sqrt(1 - known_of(0) * adjusted), rel=1e-9
    )
    assert (found.value, found.freedom) == (plain.value, plain.freedom)
    assert found.without == pytest.approx(plain.without)
    wholly = replace(fits, share=1.0).answer(wanted)
    assert wholly[0].error == pytest.approx(fits.allowed.answer(wanted)[0].error)


def test_what_figures_would_add_is_what_the_answer_is_made_of(fits):
    panel, half = fits.without.panel, at(fits, 0.5)
    found = half.over(lambda fit: fit.answer(panel.started[:, None]))
    assert half.moved_by(panel.figure) == pytest.approx(found.value[0])


def test_where_units_clearly_moved_apart_trends_count_wholly():
    found = estimate(drawn("B", 1), "proportion")
    assert found.trend_share == 1
    assert found.hidden_trend is None


def test_what_a_rate_did_before_the_start_is_not_hidden_by_the_trend_that_is_allowed():
    """Early starters rise 3% a month more: in twelve periods that is far from nothing."""
    found = [estimate(drawn("R-drift", number), "rate").trend.value for number in range(3)]
    assert np.mean(np.abs(found)) > 0.1


def test_the_ratio_without_a_cluster_is_nearly_that_of_fitting_the_others_afresh():
    """One step from the whole fit, and one more with the average, is enough."""
    fits = fits_to_before(drawn("R-drift"), "rate")
    rate = fits.allowed.settled
    started = rate.counts.started[:, None]
    found = rate.without_each(started)[:, 0]
    whole = rate.figures
    for cluster in (0, 7, 23):
        kept = rate.counts.cluster != cluster
        afresh = settled(rate.counts.only(kept), rate.design[kept], rate.shocks)
        panel = afresh.figures
        after = panel.started
        events = (panel.size * (1 + panel.figure))[after].sum()
        fit = type(fits.allowed)("rate", panel, afresh.design, rate.shocks)
        value = fit.moved_by(panel.figure) * panel.size[after].sum()
        assert found[cluster] == pytest.approx(float(_logs(events, events - value)), abs=0.005)
    assert whole.started.sum() == started.sum()
