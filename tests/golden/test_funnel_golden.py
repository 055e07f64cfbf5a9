"""Our funnels against numbers from three other tools' real code, and where we differ on purpose.

The files in tests/golden/funnel hold synthetic data (free) and NHSRdatasets data (CC0), with the
results of FunnelPlotR 0.6.0, PowerBI-Funnels (controlchartspy 0.1.3) and clinical-qikit 0.5.0.
"""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.statistics.dispersion import truncated, winsorised
from pipelines.statistics.exact_limits import Chance
from pipelines.statistics.funnel import Choices, funnel, spread_of
from pipelines.statistics.transformed import SCALES

HERE = Path(__file__).parent / "funnel"
POINTS = pl.read_parquet(HERE / "funnelplotr_points.parquet")
SUMMARY = pl.read_csv(HERE / "funnelplotr_summary.csv")
CURVES = pl.read_csv(HERE / "funnelplotr_limits.csv")
PBI = pl.read_parquet(HERE / "pbi_funnel_points.parquet")
QIKIT = pl.read_parquet(HERE / "qikit_funnel_points.parquet")
DATA = pl.read_csv(HERE / "funnel_data.csv")

OUR_NAMES = {"lcl95": "lower95", "ucl95": "upper95", "lcl998": "lower998", "ucl998": "upper998"}
METHODS = {
    "PR": ("proportion", "arcsine"),
    "RC": ("rate", "log"),
    "SR__CQC": ("ratio", "square_root"),
    "SR__SHMI": ("ratio", "shmi"),
}
PBI_METHODS = {
    "PR": ("proportion", "arcsine"),
    "RC": ("rate", "log"),
    "SR": ("ratio", "square_root"),
}
CASES = POINTS.filter(pl.col("multiplier") == "1")["case_id"].unique().sort().to_list()


def numbers(frame, *columns):
    return frame.select(pl.col(columns).cast(pl.Float64))


def method_of(case):
    return METHODS[case.split("__", 1)[1].rsplit("__", 1)[0]]


def peer(case):
    return POINTS.filter(pl.col("case_id") == case)


def ours(case, **how):
    kind, method = method_of(case)
    return funnel(numbers(peer(case), "numerator", "denominator"), Choices(kind, method, **how))


def same(mine, theirs, rel=1e-9, at=1e-12):
    np.testing.assert_allclose(mine.to_numpy(), theirs.to_numpy(), rtol=rel, atol=at)


def flags(categories):
    return (categories != "within").cast(pl.Int64).to_list()


def ints(column):
    return column.cast(pl.Int64).to_list()


@pytest.mark.parametrize("case", CASES)
def test_funnelplotr_dispersion(case):
    told = SUMMARY.filter(pl.col("case_id") == case)
    mine = ours(case, adjust="always")
    same(mine["phi"].head(1), told["phi"])
    same(mine["tau2"].head(1), told["tau2"])
    assert len(mine) == told["n"].item()


@pytest.mark.parametrize("case", CASES)
def test_funnelplotr_scores(case):
    theirs, (_, method) = peer(case), method_of(case)
    counts = numbers(theirs, "numerator", "denominator").to_numpy().T
    centre = ours(case)["centre"][0]
    z = SCALES[method].unadjusted(*counts, centre)
    same(pl.Series(z), theirs["z_unadjusted"].cast(pl.Float64))


@pytest.mark.parametrize("case", [c for c in CASES if "__PR__" in c])
@pytest.mark.parametrize(("adjust", "prefix"), [("never", ""), ("always", "od_")])
def test_funnelplotr_arcsine_limits(case, adjust, prefix):
    theirs, mine = peer(case), ours(case, adjust=adjust)
    for name, our_name in OUR_NAMES.items():
        limit = theirs[prefix + name].cast(pl.Float64)
        right = mine[our_name] < 1 if name.startswith("ucl") else pl.Series([True] * len(mine))
        same(mine[our_name].filter(right), limit.filter(right))
    assert flags(mine["category95"]) == ints(theirs[prefix + "outlier95"])
    assert flags(mine["category"]) == ints(theirs[prefix + "outlier998"])


