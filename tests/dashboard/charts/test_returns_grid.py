"""Each cell of the grid of returns leads to what there is to see or to do about it."""

from datetime import date

import polars as pl

from dashboard.charts import returns_grid

_LEADS = {"received": "receipts?of={trust}", "missing": "chase", "trust": "trust?trust={trust}"}


def test_cells_names_and_months_lead_somewhere_if_asked() -> None:
    grid = pl.DataFrame(
        {
            "trust_code": ["Z01", "Z01", "Z01"],
            "trust_name": ["A & B"] * 3,
            "month": [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)],
            "state": ["received", "missing", "not_yet_due"],
        }
    )
    made = returns_grid.rows(grid, _LEADS)
    assert made[0]["name"] == '<a href="trust?trust=Z01" target="_self">A &amp; B</a>'
    assert 'href="receipts?of=Z01"' in made[0]["2026-08-01"]
    assert 'href="chase"' in made[0]["2026-09-01"]
    assert "href" not in made[0]["2026-10-01"]
    shown = returns_grid.html("Returns", made, "returns?month={month}")
    assert 'href="returns?month=2026-08"' in shown
    plain = returns_grid.html("Returns", returns_grid.rows(grid))
    assert "href" not in plain
    assert "A &amp; B" in plain
