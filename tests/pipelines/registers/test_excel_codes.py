"""Which codes of wards Excel spoils."""

from dataclasses import replace

import polars as pl
import pytest

from pipelines.registers.excel_codes import spoilt_by_excel
from tests.returns import scene


@pytest.mark.parametrize("code", ["MAR1", "SEPT2", "1E5", "0012", "3MAY"])
def test_a_code_that_becomes_a_date_or_a_number_is_named(code):
    wards = scene.register().wards.with_columns(
        ward_code=pl.col("ward_code").replace({"BIRCH2": code})
    )
    assert spoilt_by_excel(replace(scene.register(), wards=wards)) == [code]


@pytest.mark.parametrize("code", ["1200", "JUNIPER1", "MARY1", "MAYFLOWER3"])
def test_a_code_that_excel_keeps_is_not_named(code):
    wards = scene.register().wards.with_columns(
        ward_code=pl.col("ward_code").replace({"BIRCH2": code})
    )
    assert spoilt_by_excel(replace(scene.register(), wards=wards)) == []
