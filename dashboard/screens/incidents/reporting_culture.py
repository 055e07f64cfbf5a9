"""Reporting culture: feeling safe against what is reported, and wards where little is."""

from html import escape
from urllib.parse import quote

import polars as pl

from dashboard.charts import reporting_culture
from dashboard.charts.figure_links import linked
from dashboard.charts.icon_table import REPORTING
from dashboard.charts.table import Column, html
from dashboard.page import filters, measures, page
from dashboard.page.figure_reference import FigureReference
from dashboard.page.session import Visit
from dashboard.panels import figure_source
from dashboard.queries.organisations import wards
from dashboard.queries.peers import comparisons
from dashboard.queries.returns import reporting
from dashboard.words import alt
from schemas import wording
from schemas.periods import Month

_COLUMNS = (
    Column("ward_name", "Ward", row_header=True),
    Column("trust_name", "Trust"),
    Column("safe_read", "Patients who feel safe", number=True, markup=True),
    Column("reported_read", "Reported incidents", number=True, markup=True),
    Column("reporting", "Returns"),
)
_MEASURED = {"safe_read": measures.PATIENTS, "reported_read": measures.INCIDENTS}
_WARDS, _ROWS = 50, 25
_DOTS = (
    "Wards that closed during the twelve months are included; a ward without both figures has no "
    "dot."
)
_QUIET = (
    Column("ward", "Ward", row_header=True, markup=True),
    Column("trust_name", "Trust"),
    Column("state", "How it reports"),
    Column("months", "Months with a value", number=True),
)


def show(visit: Visit) -> None:
    """The scatter plot of wards, then the wards that report nothing or rarely report.

    Each is left out if a measure it needs is archived.
    """
    known = measures.all_of(visit)
    if measures.INCIDENTS not in known:
        return
    page.section(
        "Reporting culture",
        "More reports can mean that people trust reporting; none at all can mean that they don’t.",
    )
    if measures.PATIENTS in known:
        _scatter(visit)
    quiet = visit.keep(_quiet)
    shown = filters.places(quiet.height, _ROWS, "wards", "quiet")
    page.cached(visit, _seldom, shown=shown)


def _scatter(visit: Visit) -> None:
    rows = visit.keep(_rows)

    def table() -> str:
        shown = filters.places(len(rows), _WARDS, "wards", "culture")
        return visit.keep(_table, shown=shown)

    figure_source.show_chart(visit, visit.keep(_picture), "chart_culture", table)


def _named(visit: Visit) -> dict[str, dict[str, str]]:
    """The name of each ward and of its trust."""
    names = visit.ask(wards).select("ward_id", "ward_name", "trust_name")
    return {row.pop("ward_id"): row for row in names.to_dicts()}


def _compared(visit: Visit) -> list[pl.DataFrame]:
    """How many feel safe in each ward, and how much is reported there."""
    return [visit.ask(comparisons, measure=code) for code in _MEASURED.values()]


def _rows(visit: Visit) -> list[dict[str, object]]:
    return reporting_culture.rows(
        *_compared(visit), {unit: _whole(of) for unit, of in _named(visit).items()}
    )


def _whole(of: dict[str, str]) -> str:
    return f"{of['ward_name']}, {of['trust_name']}"


def _subjects(visit: Visit) -> dict[tuple[str, object], FigureReference]:
    """The figures that dots are drawn from, by measure and ward."""
    named, found = _named(visit), {}
    for row in pl.concat(_compared(visit)).iter_rows(named=True):
        unit, code, first = row["unit_id"], row["measure"], Month.of(row["first_month"])
        about = _whole(named[unit]), code, first, Month.of(row["last_month"]) - first + 1
        found[code, unit] = FigureReference("ward", unit, *about)
    return found


def _figures(visit: Visit) -> dict[tuple[str, ...], tuple[FigureReference, ...]]:
    """The two figures behind each ward's dot."""
    subjects = visit.keep(_subjects)
    return {
        (str(row["unit"]),): tuple(subjects[code, row["unit"]] for code in _MEASURED.values())
        for row in visit.keep(_rows)
    }


def _picture(visit: Visit) -> page.Chart:
    rows = visit.keep(_rows)
    sent = _sent(visit)
    none = sent.filter(pl.col("reported") == 0).height
    title = f"{wording.of_them(none, sent.height, 'ward')} reported no incidents in twelve months"
    return page.chart(
        title,
        page.Drawing(
            rows,
            reporting_culture.spec(),
            alt.culture("all wards over twelve months", *_compared(visit)),
            "" if rows else "No ward has both figures for twelve months yet.",
        ),
        table="",
        kind="culture",
        notes=(_DOTS, "Choose a dot to see where its two figures came from."),
        figures=_figures(visit),
    )


def _table(visit: Visit, shown: range) -> str:
    """One page of the wards; each figure leads to where it came from."""
    subjects, named = visit.keep(_subjects), visit.keep(_named)
    rows = [
        row
        | named[str(row["unit"])]
        | {
            column: linked(str(row[column]), figure_source.address(subjects[code, row["unit"]]))
            for column, code in _MEASURED.items()
        }
        for row in visit.keep(_rows)[shown.start : shown.stop]
    ]
    return html("Feeling safe and reported incidents, in order of trust", _COLUMNS, rows)


def _sent(visit: Visit) -> pl.DataFrame:
    """The wards that sent figures about incidents in the twelve months."""
    every = visit.ask(reporting, measures=(measures.INCIDENTS,))
    return every.filter(pl.col("reported").is_not_null())


def _quiet(visit: Visit) -> pl.DataFrame:
    """The wards that reported none in the twelve months, or rarely report."""
    every = visit.ask(reporting, measures=(measures.INCIDENTS,))
    seldom = pl.col("state").is_in(["partial", "null"])
    return every.filter(seldom | (pl.col("reported") == 0))


def _seldom(visit: Visit, shown: range) -> str:
    rows = visit.keep(_quiet).slice(shown.start, len(shown))
    return html(
        "Wards that reported none, or rarely report: a reason to ask why",
        _QUIET,
        [
            {
                **row,
                "ward": _linked(row),
                "state": _how(row),
                "months": f"{row['months_valid']} of {row['months_expected']}",
            }
            for row in rows.iter_rows(named=True)
        ],
    )


def _how(row: dict[str, object]) -> str:
    """How a ward reports: none at all, or how completely."""
    how = REPORTING[str(row["state"])].words
    if row["reported"] != 0 or row["state"] == "confirmed_nil":
        return how
    return f"Reported none. {how}"


def _linked(row: dict[str, object]) -> str:
    address = f"ward?ward={quote(str(row['ward_id']))}&measure={measures.INCIDENTS}"
    return f'<a href="{escape(address)}" target="_self">{escape(str(row["ward_name"]))}</a>'
