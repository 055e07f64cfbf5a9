"""What a run chart would show of a large change, against the runs of random series."""

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from pipelines.statistics.chart import charted
from pipelines.statistics.method import Method
from pipelines.statistics.run_chart import runs
from pipelines.statistics.run_chart_detectable import chance_shown, least_lasting, would_show

SERIES = 800


def share_shown(points: int, lasting: int) -> float:
    """In what share of series Anhøj's signs show, by the product's own count of runs."""
    random = np.random.default_rng([points, lasting])
    values = random.random((SERIES, points))
    values[:, points - lasting :] += 10
    months = np.datetime64("2020-01") + np.arange(points)
    frame = pl.DataFrame(
        {
            "series": np.repeat(np.arange(SERIES), points),
            "date": np.tile(months.astype("datetime64[D]"), SERIES),
            "value": values.ravel(),
        }
    )
    made = charted(nw.from_native(frame), Method(chart="run"))
    return float(runs(made).to_native()["runs_signal"].mean())


@pytest.mark.parametrize(
    ("points", "lasting"), [(9, 4), (10, 4), (11, 5), (14, 5), (15, 6), (23, 7), (36, 8)]
)
def test_the_chance_is_that_of_the_rules_themselves(points, lasting):
    chance = chance_shown(points, lasting)
    noise = (max(chance * (1 - chance), 0.002) / SERIES) ** 0.5
    assert share_shown(points, lasting) == pytest.approx(chance, abs=4 * noise)


def test_a_run_chart_of_fewer_than_ten_points_shows_no_change_reliably():
    assert [least_lasting(points) for points in range(1, 12)] == [None] * 9 + [5, 5]
    assert would_show(8, "month") == (
        "No change, however large, would show reliably in 8 months: that takes 10, with 5 of them "
        "at the new level."
    )
    assert would_show(24, "month") == (
        "However large a change, this run chart would show it reliably only after 9 months at the "
        "new level."
    )


def test_more_points_at_the_new_level_are_never_seen_less_often_up_to_half():
    for points in (12, 18, 25):
        shown = [chance_shown(points, lasting) for lasting in range(1, points // 2 + 1)]
        assert shown == sorted(shown)
