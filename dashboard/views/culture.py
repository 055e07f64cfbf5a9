"""Reporting culture: feeling safe against what is reported, and wards where little is."""

from html import escape
from urllib.parse import quote

import polars as pl

from dashboard.charts import culture
from dashboard.charts.icon_table import REPORTING
from dashboard.charts.table import Column, html
from dashboard.queries.comparisons import comparisons
from dashboard.queries.reporting import reporting
from dashboard.queries.wards import wards
from dashboard.views import filters, measures, page
from dashboard.views.door import Visit
from dashboard.words import phrases

_COLUMNS = (
    Column("name", "Ward", row_header=True),
    Column("safe_read", "Patients who feel safe", number=True),
    Column("reported_read", "Reported incidents", number=True),
    Column("reporting", "Returns"),
)
_ROWS = 25
_QUIET = (
    Column("ward", "Ward", row_header=True, markup=True),
    Column("trust_name", "Trust"),
    Column("state", "How it reports"),
    Column("months", "Months with a value", number=True),
)


def show(visit: Visit) -> None:
    """The scatter of wards, then the wards that report nothing or seldom."""
    page.section(
        "Reporting culture",
        "More reports can mean that people trust reporting; none at all can mean that they don’t.",
    )
    page.show(visit.keep(_picture))
    quiet = visit.keep(_quiet)
    shown = filters.places(quiet.height, _ROWS, "wards", "quiet")
    page.part(visit, _seldom, shown=shown)


def _picture(visit: Visit) -> page.Picture:
    safe = visit.ask(comparisons, measure=measures.PATIENTS)
    reported = visit.ask(comparisons, measure=measures.INCIDENTS)
    names = {
        row["ward_id"]: f"{row['ward_name']}, {row['trust_name']}"
        for row in visit.ask(wards).iter_rows(named=True)
    }
    rows = culture.rows(safe, reported, names)
    none = sum(row["reporting"] == "Always nil" for row in rows)
    title = f"{phrases.of_them(none, len(rows), 'ward')} reported none in twelve months"
    return page.picture(
        title,
        rows,
        culture.spec(),
        alt=f"Scatter chart of {phrases.counted(len(rows), 'ward')}: patients who feel safe, "
        f"up, against the rate of reported incidents, across, over twelve months. {title}.",
        table=html("Feeling safe and reported incidents, in order of ward", _COLUMNS, rows),
        kind="culture",
    )


def _quiet(visit: Visit) -> pl.DataFrame:
    """The wards that always report none, or seldom report."""
    return visit.ask(reporting, measures=(measures.INCIDENTS,)).filter(
        pl.col("state").is_in(["confirmed_nil", "partial", "null"])
    )


def _seldom(visit: Visit, shown: range) -> str:
    rows = visit.keep(_quiet).slice(shown.start, len(shown))
    return html(
        "Wards that always report none, or seldom report: a reason to ask",
        _QUIET,
        [
            {
                **row,
                "ward": _linked(row),
                "state": REPORTING[row["state"]],
                "months": f"{row['months_valid']} of {row['months_expected']}",
            }
            for row in rows.iter_rows(named=True)
        ],
    )


def _linked(row: dict[str, object]) -> str:
    address = f"ward?ward={quote(str(row['ward_id']))}&measure={measures.INCIDENTS}"
    return f'<a href="{escape(address)}" target="_self">{escape(str(row["ward_name"]))}</a>'
