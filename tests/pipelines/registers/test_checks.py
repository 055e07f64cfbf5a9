"""What no register may say."""

import polars as pl

from pipelines.registers.checks import problems_of
from pipelines.registers.register import register_of
from tests import worlds
from tests.pipelines.registers.acts import TODAY


def test_two_rows_for_one_day_are_a_problem():
    twice = [worlds.ward_row("Z01", "A1"), worlds.ward_row("Z01", "A1", valid_from=TODAY)]
    known = register_of(worlds.register_frames(wards=pl.DataFrame(twice)))
    assert problems_of(known) == [
        "wards.csv: Z01-A1 has two rows for 10 March 2026. End the first (valid_to) before the "
        "second begins."
    ]
