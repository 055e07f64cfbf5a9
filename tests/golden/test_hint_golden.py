"""Suggested rebases agree with autospc 0.0.0.9051 and runcharter 0.2.0.9000 on the same series.

Their numbers come from running them once; the tests don't need either of them.
"""

from pathlib import Path

import polars as pl
import pytest

from pipelines.statistics.stable_shift import Search
from tests.pipelines.statistics.one_series import runs, stable_limits, stable_medians

HERE = Path(__file__).parent
SERIES = pl.read_csv(HERE / "series.csv", infer_schema=False)
CASES = (
    pl.read_parquet(HERE / "autospc_points.parquet")
    .select("case_id", "period_min", "shift_threshold")
    .unique(maintain_order=True)
    .rows()
)
TOO_SHORT_FOR_THEM = 22  # runcharter was run on the series in which 13 + 9 points are possible


def _series(name):
    rows = SERIES.filter(pl.col("series_id") == name).sort(pl.col("idx").cast(pl.Int64))
    return rows["date"].to_list(), [float(value) for value in rows["value"]]


def _medians(name, side):
    dates, values = _series(name)
    levels = stable_medians(values, side)
    return [
        (
            level.centre,
            dates[level.start],
            dates[level.end - 1],
            dates[min(level.until, len(dates) - 1)],
            "baseline" if level.high is None else "sustained",
        )
        for level in levels
    ]


def test_every_median_of_runcharter(golden):
    theirs = golden("runcharter_medians.csv")
    assert set(theirs["med_rows"]) == {"13"}
    assert set(theirs["runlength"]) == {"9"}
    compared = 0
    for (name, side), rows in theirs.group_by("series_id", "direction", maintain_order=True):
        expected = rows.select("median", "start_date", "end_date", "extend_to", "run_type").rows()
        ours = _medians(name, side)
        assert [row[1:] for row in ours] == [row[1:] for row in expected], (name, side)
        centres = [float(row[0]) for row in expected]
        assert [row[0] for row in ours] == pytest.approx(centres, rel=1e-9, abs=1e-12)
        compared += len(ours)
    assert compared == len(theirs) == 121


def test_the_series_runcharter_was_not_run_on_are_the_short_ones(golden):
    theirs = set(golden("runcharter_medians.csv")["series_id"])
    lengths = dict(SERIES.group_by("series_id").len().rows())
    assert theirs == {name for name, n in lengths.items() if n >= TOO_SHORT_FOR_THEM}


@pytest.mark.parametrize(("case", "points", "run"), CASES, ids=[case for case, _, _ in CASES])
def test_every_point_of_autospc(golden, disagreements, case, points, run):
    theirs = golden("autospc_points.parquet").filter(pl.col("case_id") == case)
    _, values = _series(theirs["series_id"][0])
    search = Search(points=int(points), run=int(run), width=3 / 1.128)
    ours = pl.DataFrame(_points(values, search), schema_overrides={"starts": pl.Boolean})
    assert len(ours) == len(theirs)
    joined = pl.concat([theirs.with_columns(series="series_id"), ours], how="horizontal")
    numbers = {"value": "y", "centre": "cl", "lower": "lcl", "upper": "ucl"}
    flags = {"starts": "new_period", "role": "period_type", "outside": "rule1", "shift": "rule2"}
    assert disagreements(joined, numbers, flags) == []


def test_how_much_of_autospc_is_compared(golden):
    theirs = golden("autospc_points.parquet")
    assert (len(CASES), len(theirs)) == (31, 1083)
    assert (theirs["new_period"] == "TRUE").sum() == 15


def _points(values, search):
    rows = []
    for level in stable_limits(values, search):
        within = values[: level.until]
        long = set()
        for first, after, side in runs(within, level.start, level.centre):
            if side != 0 and after - first >= search.run:
                long.update(range(first, after))
        for place in range(level.start, level.until):
            value = values[place]
            rows.append(
                {
                    "value": value,
                    "centre": level.centre,
                    "lower": level.lower,
                    "upper": level.upper,
                    "starts": None if place == 0 else place == level.start,
                    "role": "calculation" if place < level.end else "display",
                    "outside": not level.lower <= value <= level.upper,
                    "shift": place in long,
                }
            )
    return rows
