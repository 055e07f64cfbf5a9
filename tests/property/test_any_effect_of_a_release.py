"""What an effect found in a release doesn't depend on, and that the command finds the same."""

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.exports import effects
from dashboard.queries.starts import CHARTER, figures_around
from pipelines.effect.answer import Answer, answer
from pipelines.effect.run import run
from pipelines.effect.terms import Terms
from pipelines.effect.told import told_by_month
from tests.dashboard import started_release
from tests.pipelines.effect.programmes import programme

FEW = settings(max_examples=2, deadline=None)
SEEDS = st.integers(0, 200)
KINDS = st.sampled_from([("SS-O1", "proportion"), ("SS-I1", "rate")])


def around(figures: pl.DataFrame, measure: str) -> pl.DataFrame:
    with duckdb.connect() as connection:
        for name, table in started_release.started(figures).items():
            connection.register(name, table)
        return figures_around(connection, CHARTER, measure)


def answered(figures: pl.DataFrame, of: tuple[str, str]) -> Answer:
    told = told_by_month(around(figures, of[0]))
    return answer(told, Terms(told.periods, of[1]))


def same(one: Answer, two: Answer) -> None:
    assert one.answered == two.answered
    if not one.answered:
        assert one.content["reason"] == two.content["reason"]
        return
    for name in ("value", "lower", "upper"):
        assert two.content["effect"][name] == pytest.approx(one.content["effect"][name], rel=1e-6)
        assert np.allclose(one.by_period[name], two.by_period[name], rtol=1e-6, atol=1e-6)


@FEW
@given(seed=SEEDS, of=KINDS)
def test_the_codes_of_wards_and_trusts(seed, of):
    frame = programme(0.1, seed=seed)
    random = np.random.default_rng(seed)
    names = frame["cluster"].unique().sort()
    to = dict(zip(names, names.gather(random.permutation(len(names))), strict=True))
    trust = pl.col("cluster").replace_strict(to)
    unit = pl.concat_str(trust, pl.col("unit").str.slice(3))
    same(answered(frame, of), answered(frame.with_columns(unit=unit, cluster=trust), of))


@FEW
@given(seed=SEEDS, of=KINDS)
def test_a_ward_that_never_starts_and_sends_no_figure(seed, of):
    frame = programme(0.1, seed=seed)
    silent = frame.filter(pl.col("unit") == "Z02-A").with_columns(
        unit=pl.lit("Z99-A"),
        cluster=pl.lit("Z99"),
        numerator=pl.lit(None, pl.Int64),
        adopted=pl.lit(None, pl.String),
    )
    same(answered(frame, of), answered(pl.concat([frame, silent]), of))


@FEW
@given(seed=SEEDS, of=KINDS, months=st.integers(-200, 200))
def test_the_calendar(seed, of, months):
    frame = programme(0.1, seed=seed)
    moved = pl.col("period", "adopted").str.to_date().dt.offset_by(f"{months}mo").dt.to_string()
    same(answered(frame, of), answered(frame.with_columns(moved), of))


@FEW
@given(seed=SEEDS, of=KINDS)
def test_the_file_of_figures_gives_the_command_the_same_answer(tmp_path_factory, seed, of):
    frame = programme(0.1, seed=seed)
    file = tmp_path_factory.mktemp("figures") / "figures.csv"
    file.write_bytes(effects.figures(around(frame, of[0])))
    same(answered(frame, of), run(file, of[1]))
