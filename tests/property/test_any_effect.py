"""What an effect doesn't depend on: names, the calendar, order, and units that say nothing."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.effect.run import run
from tests.pipelines.effect.programmes import programme, saved

FEW = settings(max_examples=6, deadline=None)
SEEDS = st.integers(0, 200)
KINDS = st.sampled_from(["proportion", "rate"])
TABLE = ("value", "lower", "upper", "clusters")


def same(folder, frame, other, kind="proportion"):
    """Two files have the same answer, or the same refusal."""
    one, two = (run(saved(each, folder), kind) for each in (frame, other))
    assert one.answered == two.answered
    if not one.answered:
        assert one.content["reason"] == two.content["reason"]
        return
    for name in ("value", "lower", "upper"):
        assert two.content["effect"][name] == pytest.approx(one.content["effect"][name], rel=1e-6)
    for name in TABLE:
        assert np.allclose(one.by_period[name], two.by_period[name], rtol=1e-6, atol=1e-6)
    assert two.content["checks"]["placebo"] == pytest.approx(one.content["checks"]["placebo"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("effects")


@FEW
@given(seed=SEEDS, kind=KINDS)
def test_the_names_of_units_and_clusters_and_the_order_of_rows(folder, seed, kind):
    frame = programme(0.1, seed=seed)
    random = np.random.default_rng(seed)
    changes = []
    for column in ("unit", "cluster"):
        names = frame[column].unique().sort()
        to = names.gather(random.permutation(len(names))) + " renamed"
        changes.append(pl.col(column).replace(names.to_list(), to.to_list()))
    other = frame.with_columns(changes).sample(fraction=1, shuffle=True, seed=seed)
    same(folder, frame, other, kind)


@FEW
@given(seed=SEEDS, kind=KINDS, cluster=st.sampled_from(["Z01", "Z99"]))
def test_a_unit_that_never_starts_and_has_no_figures(folder, seed, kind, cluster):
    frame = programme(0.1, seed=seed)
    silent = frame.filter(pl.col("unit") == "Z02-A").with_columns(
        unit=pl.lit("Z99-SILENT"),
        cluster=pl.lit(cluster),
        numerator=pl.lit(None, pl.Int64),
        adopted=pl.lit(None, pl.String),
    )
    same(folder, frame, pl.concat([silent, frame], how="vertical_relaxed"), kind)


@FEW
@given(seed=SEEDS, kind=KINDS, months=st.integers(-400, 400))
def test_the_calendar(folder, seed, kind, months):
    frame = programme(0.1, seed=seed)
    moved = pl.col("period", "adopted").str.to_date().dt.offset_by(f"{months}mo").dt.to_string()
    same(folder, frame, frame.with_columns(moved), kind)


@FEW
@given(seed=SEEDS, many=st.integers(2, 1000))
def test_the_unit_of_the_denominator_of_a_rate(folder, seed, many):
    frame = programme(0.1, seed=seed)
    same(folder, frame, frame.with_columns(pl.col("denominator") * many), "rate")


@FEW
@given(seed=SEEDS)
def test_more_safe_is_the_mirror_of_less_unsafe(folder, seed):
    frame = programme(0.1, seed=seed)
    unsafe = frame.with_columns(numerator=pl.col("denominator") - pl.col("numerator"))
    one, two = (run(saved(each, folder)) for each in (frame, unsafe))
    assert one.answered == two.answered
    if one.answered:
        safe, other = one.content["effect"], two.content["effect"]
        assert other["value"] == pytest.approx(-safe["value"])
        assert other["lower"] == pytest.approx(-safe["upper"])
