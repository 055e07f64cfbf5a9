"""Any set of units, against the same funnel worked out slowly by hand.

The functions at the top are the oracle: sums of exact fractions, no library of statistics.
"""

from fractions import Fraction
from math import comb, exp, factorial, fsum, lgamma, sqrt

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipelines.statistics.deciles import DECILES, deciles
from pipelines.statistics.exact_limits import Chance
from pipelines.statistics.funnel import Choices, funnel, spread_of


def binomial_by_hand(x, n, p):
    """P(X <= x), as an exact fraction of the fraction `p`."""
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(min(x, n) + 1))


def poisson_by_hand(x, mean):
    """P(X <= x)."""
    return fsum(exp(-mean) * mean**k / factorial(k) for k in range(x + 1))


def beta_binomial_by_hand(x, n, a, b):
    """P(X <= x)."""
    terms = []
    for k in range(min(x, n) + 1):
        log = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
        log += lgamma(k + a) + lgamma(n - k + b) - lgamma(n + a + b)
        log -= lgamma(a) + lgamma(b) - lgamma(a + b)
        terms.append(exp(log))
    return min(fsum(terms), 1.0)


def poisson_gamma_by_hand(x, mean, shape):
    """P(X <= x)."""
    p = shape / (shape + mean)
    terms = []
    for k in range(x + 1):
        log = lgamma(k + shape) - lgamma(k + 1) - lgamma(shape)
        terms.append(exp(log) * p**shape * (1 - p) ** k)
    return min(fsum(terms), 1.0)


def category_by_hand(cumulative, x):
    """At 99.8%, by the probability of so many and of so few; `cumulative` gives P(X <= x)."""
    if 1 - (cumulative(x - 1) if x > 0 else 0) < Fraction(1, 1000):
        return "higher"
    return "lower" if cumulative(x) < Fraction(1, 1000) else "within"


def interpolated_by_hand(cumulative, share):
    """The interpolated quantile, by counting up from 0."""
    r = 0
    while cumulative(r) < share:
        r += 1
    before = cumulative(r - 1) if r > 0 else 0
    return max(float(r - (cumulative(r) - share) / (cumulative(r) - before)), 0.0)


def quantile_by_hand(values, share):
    """Type 7: linear between the sorted values."""
    values = sorted(values)
    place = (len(values) - 1) * share
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (place - low) * (values[high] - values[low])


def phi_and_tau2_by_hand(z, errors):
    """Spiegelhalter's, of scores pulled in to their 10% and 90% quantiles."""
    low, high = quantile_by_hand(z, 0.1), quantile_by_hand(z, 0.9)
    pulled = [min(max(score, low), high) for score in z]
    n, weights = len(z), [1 / error**2 for error in errors]
    phi = fsum(score**2 for score in pulled) / n
    spread = fsum(weights) - fsum(w**2 for w in weights) / fsum(weights)
    excess = n * phi - (n - 1)
    return phi, (excess / spread if excess >= 0 and spread > 0 else 0.0)


def pearson_by_hand(counts, sizes, kind):
    """Scores and their standard errors around the pooled centre."""
    centre = sum(counts) / sum(sizes)
    variance = centre * (1 - centre) if kind == "proportion" else centre
    errors = [sqrt(variance / size) for size in sizes]
    pairs = zip(counts, sizes, errors, strict=True)
    return [(x / n - centre) / error for x, n, error in pairs], errors


SHARES = {"lower95": 0.025, "upper95": 0.975, "lower998": 0.001, "upper998": 0.999}
sizes = st.integers(0, 60)
wards = st.lists(
    sizes.flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=12
)
rates = st.lists(
    st.tuples(st.integers(0, 25), st.integers(0, 900)).map(lambda u: u if u[1] else (0, 0)),
    min_size=1,
    max_size=12,
)


def frame_of(units):
    return pl.DataFrame(units, schema=["numerator", "denominator"], orient="row")


@given(wards)
def test_proportions(units):
    made = funnel(frame_of(units), Choices("proportion", adjust="never"))
    asked = sum(n for _, n in units)
    for (x, n), row in zip(units, made.iter_rows(named=True), strict=True):
        if n == 0:
            assert row["category"] == row["category95"] == "too_few"
            assert row["value"] is row["z"] is row["upper95"] is None
            continue
        p = Fraction(sum(x for x, _ in units), asked)

        def cumulative(k, n=n, p=p):
            return binomial_by_hand(k, n, p)

        assert row["category"] == category_by_hand(cumulative, x)
        assert row["p_low"] == pytest.approx(float(cumulative(x)), abs=1e-12)
        if 0 < p < 1:
            for name, share in SHARES.items():
                expected = interpolated_by_hand(cumulative, Fraction(share)) / n
                assert row[name] == pytest.approx(expected, abs=1e-9)


