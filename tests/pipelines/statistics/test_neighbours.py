"""Groups of rows that are neighbours, whatever their lengths."""

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from pipelines.statistics.chart import charted
from pipelines.statistics.method import Method
from pipelines.statistics.neighbours import AT_ONCE, neighbours


@pytest.mark.parametrize(
    "lengths",
    [[], [1], [3, 1, 2], [1, 3 * AT_ONCE], [AT_ONCE] * 3, [AT_ONCE - 1, 1, 2, AT_ONCE + 1, 1]],
)
def test_every_row_is_in_one_part_with_its_whole_group(lengths):
    counter = pl.Series("group", np.repeat(np.arange(len(lengths)) * 7, lengths))
    groups = neighbours(nw.from_native(pl.DataFrame([counter])), ("group",))
    assert groups.lengths.tolist() == lengths
    row = place = 0
    for some, rows, part in groups.parts():
        assert (some.start, rows.start) == (place, row)
        assert part.starts.tolist() == [sum(part.lengths[:i]) for i in range(len(part.starts))]
        assert part.lengths.tolist() == lengths[some]
        place, row = some.stop, rows.stop
        assert 0 < sum(part.lengths) == rows.stop - rows.start
    assert (place, row) == (len(lengths), sum(lengths))


def test_what_a_group_has_is_given_to_each_of_its_rows():
    counter = pl.Series("group", [4, 4, 9, 1, 1, 1])
    groups = neighbours(nw.from_native(pl.DataFrame([counter])), ("group",))
    for last in (4.0, None):  # where none is empty, and where one is
        found = pl.DataFrame({"x": [0.5, -1.0, 2.0], "y": [8.0, 7.5, last]})
        spread = {each.name: each.to_list() for each in groups.spread(nw.from_native(found))}
        assert spread == {"x": [0.5, 0.5, -1.0, 2.0, 2.0, 2.0], "y": [8.0, 8.0, 7.5, *[last] * 3]}
    flag = nw.from_native(pl.Series([True, False, True, True, True, False]), series_only=True)
    assert groups.numbers("number", flag).to_list() == [1, 1, 2, 3, 3, 3]
    assert groups.counts(flag, "count").to_list() == [1, 1, 1, 2, 2, 2]


@pytest.mark.parametrize("chart", ["auto", "xmr", "pp", "run", "t"])
def test_whatever_is_charted_has_the_same_columns(chart):
    """Nothing at all, one phase, and several with a gap: charts are put together."""
    dates = pl.date_range(pl.date(2024, 1, 1), pl.date(2025, 12, 1), "1mo", eager=True)
    one = pl.DataFrame({"date": dates}).with_columns(
        numerator=pl.lit(5.0), denominator=pl.lit(9.0), phase_start=pl.lit(False)
    )
    several = one.with_columns(
        phase_start=pl.col("date").dt.month() == 7,
        numerator=pl.when(pl.col("date").dt.month() != 3).then("numerator"),
    )
    nothing, same, other = (
        charted(nw.from_native(frame), Method(chart=chart)).to_native().schema
        for frame in (one.clear(), one, several)
    )
    assert nothing == same == other
