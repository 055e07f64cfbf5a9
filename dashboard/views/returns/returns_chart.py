"""The grid of trusts and months: what became of each return."""

import polars as pl
import streamlit as st

from dashboard.charts import returns_grid
from dashboard.views import filters, page

_ROWS, _MONTHS = 50, 12


def show(grid: pl.DataFrame) -> None:
    """Trusts down, months across, in order of trust; long lists are paged."""
    page.section("Month by month")
    trusts = grid.select("trust_code", "trust_name").unique(maintain_order=True)
    shown = filters.paged(trusts, _ROWS, "trusts")
    every = st.toggle("Show every month", value=False, key="months", bind="query-params")
    here = grid.filter(pl.col("trust_code").is_in(shown["trust_code"].to_list()))
    rows = returns_grid.rows(here, last=None if every else _MONTHS)
    page.html(returns_grid.html("Returns by trust and month", rows))
    page.caveat("returns")
