"""The four foundations for good practice, and the figures of trauma-informed care."""

from functools import partial

import polars as pl

from dashboard.charts import bars, measure_table
from dashboard.charts.figure_links import traced
from dashboard.charts.table import Column, html
from dashboard.page import coverage, measures, page
from dashboard.page.session import Visit
from dashboard.queries.charters import foundations_now
from dashboard.queries.series import signals
from schemas import wording

_FOUNDATIONS = (
    Column("name", "Foundation", row_header=True),
    Column("part", "State"),
    Column("read", "Wards", number=True),
)
_COUNTED_BY = (
    "Out of every open ward, by its latest answer within twelve months; so charters of wards that "
    "did not report this month are counted here too. A ward that sent nothing about a foundation "
    "counts as “not yet”."
)
_OPTIONAL = (
    "Wards may leave these figures out, so each total is of the wards that sent them. What counts "
    "as training, supervision and a trauma-informed ward round is a placeholder until the "
    "programme says so."
)


def show(visit: Visit) -> None:
    """How many wards have each foundation, then what was sent about trauma-informed care."""
    page.section("The four foundations for good practice")
    if visit.ask(foundations_now, level="programme").is_empty():
        page.html(html("The four foundations", _FOUNDATIONS, []))
    else:
        page.show(visit.keep(_foundations), "chart_foundations")
    if measures.in_use(visit, measures.TRAUMA_INFORMED):
        page.section("Trauma-informed care", _OPTIONAL)
        page.cached(visit, _care)


def _foundations(visit: Visit) -> page.Chart:
    found = visit.ask(foundations_now, level="programme")
    rows = bars.foundation_rows(found)
    measured = found.filter(pl.col("wards_with").is_not_null())
    each = "; ".join(
        f"{row['what']}: {row['wards_with']} of {row['wards']}" for row in measured.to_dicts()
    )
    return page.chart(
        _in_place(measured),
        page.Drawing(
            rows, bars.foundations(), f"Bar chart of wards with each foundation in place. {each}."
        ),
        table=html("The four foundations, latest month", _FOUNDATIONS, rows),
        kind="foundations",
        notes=(_COUNTED_BY,),
    )


def _in_place(measured: pl.DataFrame) -> str:
    """How many wards have the measured foundations in place."""
    if measured.is_empty():
        return "No wards have been counted for the four foundations yet"
    low, high = measured["wards_with"].min(), measured["wards_with"].max()
    wards = wording.counted(measured["wards"].max(), "ward")
    number = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    which = "All four" if measured.height == 4 else f"The {measured.height} counted by ward"
    return f"{which} are in place on {number} of {wards}"


def _care(visit: Visit) -> str:
    of = ("programme", "programme")
    return measure_table.html(
        "Trauma-informed care in the whole programme",
        visit.ask(signals, level=of[0], units=of[1:], measures=measures.TRAUMA_INFORMED),
        coverage.of_unit(visit, *of),
        "measure?measure={measure}",
        partial(traced, *of),
    )
