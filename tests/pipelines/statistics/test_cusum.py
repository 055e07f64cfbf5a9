"""The CUSUM of rare events: against plain Python, published figures and what people decide."""

from datetime import date
from math import isclose, log

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.statistics.cusum import EVENTS_FROM, THRESHOLD, allowance, sums
from pipelines.statistics.cusum_detectable import (
    Sum,
    chances_unshown,
    could_show,
    cusum_detectable,
)
from pipelines.statistics.method import Method
from pipelines.statistics.points import points
from pipelines.statistics.signals import signals

# Montgomery, Introduction to Statistical Quality Control, table 9.2 (target 10, K = 0.5).
MONTGOMERY = (
    "9.45 7.99 9.29 11.66 12.16 10.18 8.04 11.46 9.20 10.34 9.03 11.47 10.51 9.40 10.08 "
    "9.37 10.62 10.31 8.52 10.84 10.90 9.33 12.29 11.50 10.60 11.08 10.38 11.62 11.31 10.52"
)
UPPER = (
    "0 0 0 1.16 2.82 2.50 0.04 1.00 0 0 0 0.97 0.98 0 0 "
    "0 0.12 0 0 0.34 0.74 0 1.79 2.79 2.89 3.47 3.35 4.47 5.28 5.30"
)
CALM = [0, 1, 0, 1, 0, 0] * 4
RISE = [*CALM, 1, 2, 1, 1, 2, 1, 0, 0]


