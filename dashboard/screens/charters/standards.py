"""How wards rate themselves against the standards."""

import polars as pl

from dashboard.charts import bars
from dashboard.charts.table import Column, html
from dashboard.page import page
from dashboard.page.session import Visit
from dashboard.queries.charters import ratings
from schemas import wording

_COLUMNS = (
    Column("name", "Foundation", row_header=True),
    Column("part", "Rating"),
    Column("read", "Ratings", number=True),
)
_ONE_MONTH = "The measure “Standards met” counts only the ratings sent in one month."
MOST_NOT_ASSESSED = 0.2  # above this share a single percentage would mislead


def show(visit: Visit) -> None:
    """Every ward's latest ratings, counted by group of statements."""
    page.section("Standards")
    if visit.ask(ratings).is_empty():
        page.html(html("Ratings against the standards", _COLUMNS, []))
    else:
        page.show(visit.keep(_picture), "chart_standards")


def _picture(visit: Visit) -> page.Chart:
    rated = visit.ask(ratings)
    rows = bars.standard_rows(rated)
    counted = rated.filter(pl.col("rating").is_in(["met", "partly_met", "not_met"]))
    unassessed = rated.filter(pl.col("rating") == "not_assessed").height
    met = counted.filter(pl.col("rating") == "met").height
    wards = rated["ward_id"].n_unique()
    return page.chart(
        _title(met, counted.height, unassessed, rated.height),
        page.Drawing(
            rows,
            bars.standards(),
            f"Bar chart of ratings by foundation. {met} of {counted.height} rated statements "
            f"are met; {unassessed} were not assessed.",
        ),
        table=html("Ratings against the standards", _COLUMNS, rows),
        kind="standards",
        notes=(f"The latest ratings of {wording.counted(wards, 'open ward')}.", _ONE_MONTH),
    )


def _title(met: int, counted: int, unassessed: int, every: int) -> str:
    if unassessed > MOST_NOT_ASSESSED * every:
        return f"{unassessed:,} of {every:,} ratings are “not assessed”: too many for one figure"
    return f"{met:,} of {counted:,} rated statements are met"