@pytest.mark.parametrize("case", [c for c in CASES if "__PR__" in c])
@pytest.mark.parametrize(("adjust", "prefix"), [("never", ""), ("always", "od_")])
def test_an_upper_limit_never_turns_back_below_100(case, adjust, prefix):
    """Our difference: a limit whose arcsine passes 90 degrees is 100%, the largest unit's too."""
    theirs, mine = peer(case), ours(case, adjust=adjust)
    sizes = numbers(theirs, "denominator").to_series()
    for name in ("ucl95", "ucl998"):
        at_top = mine[OUR_NAMES[name]] == 1
        limit = theirs[prefix + name].cast(pl.Float64)
        differs = at_top & (limit != 1)
        assert set(sizes.filter(differs)) <= {sizes.max()}


@pytest.mark.parametrize("case", CASES)
def test_funnelplotr_winsorised_or_truncated_scores(case):
    theirs = peer(case)
    z = theirs["z_unadjusted"].cast(pl.Float64).to_numpy()
    moved = ints(theirs["winsorised_or_truncated"])
    if "SHMI" in case:
        assert [not kept for kept in truncated(z)] == [bool(flag) for flag in moved]
    else:
        same(pl.Series(winsorised(z)), theirs["z_winsorised"].cast(pl.Float64))
        assert {
            flag for flag, new, old in zip(moved, winsorised(z), z, strict=True) if new != old
        } == {1}


def test_some_limits_of_the_largest_unit_do_turn_back_in_funnelplotr():
    theirs = peer("fo_extremes__PR__x1").sort(pl.col("denominator").cast(pl.Float64))
    assert theirs["od_ucl998"].cast(pl.Float64)[-1] < 0.96
    assert ours("fo_extremes__PR__x1", adjust="always")["upper998"].max() == 1


@pytest.mark.parametrize("case", [c for c in CASES if "__SR__" in c])
def test_funnelplotr_exact_poisson_limits_of_ratios(case):
    theirs, mine = peer(case), ours(case, adjust="never")
    for name, our_name in OUR_NAMES.items():
        same(mine[our_name], theirs[name].cast(pl.Float64))
    assert flags(mine["category95"]) == ints(theirs["outlier95"])
    assert flags(mine["category"]) == ints(theirs["outlier998"])


@pytest.mark.parametrize("case", [c for c in CASES if "__SHMI__" in c])
def test_funnelplotr_adjusted_shmi_limits(case):
    theirs, mine = peer(case), ours(case, adjust="always")
    for name, our_name in OUR_NAMES.items():
        same(mine[our_name], theirs["od_" + name].cast(pl.Float64))
    assert flags(mine["category"]) == ints(theirs["od_outlier998"])


@pytest.mark.parametrize("case", [c for c in CASES if "od__SR__CQC" in c])
def test_adjusted_square_root_limits_are_squared_back(case):
    """Our difference: FunnelPlotR leaves these on the square root's scale; squared, they agree."""
    theirs = peer(case)
    assert SUMMARY.filter(pl.col("case_id") == case)["tau2"].item() > 0
    mine = ours(case, adjust="always")
    for name, our_name in OUR_NAMES.items():
        unsquared = theirs["od_" + name].cast(pl.Float64)
        same(mine[our_name], unsquared.clip(lower_bound=0) ** 2)


@pytest.mark.parametrize("case", [c for c in CASES if "__RC__" in c])
def test_limits_of_a_rate_come_from_its_events_not_its_bed_days(case):
    """Our difference: FunnelPlotR flags 23 of 24 wards that do not differ; exact flags none."""
    theirs = peer(case)
    if "inc_rate" in case:
        assert sum(ints(theirs["outlier998"])) == 23
        exact = funnel(numbers(theirs, "numerator", "denominator"), Choices("rate"))
        assert set(exact["category"]) == {"within"}
    expected = ours(case, adjust="never")
    width = expected["upper998"] / expected["centre"]
    n = numbers(theirs, "denominator").to_series()
    assert (width > np.exp(3.090232 / (2 * n.to_numpy() ** 0.5)) * 1.2).all()


@pytest.mark.parametrize("case", [c for c in CASES if "__PR__" in c])
def test_funnelplotr_drawn_curve(case):
    curve = CURVES.filter(pl.col("case_id") == case)
    centre = ours(case)["centre"][0]
    for name, share in {"ll95": 0.025, "ul95": 0.975, "ll998": 0.001, "ul998": 0.999}.items():
        limit = SCALES["arcsine"].limit(centre, curve["number_seq"].to_numpy(), share, None, 6)
        off = np.abs(limit - curve[name].to_numpy()) > 1e-9
        below = curve[name].to_numpy() < 1
        assert not (off & below & (limit < 1)).any()