def frame(counts, beds=450.0, **columns):
    days = [date(2024 + i // 12, i % 12 + 1, 1) for i in range(len(counts))]
    return pl.DataFrame(
        {"date": days, "numerator": counts, "denominator": beds, **columns}, strict=False
    ).with_columns(pl.col("numerator").cast(pl.Float64))


def cusum(counts, method=None, **columns):
    return points(frame(counts, **columns), method or Method(chart="cusum", baseline=24))


def mean_wait(find, each, threshold, level):
    """The average run length; late waits end at a constant rate."""
    unshown = chances_unshown(Sum(find, each, threshold), level, 700)
    rate = unshown[-1] / unshown[-2]
    return 1 + sum(unshown[:-1]) + unshown[-1] / (1 - rate)


def test_the_sums_are_those_of_a_textbook():
    rows = [
        {"count": float(x), "size": 1.0, "present": True, "first": not i, "date": date(2026, 1, 1)}
        for i, x in enumerate(MONTGOMERY.split())
    ]
    found = [one["value"] for one in sums(rows, 10.5, "doubling", None)]
    assert found == pytest.approx([float(x) for x in UPPER.split()], abs=1e-9)
    assert [one["rule_outside"] for one in sums(rows, 10.5, "doubling", 5.0)].index(True) == 28


@pytest.mark.parametrize(
    ("find", "each", "threshold", "level", "published", "off"),
    [
        # Lucas 1985, tables 2 and 4, as quoted by the R package spc 0.6.7 (pois.cusum.arl). He
        # counts a sum on the threshold as beyond it: sums are quarters, so it is a quarter less
        ("doubling", 0.25, 9.75, 0.25, 438, 0.5),
        ("halving", 0.25, 9.75, 0.25, 437, 0.5),
        # the example of the R package IAcsSPCR 1.2.1 (arl, after Lucas), whose sums are whole
        ("doubling", 2.0, 5.0, 1.88, 37.2, 0.05),
        ("doubling", 2.0, 5.0, 1.88 + 0.9627 * 1.88**0.5, 5.49, 0.005),
    ],
)
def test_waits_are_those_published(find, each, threshold, level, published, off):
    assert mean_wait(find, each, threshold, level) == pytest.approx(published, abs=off)


def test_the_allowance_is_where_both_levels_are_equally_likely():
    """The log likelihood ratio of so many events at one level against the other is 0."""
    for find, times in (("doubling", 2.0), ("halving", 0.5)):
        each = allowance(0.4, find)
        assert each * log(times) - 0.4 * (times - 1) == pytest.approx(0.0, abs=1e-15)


@st.composite
def series(draw):
    n = draw(st.integers(1, 60))
    rows, stretch = [], 0
    for _ in range(n):
        stretch += draw(st.integers(0, 30)) == 30
        rows.append(
            {
                "numerator": draw(st.none() | st.integers(0, 3)),
                "denominator": draw(st.sampled_from([300.0, 450.0, 501.0])),
                "phase_start": draw(st.integers(0, 20)) == 20,
                "exclude": draw(st.integers(0, 10)) == 10,
                "stretch": stretch,
            }
        )
    return rows


def told(rows, find, baseline):
    """The same in plain Python, phase by phase: sum, threshold and whether part of a climb."""
    phases, waiting = [], False
    for at, row in enumerate(rows):
        waiting = waiting or row["phase_start"]
        if row["numerator"] is not None:
            if not phases or waiting:
                phases.append([])
            waiting = False
            phases[-1].append((at, row))
    found = {}
    sign, times = (1, 2.0) if find == "doubling" else (-1, 0.5)
    for phase in phases:
        used = [row for _, row in phase[:baseline] if not row["exclude"]]
        events = sum(row["numerator"] for row in used)
        average = events / sum(row["denominator"] for row in used) if used else 0.0
        limit = {"doubling": 4.75, "halving": 4.25}[find] if events >= 6 else None
        total, climb, stretch = 0.0, [], None
        for at, row in phase:
            if row["stretch"] != stretch:
                total, climb, stretch = 0.0, [], row["stretch"]
            usual = average * row["denominator"] * (times - 1) / log(times)
            total = max(0.0, total + sign * (row["numerator"] - usual))
            climb = [*climb, at] if total else []
            found[at] = [total, limit, False]
            if limit and total > limit:
                for one in climb:
                    found[one][2] = True
                total, climb = 0.0, []
    return found


@given(series(), st.sampled_from(["doubling", "halving"]), st.sampled_from([None, 12]))
def test_the_chart_is_what_plain_python_makes(rows, find, baseline):
    data = pl.DataFrame(rows, schema_overrides={"numerator": pl.Float64}).with_columns(
        date=pl.date_range(date(2020, 1, 1), date(2030, 1, 1), "1mo", eager=True)[: len(rows)]
    )
    found = points(data, Method(chart="cusum", find=find, baseline=baseline))
    expected = told(rows, find, baseline)
    for at, row in enumerate(found.iter_rows(named=True)):
        if at not in expected:
            assert row["value"] is None
            continue
        total, limit, marked = expected[at]
        assert isclose(row["value"], total, rel_tol=1e-9, abs_tol=1e-9)
        assert (row["upper"], row["cause"]) == (limit, "climb" if marked else None)
        assert row["high"] == ((find == "doubling") if marked else None)


def test_it_says_from_when_to_when_there_were_more():
    method = Method(chart="cusum", baseline=24, direction="down")
    found = points(frame(RISE), method)
    outside = found.filter("rule_outside").row(0, named=True)
    assert outside["date"] == date(2026, 6, 1)
    assert outside["value"] == pytest.approx(8 - 6 * allowance(8 / 24, "doubling"))
    assert found.filter(pl.col("cause") == "climb")["date"].to_list() == [
        date(2026, month, 1) for month in range(1, 7)
    ]
    now = signals(frame(RISE), method).row(0, named=True)
    assert now["sentence"] == (
        "More than the average explains from January 2026 to June 2026; not since. Changes like "
        "these are unlikely to be chance."
    )
    assert now["reason"] == (
        "CUSUM, as asked for: it looks for a doubling of the average, which rests on 8 events."
    )
    assert signals(frame(RISE[:30]), method)["sentence"][0].startswith(
        "More than the average explains from January 2026 to June 2026, the latest month: a concern"
    )
    assert signals(frame(CALM), method)["sentence"][0].startswith(
        "No doubling that stands out in 24 months."
    )


def test_fewer_events_are_found_the_other_way_round():
    method = Method(chart="cusum", find="halving", baseline=24)
    now = signals(frame([1, 0, 2] * 8 + [0] * 6), method).row(0, named=True)
    assert now["sentence"].startswith("Fewer than the average explains from January 2026 to ")
    assert now["variation"] == "neutral_low"


def test_with_few_events_there_is_no_threshold():
    few = signals(frame([1] * (EVENTS_FROM - 1) + [0] * 19), Method(chart="cusum")).row(
        0, named=True
    )
    assert few["upper"] is None
    assert "which rests on 5 events: under 6 give no threshold." in few["reason"]
    assert few["sentence"] == "24 months so far, with too few events for an average to judge by."
    assert cusum([1] * EVENTS_FROM + [0] * 18)["upper"][0] == THRESHOLD["doubling"]


def test_a_month_without_a_figure_adds_nothing_and_an_excluded_one_is_in_no_average():
    gaps = cusum([*RISE[:26], None, *RISE[26:]])
    whole = cusum(RISE)
    there = gaps.filter(pl.col("value").is_not_null())
    assert there["value"].to_list() == whole["value"].to_list()
    assert there["cause"].to_list() == whole["cause"].to_list()
    out = [i == 1 for i in range(len(RISE))]
    reason = signals(frame(RISE, exclude=out), Method(chart="cusum", baseline=24))["reason"][0]
    assert "rests on 7 events" in reason


def test_counts_alone_are_those_of_each_point():
    counts = frame(RISE).select("date", value="numerator")
    found = points(counts, Method(chart="cusum", baseline=24))
    assert found["numerator"].to_list() == RISE
    assert found["cause"].to_list() == cusum(RISE)["cause"].to_list()


def test_what_it_could_have_found_is_what_its_chances_say():
    found = cusum_detectable(0.3, "doubling")
    here = Sum("doubling", allowance(0.3, "doubling"), THRESHOLD["doubling"])
    for level, within in ((0.6, found.points), (found.once, 1), (found.lasting, 7)):
        assert 1 - chances_unshown(here, level, within)[-1] >= 0.9 - 1e-9
    assert 1 - chances_unshown(here, 0.6, found.points - 1)[-1] < 0.9
    assert could_show(found, "doubling") == (
        "a doubling of the average would show within 47 points, a rise to about 1.6 events a "
        "point within 7, and one to about 9.3 in a single point"
    )
    assert cusum_detectable(11.0, "doubling") is None  # not rare
    assert could_show(cusum_detectable(0.1, "halving"), "halving") == (
        "a halving of the average would take more than 120 points to show; no fall could show "
        "within 7"
    )
    assert could_show(cusum_detectable(1.0, "halving"), "halving") == (
        "a halving of the average would show within 29 points, and a fall to about 0.021 events a "
        "point within 7"
    )