@given(rates)
def test_rates(units):
    assume(sum(x for x, _ in units) > 0)
    made = funnel(frame_of(units), Choices("rate", adjust="never"))
    centre = sum(x for x, _ in units) / sum(n for _, n in units)
    for (x, n), row in zip(units, made.iter_rows(named=True), strict=True):
        if n == 0:
            assert row["category"] == "too_few"
            continue

        def cumulative(k, mean=centre * n):
            return poisson_by_hand(k, mean)

        assert row["category"] == category_by_hand(cumulative, x)
        for name, share in SHARES.items():
            expected = interpolated_by_hand(cumulative, share) / n
            assert row[name] == pytest.approx(expected, abs=1e-9)


@given(wards)
def test_dispersion_of_proportions(units):
    units = [(x, n) for x, n in units if n > 0]
    assume(len(units) > 1 and 0 < sum(x for x, _ in units) < sum(n for _, n in units))
    made = funnel(frame_of(units), Choices("proportion", adjust="always"))
    z, errors = pearson_by_hand(*zip(*units, strict=True), "proportion")
    phi, tau2 = phi_and_tau2_by_hand(z, errors)
    assert made["phi"][0] == pytest.approx(phi, abs=1e-9)
    assert made["tau2"][0] == pytest.approx(tau2, abs=1e-9)
    assert made["adjusted"][0] == (made["tau2"][0] > 0)


@given(st.integers(1, 60), st.floats(0.02, 0.98), st.floats(0.0005, 0.2), st.data())
def test_beta_binomial(n, centre, tau2, data):
    assume(tau2 < centre * (1 - centre) * 0.9)
    x = data.draw(st.integers(0, n))
    weight = centre * (1 - centre) / tau2 - 1
    expected = beta_binomial_by_hand(x, n, centre * weight, (1 - centre) * weight)
    chance = Chance("proportion", centre, tau2)
    counts, asked = pl.Series([float(x)]).to_numpy(), pl.Series([float(n)]).to_numpy()
    assert chance.cumulative(counts, asked)[0] == pytest.approx(expected, abs=1e-9)


@given(st.floats(0.2, 15), st.floats(0.05, 3), st.integers(0, 30))
def test_poisson_gamma(mean, spread, x):
    chance = Chance("ratio", 1.0, spread)
    counts, expected = pl.Series([float(x)]).to_numpy(), pl.Series([mean]).to_numpy()
    by_sum = poisson_gamma_by_hand(x, mean, 1 / spread)
    assert chance.cumulative(counts, expected)[0] == pytest.approx(by_sum, abs=1e-9)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=15))
def test_deciles(values):
    made = deciles(pl.DataFrame({"g": ["a"] * len(values), "value": values}), ["g"])
    for tenth, name in enumerate(DECILES, start=1):
        assert made[name][0] == pytest.approx(quantile_by_hand(values, tenth / 10), abs=1e-9)


@given(st.integers(1, 40), st.integers(1, 12), st.data())
def test_identical_units_never_differ(n, how_many, data):
    x = data.draw(st.integers(0, n))
    made = funnel(frame_of([(x, n)] * how_many), Choices("proportion"))
    assert set(made["category"]) == {"within"}
    assert made["z"].abs().max() == pytest.approx(0, abs=1e-9)
    assert not made["adjusted"].any()


@given(wards, st.randoms())
def test_the_order_of_units_does_not_matter(units, random):
    shuffled = units.copy()
    random.shuffle(shuffled)
    first = funnel(frame_of(units), Choices("proportion")).sort("numerator", "denominator")
    second = funnel(frame_of(shuffled), Choices("proportion")).sort("numerator", "denominator")
    assert first["category"].to_list() == second["category"].to_list()


def test_a_single_unit_is_its_own_centre():
    made = funnel(frame_of([(3, 5)]), Choices("proportion"))
    assert made.select("value", "centre", "category", "tau2").row(0) == (0.6, 0.6, "within", 0.0)


def test_no_usable_unit_gives_no_centre():
    made = funnel(frame_of([(0, 0), (0, 0)]), Choices("rate"))
    assert made["category"].to_list() == ["too_few", "too_few"]
    assert made["centre"].null_count() == 2


def test_units_outside_the_basis_are_judged_and_change_nothing():
    frame = frame_of([(9, 10), (18, 20), (0, 30)]).with_columns(part=pl.Series([True, True, False]))
    made = funnel(frame, Choices("proportion"), basis="part")
    assert made["centre"].to_list() == [0.9, 0.9, 0.9]
    assert made["category"].to_list() == ["within", "within", "lower"]


def test_a_method_refuses_the_wrong_kind():
    with pytest.raises(ValueError, match="arcsine method is for a proportion"):
        funnel(frame_of([(3, 5)]), Choices("rate", "arcsine"))


def test_dispersion_is_clear_only_beyond_chance():
    even = spread_of(
        Choices("rate"), 0.01, *(pl.Series(v).to_numpy() for v in ([5.0] * 8, [500.0] * 8))
    )
    assert (even.phi, even.tau2, even.clear) == (0.0, 0.0, False)
