"""Whatever a series holds, its sentence says what its points show and nothing else."""

from datetime import date

import narwhals as nw
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipelines.measures import load
from pipelines.releasing.points import points_and_signals
from pipelines.statistics.chart import charted
from pipelines.statistics.method import Method
from pipelines.statistics.signals import signals
from schemas.periods import Month
from schemas.programme import Pause, Programme
from schemas.release import Observations
from schemas.typed import empty, typed
from tests.said_of_points import disagreements

MEASURES = {measure.id: measure for measure in load()}
FIRST = Month(2023, 1)
STEPS = st.tuples(st.integers(1, 12), st.integers(0, 24))
LEVELS = st.lists(STEPS, min_size=1, max_size=5)  # how long, and around which count
GAPS = st.sets(st.integers(0, 40), max_size=6)
NOISE = st.lists(st.integers(-2, 2), min_size=60, max_size=60)


def series(levels, noise, gaps):
    """Counts of up to 24 around levels that change, with months missing."""
    around = [level for length, level in levels for _ in range(length)]
    counts = [min(max(level + noise[i], 0), 24) for i, level in enumerate(around)]
    return [None if i in gaps else count for i, count in enumerate(counts)]


def observed(measure, counts, asked):
    rows = [
        ("ward", "Z01-ALDER1", "Z01", measure, (FIRST + i).first_day)
        + ((None, None, None, "missing") if n is None else (n, asked, n / asked, "value"))
        for i, n in enumerate(counts)
    ]
    names = ["level", "unit_id", "trust_code", "measure", "month"]
    names += ["numerator", "denominator", "value", "state"]
    schema = {name: empty(Observations).schema[name] for name in names}
    frame = pl.DataFrame(rows, schema=schema, orient="row", strict=False)
    about = {"wards": 1, "wards_expected": 1, "provisional": False, "queried": False}
    return typed(frame.with_columns(**about), Observations)


@given(
    levels=LEVELS,
    noise=NOISE,
    gaps=GAPS,
    measure=st.sampled_from(["SS-O1", "SS-P7", "SS-P9", "SS-I1", "SS-B1"]),
    size=st.sampled_from([3, 6, 24, 40]),
    rebase=st.none() | st.integers(1, 40),
    pause=st.none() | st.integers(1, 40),
)
def test_what_a_release_says_of_a_series_is_what_its_points_show(
    levels, noise, gaps, measure, size, rebase, pause
):
    share = MEASURES[measure].unit == "percent"
    asked = float(size if share else size * 30)
    counts = [
        None if n is None else float(round(n / 24 * size) if share else n)
        for n in series(levels, noise, gaps)
    ]
    new = None
    if rebase is not None:
        new = pl.DataFrame(
            {
                "level": ["ward"],
                "unit_id": ["Z01-ALDER1"],
                "measure": [measure],
                "month": [(FIRST + rebase).first_day],
            }
        )
    month = None if pause is None else str(FIRST + pause)
    pauses = (Pause(first=month, last=month, reason="It stood still."),) if month else ()
    programme = Programme(name="A programme", fictional=True, first_month=str(FIRST))
    points, found = points_and_signals(
        observed(measure, counts, asked), [MEASURES[measure]], new, pauses, programme
    )
    signal = found.row(0, named=True)
    for said in (signal["headline"], signal["sentence"]):
        assert not list(disagreements(said, signal["chart"], points)), said


@given(
    levels=LEVELS,
    noise=NOISE,
    gaps=GAPS,
    chart=st.sampled_from(["auto", "xmr", "run", "c", "g", "t", "cusum"]),
    start=st.none() | st.integers(1, 40),
)
def test_what_spc_says_of_a_series_is_what_its_points_show(levels, noise, gaps, chart, start):
    frame = pl.DataFrame(
        {
            "series": "a",
            "date": [(FIRST + i).first_day for i in range(sum(length for length, _ in levels))],
            "value": pl.Series(series(levels, noise, gaps), dtype=pl.Float64),
        }
    ).with_columns(phase_start=pl.int_range(pl.len()) == (-1 if start is None else start))
    method = Method(chart=chart)
    points = charted(nw.from_native(frame), method).to_native().rename({"date": "month"})
    signal = signals(frame, method).row(0, named=True)
    assert not list(disagreements(signal["sentence"], signal["chart"], points)), signal["sentence"]


def test_points_that_are_not_months_are_named_by_their_days():
    days = [date(2026, 3, day) for day in range(2, 26)]
    frame = pl.DataFrame({"date": days, "value": [5.0 + i % 2 for i in range(23)] + [30.0]})
    assert signals(frame, Method(chart="xmr"))["sentence"].to_list() == [
        "Lower than usual from 2 March 2026 to 24 March 2026; higher than usual on 25 March 2026, "
        "the latest point. Changes like these are unlikely to be chance."
    ]
