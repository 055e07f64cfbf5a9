"""Run, i, p, p′, u, u′, c, g and t charts agree with qicharts2 0.8.1, and so do Anhøj's rules."""

from pathlib import Path

import narwhals as nw
import polars as pl
import pytest

from pipelines.statistics.chart import charted
from pipelines.statistics.method import Method
from pipelines.statistics.points import points
from pipelines.statistics.run_chart import crossings_min, longest_run_max, runs
from pipelines.statistics.signals import signals

CHARTS = {c: c for c in ("run", "p", "pp", "u", "up", "c", "g", "t")} | {"i": "xmr"}
NUMBERS = {
    "centre": "cl",
    "lower": "lcl",
    "upper": "ucl",
    "near_lower": "lcl_95",
    "near_upper": "ucl_95",
}
RUNS = ("useful", "longest_run", "longest_run_max", "crossings", "crossings_min", "runs_signal")
THEIR_RUNS = ("n_useful", *RUNS[1:3], "n_crossings", "n_crossings_min", "runs_signal")
COLLAPSED = ("ward_inc_rare", "edge_flat_one_step")  # see test_plotthedots


CASES = (
    pl.read_csv(Path(__file__).parent / "qic_cases.csv", infer_schema=False)
    .filter(pl.col("chart").is_in(list(CHARTS)))  # mr and ip charts are not offered
    .select("chart", "variant", "screened_mr")
    .unique(maintain_order=True)
    .rows()
)
every_case = pytest.mark.parametrize("case", CASES, ids="-".join)


def _theirs(golden, case):
    chart, variant, screened = case
    chosen = (
        (pl.col("chart") == chart)
        & (pl.col("variant") == variant)
        & (pl.col("screened_mr") == screened)
    )
    theirs = golden("qic_points.parquet").filter(chosen)
    frozen = golden("qic_cases.csv").select("case_id", "freeze")
    theirs = theirs.join(frozen, on="case_id")
    summary = golden("qic_summary.csv").filter(chosen)
    return theirs.with_columns(pl.col("date").str.to_date(), series="case_id"), summary


def _input(theirs):
    changed = pl.col("part") != pl.col("part").shift(1).over("series", order_by="date")
    return theirs.select(
        "series",
        "date",
        value=pl.col("y").cast(pl.Float64),
        numerator=pl.col("y_sum").cast(pl.Float64),
        denominator=pl.col("n").cast(pl.Float64),
        phase_start=changed.fill_null(False),
        exclude=pl.col("include") == "FALSE",
        baseline=pl.col("freeze").cast(pl.Int64),
    )


def _method(case):
    return Method(chart=CHARTS[case[0]], screen=case[2] == "TRUE", sigma="exact")


@every_case
def test_every_point_agrees(golden, disagreements, case):
    theirs, _ = _theirs(golden, case)
    method = _method(case)
    ours = points(_input(theirs), method)
    joined = ours.join(theirs, on=["series", "date"], validate="1:1", suffix="_theirs")
    assert len(joined) == len(ours) == len(theirs)
    if case[0] == "i" and method.screen:  # deliberate difference, as in test_plotthedots
        joined = joined.filter(~pl.col("series_id").is_in(COLLAPSED))
    if case[0] in ("i", "pp"):
        joined = joined.filter(pl.col("ucl").is_not_null())  # deliberate difference, below
    flags = {} if case[0] == "run" else {"rule_outside": "sigma_signal"}
    assert not disagreements(joined, NUMBERS, flags)


@every_case
def test_every_run_agrees(golden, case):
    theirs, summary = _theirs(golden, case)
    counted = runs(charted(nw.from_native(_input(theirs)), _method(case))).to_native()
    summary = summary.with_columns(series="case_id", phase=pl.col("part").cast(pl.Int64))
    joined = summary.join(counted, on=["series", "phase"], how="left", suffix="_ours")
    some = joined.filter(pl.col("n_useful") != "0")
    for ours, theirs_name in zip(RUNS, THEIR_RUNS, strict=True):
        name = f"{ours}_ours" if f"{ours}_ours" in some.columns else ours
        said = some[name].cast(pl.String).str.to_lowercase()
        told = some[theirs_name].str.to_lowercase().replace({"-0": "0"})
        assert said.to_list() == told.to_list(), ours
    none = joined.filter(pl.col("n_useful") == "0")
    assert none["useful"].is_null().all()


@pytest.mark.parametrize("chart", ["i", "pp"])
def test_deliberate_difference_limits_of_a_constant_series_are_its_value(golden, chart):
    """There is no spread to measure: qicharts2 gives no limits. A single point has none here."""
    for variant in ("base", "part", "exclude"):
        theirs, _ = _theirs(golden, (chart, variant, "TRUE"))
        ours = points(_input(theirs), Method(chart=CHARTS[chart], sigma="exact", screen=True))
        joined = ours.join(theirs, on=["series", "date"], suffix="_theirs")
        constant = joined.filter(pl.col("ucl").is_null() & (pl.len().over("series") > 1))
        assert not constant.is_empty()
        for line in ("lower", "upper", "near_lower", "near_upper", "value"):
            assert constant[line].to_list() == constant["centre"].to_list()
        assert (constant["kind"] == "common").all()


def test_latest_runs_are_the_signals_of_a_series(golden):
    theirs, summary = _theirs(golden, ("run", "part", "TRUE"))
    ours = signals(_input(theirs), Method(chart="run"))
    last = summary.filter(pl.col("part") == pl.col("part").max().over("case_id"))
    joined = ours.join(last, left_on="series", right_on="case_id", suffix="_theirs")
    joined = joined.filter(pl.col("n_useful") != "0")
    assert joined["longest_run"].cast(pl.String).to_list() == joined["longest_run_theirs"].to_list()
    assert joined["crossings"].cast(pl.String).to_list() == joined["n_crossings"].to_list()


def test_what_chance_explains_is_the_table_of_anhoej(golden):
    table = golden("anhoej_table.csv").cast(pl.Int64)
    ours = nw.from_native(table).select(
        run=longest_run_max(nw.col("n_useful")), crossings=crossings_min(nw.col("n_useful") - 1)
    )
    assert ours["run"].to_list() == table["longest_run_max"].to_list()
    assert ours["crossings"].to_list() == table["n_crossings_min"].to_list()


def test_every_run_chart_there_can_be_gets_the_same_verdict(golden):
    boxes = golden("anhoej_boxes.parquet").with_columns(
        pl.col("n_useful", "n_crossings", "longest_run").cast(pl.Int64)
    )
    limits = nw.from_native(boxes).select(
        run=nw.col("longest_run") > longest_run_max(nw.col("n_useful")),
        crossings=nw.col("n_crossings") < crossings_min(nw.col("n_useful") - 1),
    )
    ours = limits["run"].to_native() | limits["crossings"].to_native()
    assert ours.to_list() == (boxes["anhoej"] == "TRUE").to_list()
