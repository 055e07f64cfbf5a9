"""The grid of trusts and months: the state of each return."""

import polars as pl
import streamlit as st

from dashboard.charts import returns_grid as charts
from dashboard.page import filters, page
from dashboard.page.session import Visit
from dashboard.queries.returns import returns_grid

_ROWS, _MONTHS = 50, 12


def show(visit: Visit) -> None:
    """Trusts down, months across, in order of trust; long lists are paged."""
    page.section("Month by month")
    shown = filters.places(len(visit.keep(_trusts)), _ROWS, "trusts")
    every = st.toggle("Show every month", value=False, key="months", bind="query-params")
    page.cached(visit, _grid, shown=shown, last=None if every else _MONTHS)
    page.caveat("returns")


def _trusts(visit: Visit) -> list[str]:
    grid = visit.ask(returns_grid, today=visit.today)
    return grid["trust_code"].unique(maintain_order=True).to_list()


def _grid(visit: Visit, shown: range, last: int | None) -> str:
    trusts = visit.keep(_trusts)[shown.start : shown.stop]
    grid = visit.ask(returns_grid, today=visit.today)
    rows = charts.rows(grid.filter(pl.col("trust_code").is_in(trusts)), last=last)
    return charts.html("Returns by trust and month", rows)