@pytest.mark.parametrize(
    "keys", PBI.select("dataset_id", "chart_type").unique().sort(pl.all()).rows()
)
@pytest.mark.parametrize("adjust", ["no", "yes", "auto"])
def test_power_bi_funnels(keys, adjust):
    """Limits at 95% and 99.8%, scores, and both flags; z is not rounded there."""
    dataset, chart = keys
    theirs = PBI.filter(
        pl.col("dataset_id") == dataset,
        pl.col("chart_type") == chart,
        pl.col("od_adjust") == adjust,
    )
    kind, method = PBI_METHODS[chart]
    how = {"no": "never", "yes": "always", "auto": "auto"}[adjust]
    counts = numbers(theirs, "numerator", "denominator")
    mine = funnel(counts, Choices(kind, method, how, digits=None))
    names = {"ll95": "lower95", "ul95": "upper95", "ll99": "lower998", "ul99": "upper998"}
    for name, our_name in names.items():
        same(mine[our_name], theirs[name].cast(pl.Float64))
    same(mine["z"], theirs["z"].cast(pl.Float64))
    sides = {"neutral_high": "higher", "neutral_low": "lower", "none": "within"}
    assert mine["category"].to_list() == [sides[side] for side in theirs["three_sigma"]]
    assert mine["category95"].to_list() == [sides[side] for side in theirs["two_sigma"]]


QIKIT_KINDS = {"p": "proportion", "u": "rate", "oe": "ratio"}
QIKIT_LIMITS = {"lcl": 0.001, "ucl": 0.999, "lcl_95": 0.025, "ucl_95": 0.975}


@pytest.mark.parametrize("keys", QIKIT.select("dataset_id", "chart").unique().sort(pl.all()).rows())
def test_qikit_exact_limits(keys):
    dataset, chart = keys
    theirs = QIKIT.filter(pl.col("dataset_id") == dataset, pl.col("chart") == chart)
    theirs = theirs.join(
        DATA.rename({"group": "x"}), on=["dataset_id", "x"], how="left", maintain_order="left"
    )
    kind = QIKIT_KINDS[chart.removesuffix("p") or "p"]
    counts, days = theirs["num"].to_numpy(), theirs["den"].to_numpy()
    pooled = counts.sum() / days.sum()
    size = pooled * days if kind == "ratio" else days
    frame = pl.DataFrame({"numerator": counts, "denominator": size})
    adjust = "always" if chart in ("pp", "up", "oep") else "never"
    mine = funnel(frame, Choices(kind, adjust=adjust))
    same(mine["centre"], theirs["cl"].cast(pl.Float64))
    same(mine["tau2"].sqrt(), theirs["dispersion_tau"].cast(pl.Float64))
    for name, our_name in zip(
        QIKIT_LIMITS, ("lower998", "upper998", "lower95", "upper95"), strict=True
    ):
        same(mine[our_name], theirs[name].cast(pl.Float64), rel=0, at=1e-8)


def test_a_full_score_of_a_tiny_ward_is_never_outside():
    """Our difference: 4 of 4 against 89% happens in 64 of 100 cases; qikit calls it outside."""
    theirs = QIKIT.filter(pl.col("dataset_id") == "fo_wards12_small", pl.col("chart") == "p")
    assert (theirs["sigma_signal"] == "True").sum() == 4
    frame = DATA.filter(pl.col("dataset_id") == "fo_wards12_small").rename(
        {"num": "numerator", "den": "denominator"}
    )
    mine = funnel(frame, Choices("proportion"))
    assert set(mine["category"]) == {"within"}
    full = mine.filter(pl.col("numerator") == pl.col("denominator"), pl.col("denominator") == 4)
    assert full["upper998"].max() < 1
    assert full["p_high"].to_list() == pytest.approx([0.6409] * len(full), abs=1e-3)


def test_phi_is_reported_whether_or_not_limits_allow_for_it():
    frame = DATA.filter(pl.col("dataset_id") == "fo_inc_od")
    counts, days = frame["num"].to_numpy().astype(float), frame["den"].to_numpy().astype(float)
    found = spread_of(Choices("rate"), counts.sum() / days.sum(), counts, days)
    assert found.phi == pytest.approx(3.485551169974968)
    assert found.clear
    within = Chance("rate", counts.sum() / days.sum(), found.tau2)
    assert (
        within.quantile(days, 0.999) > Chance("rate", within.centre).quantile(days, 0.999)
    ).all()
