"""Every figure on a screen can be traced to the cell of the workbook it came from."""

from functools import cache

import openpyxl
import polars as pl
import pytest

from pipelines.measures import load

SENT = [m for m in load() if not any(f.startswith(("charter_", "standards_")) for f in m.numerator)]


def over_window(cells: pl.DataFrame, months: int) -> pl.DataFrame:
    """Each cell again in every month whose window of so many months includes it."""
    later = [pl.col("month").dt.offset_by(f"{step}mo") for step in range(months)]
    return pl.concat([cells.with_columns(month=month) for month in later])


@pytest.mark.parametrize("measure", SENT, ids=lambda measure: measure.id)
def test_a_wards_figure_is_the_sum_of_the_cells_named_for_it(tables, measure):
    wards = tables["observations"].filter(
        pl.col("measure") == measure.id,
        pl.col("level") == "ward",
        pl.col("numerator").is_not_null(),
    )
    moved = tables["wards"].select("ward_id", "current_ward_id").unique()
    monthly = tables["cells"].filter(pl.col("sheet") == "monthly").join(moved, on="ward_id")
    cells = over_window(monthly, measure.rolling_months)
    for part in ("numerator", "denominator"):
        fields = getattr(measure, part)
        if not fields:
            continue
        added = (
            cells.filter(pl.col("field").is_in(fields))
            .group_by(pl.col("current_ward_id").alias("unit_id"), "month")
            .agg(pl.col("number").sum().alias("cells"))
        )
        compared = wards.join(added, on=["unit_id", "month"], how="left")
        assert compared.filter(pl.col(part).ne_missing(pl.col("cells"))).is_empty()
        assert compared["cells"].null_count() == 0
    assert wards.height > 0


def test_the_cell_that_is_named_holds_the_value_in_the_file_that_was_sent(home, tables):
    receipts = {receipt.return_id: receipt for receipt in home.archive.entries().in_use}

    @cache
    def workbook(return_id: str) -> openpyxl.Workbook:
        path = home.archive.original(receipts[return_id])
        return openpyxl.load_workbook(path, data_only=True)

    numbers = tables["cells"].filter(
        pl.col("sheet") == "monthly", pl.col("number").is_not_null(), pl.col("entered") != ""
    )
    looked_at = numbers.sample(min(400, numbers.height), seed=1)
    assert looked_at.height == 400
    for cell in looked_at.iter_rows(named=True):
        found = workbook(cell["return_id"])[cell["sheet"]][f"{cell['column']}{cell['row']}"].value
        assert float(found) == cell["number"], cell
