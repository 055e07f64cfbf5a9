"""What charts of plain values could find: the table is what the product's own rules give."""

import numpy as np
import polars as pl
import pytest

from pipelines.statistics.detectable import LASTING, POWER
from pipelines.statistics.method import Method
from pipelines.statistics.points import points
from pipelines.statistics.value_detectable import TABLE, detectable_value, needed

CHARTS = 1_500


@pytest.mark.parametrize("used", [12, 36])
def test_the_table_is_what_its_benchmark_gives(used):
    found = needed(used, 20_000, np.random.default_rng(used))
    assert found == pytest.approx(TABLE[used], abs=0.03)
    assert list(TABLE.values()) == sorted(TABLE.values(), reverse=True)


@pytest.mark.parametrize(("months", "which"), [(1, 0), (LASTING, 1)])
def test_the_rules_themselves_mark_such_a_change_nine_times_in_ten(months, which):
    used = 24
    random = np.random.default_rng(months)
    values = random.standard_normal((CHARTS, used + months))
    values[:, used:] += TABLE[used][which]
    frame = pl.DataFrame(
        {
            "series": np.repeat(np.arange(CHARTS), used + months).astype(str),
            "date": np.tile(np.arange(used + months), CHARTS),
            "value": values.ravel(),
        }
    ).with_columns(date=pl.date(2000, 1, 1) + pl.duration(days="date"), unit=pl.lit("value"))
    made = points(frame, Method(chart="xmr", baseline=used))
    new = made.filter(pl.int_range(pl.len()).over("series") >= used)
    rules = ["rule_outside"] if months == 1 else ["rule_outside", "rule_two_of_three", "rule_shift"]
    on_its_side = pl.any_horizontal(rules) & (pl.col("side") == 1)
    marked = new.group_by("series").agg(seen=on_its_side.any())["seen"].mean()
    assert marked == pytest.approx(POWER, abs=0.03)


def test_nothing_is_said_without_limits_variation_or_enough_points():
    point = {"chart": "xmr", "lower": 1.0, "upper": 7.0, "centre": 4.0}
    assert detectable_value(point, 12).once == pytest.approx(TABLE[12][0])
    assert detectable_value(point, 17).once == pytest.approx(TABLE[15][0])
    assert detectable_value(point, 500).lasting == pytest.approx(TABLE[120][1])
    assert detectable_value(point, 11) is None
    assert detectable_value(point | {"chart": "t"}, 30) is None
    assert detectable_value(point | {"upper": 1.0}, 30) is None
    assert detectable_value(point | {"upper": None, "lower": None}, 30) is None
