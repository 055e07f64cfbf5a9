"""What a part of a release is made from: no more is worked out again than can have changed."""

from types import SimpleNamespace

import polars as pl

from pipelines.releasing.made_from import MONTH
from pipelines.releasing.sharing_keys import band_keys
from schemas.periods import Month, months
from tests import worlds


def test_a_band_is_made_again_for_the_year_from_a_month_that_changed_and_if_it_is_the_newest():
    span = [month.first_day for month in months(Month(2024, 1), Month(2026, 2))]
    entries = SimpleNamespace(receipts=())
    sources = SimpleNamespace(
        entries=entries, programme=worlds.programme(), measures=[], months=span
    )
    grid = pl.DataFrame({"trust_code": ["Z01", "Z02"], "current_trust_code": ["Z01", "Z02"]})
    grouped = grid.select("trust_code", unit_id="trust_code", peer_group=pl.Series(["P1", "P2"]))
    before = {(MONTH, f"{trust} {month}"): "as it was" for trust in grid[:, 0] for month in span}
    after = before | {(MONTH, f"Z01 {span[2]}"): "corrected"}

    was, now = (band_keys(sources, grid, grouped, keys) for keys in (before, after))

    again = {part for (_, part), key in now.items() if was["band", part] != key}
    assert again == {f"P1 {month}" for month in (*span[2:14], span[-1])}
    assert len(now) == 2 * len(span)
