"""The wards whose latest point stands out, measure by measure."""

from html import escape
from urllib.parse import quote

import polars as pl

from dashboard.charts import icons
from dashboard.charts.figure_links import linked, traced
from dashboard.charts.table import Column, html
from dashboard.page import filters, page
from dashboard.page.session import Visit
from dashboard.queries.organisations import wards
from dashboard.queries.series import signals
from dashboard.words import headlines, titles

_ROWS = 25
_COLUMNS = (
    Column("ward", "Ward", row_header=True, markup=True),
    Column("trust", "Trust"),
    Column("measure", "Measure"),
    Column("variation", "What it shows now", markup=True),
    Column("latest", "Latest", markup=True),
)


def table(visit: Visit, measures: tuple[str, ...]) -> None:
    """A table of changes in order of trust and ward, each with a link to the ward's charts."""
    found = visit.keep(_found, measures=measures)
    shown = filters.places(found.height, _ROWS, "changes", "changes")
    page.cached(visit, _table, measures=measures, shown=shown)


def _found(visit: Visit, measures: tuple[str, ...]) -> pl.DataFrame:
    """The signals that stand out, with the names of their wards."""
    named = visit.ask(wards).select("ward_id", "ward_name", "trust_name")
    now = visit.ask(signals, level="ward", measures=measures, open_only=True)
    return (
        now.filter(pl.col("variation").is_not_null() & (pl.col("variation") != "common"))
        .join(named, left_on="unit_id", right_on="ward_id", how="left")
        .sort("trust_name", "ward_name", maintain_order=True)
    )


def _table(visit: Visit, measures: tuple[str, ...], shown: range) -> str:
    found = visit.keep(_found, measures=measures).slice(shown.start, len(shown))
    several = visit.ask(wards)["trust_name"].n_unique() > 1
    order = "trust and ward" if several else "name"
    chance = headlines.chance(
        visit.ask(signals, level="ward", measures=measures, open_only=True), "result"
    )
    return html(
        "Wards whose latest month stands out",
        [column for column in _COLUMNS if several or column.key != "trust"],
        [_row(row) for row in found.iter_rows(named=True)],
        f"In order of {order}. {chance}",
    )


def _row(row: dict[str, object]) -> dict[str, object]:
    address = f"ward?ward={quote(str(row['unit_id']))}&measure={quote(str(row['measure']))}"
    return {
        "ward": f'<a href="{address}" target="_self">{escape(str(row["ward_name"]))}</a>',
        "trust": row["trust_name"],
        "measure": row["short_name"],
        "variation": icons.variation(row),
        "latest": linked(titles.latest(row, row), _source(row)),
    }


def _source(row: dict[str, object]) -> str:
    first, months = f"{row['latest']:%Y-%m}", int(row["months"] or 1)
    return traced("ward", str(row["unit_id"]), str(row["measure"]), first, months)
