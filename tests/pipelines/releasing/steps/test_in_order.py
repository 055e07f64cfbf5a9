"""Tests of sorting by one number: the order is that of polars."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from pipelines.releasing.steps.in_order import SHORT, in_order


@pytest.mark.parametrize("many", [0, 1, 50, 3 * SHORT])
def test_the_order_is_that_of_the_texts_numbers_and_days(many):
    rng = np.random.default_rng(1)
    texts = ["Z10", "Z9", "", "é", "e", "Z1/2026-01/1", None]
    frame = pl.DataFrame(
        {
            "text": [texts[i] for i in rng.integers(0, len(texts), many)],
            "number": [None if i == 7 else int(i) - 5 for i in rng.integers(0, 20, many)],
            "day": [date(1969, 12, 1) + timedelta(int(i)) for i in rng.integers(0, 60, many)],
            "row": rng.permutation(many),
        },
        {"text": pl.String, "number": pl.Int64, "day": pl.Date, "row": pl.Int64},
    )
    by = ["text", "number", "day", "row"]
    expected = frame.sort(by)
    assert in_order(frame, *by).equals(expected)
    assert in_order(expected, *by).equals(expected)
    unknown = frame.with_columns(text=pl.lit(None, pl.String))
    assert in_order(unknown, *by).equals(unknown.sort(by))
