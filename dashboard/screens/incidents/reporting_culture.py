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
from dashboard.panels import figure_source, yardsticks
from dashboard.queries.organisations import wards
from dashboard.queries.peers import comparisons
from dashboard.queries.returns import reporting
from dashboard.words import alt
from dashboard.words import reporting_culture as words
from schemas import wording
from schemas.periods import Month

_MEASURED = {"safe_read": measures.PATIENTS, "reported_read": measures.INCIDENTS}
_FIGURES = (
    Column("safe_read", "Patients who feel safe", number=True, markup=True),
    Column("safe_likely", "Estimate (95% range)", number=True),
    Column("reported_read", "Reported incidents", number=True, markup=True),
    Column("reported_likely", "Estimate per 1,000 bed days (95% range)", number=True),
    Column("beside", "Beside the average"),
)
_COLUMNS = {
    "ward": (
        Column("ward_name", "Ward", row_header=True),
        Column("trust_name", "Trust"),
        *_FIGURES,
    ),
    "trust": (Column("trust_name", "Trust", row_header=True), *_FIGURES),
}
_WARDS, _ROWS = 50, 25
_DOTS = (
    "Wards that closed during the twelve months are included; a ward without both figures has no "
    "dot."
)
_CHOOSE = "Choose a dot to see where its two figures came from."
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
        for level in _COLUMNS:
            _scatter(visit, level)
        yardsticks.of_programme(visit)
    quiet = visit.keep(_quiet)
    shown = filters.places(quiet.height, _ROWS, "wards", "quiet")
    page.cached(visit, _seldom, shown=shown)


def _scatter(visit: Visit, level: str) -> None:
    rows = visit.keep(_rows, level=level)
    key = "culture" if level == "ward" else f"culture_{level}s"

    def table() -> str:
        shown = filters.places(len(rows), _WARDS, f"{level}s", key)
        return visit.keep(_table, level=level, shown=shown)

    figure_source.show_chart(visit, visit.keep(_picture, level=level), f"chart_{key}", table)


def _named(visit: Visit, level: str) -> dict[str, dict[str, str]]:
    """The name of each ward and of its trust, or of each trust."""
    code, names = f"{level}_id" if level == "ward" else "trust_code", ["trust_name"]
    known = visit.ask(wards)
    if level == "ward":
        names = ["ward_name", *names]
    known = known.select(code, *names).unique(code).drop_nulls()
    return {row.pop(code): row for row in known.to_dicts()}


def _compared(visit: Visit, level: str) -> list[pl.DataFrame]:
    """How many feel safe in each ward or trust, and how much is reported there."""
    codes = _MEASURED.values()
    named = list(visit.keep(_named, level=level))
    return [
        visit.ask(comparisons, measure=code, level=level).filter(pl.col("unit_id").is_in(named))
        for code in codes
    ]


def _levels(visit: Visit, level: str) -> pl.DataFrame:
    return words.levels(*_compared(visit, level))


def _rows(visit: Visit, level: str) -> list[dict[str, object]]:
    return reporting_culture.rows(visit.keep(_levels, level=level), _names(visit, level))


def _names(visit: Visit, level: str) -> dict[str, str]:
    return {unit: ", ".join(of.values()) for unit, of in visit.keep(_named, level=level).items()}


def _subjects(visit: Visit, level: str) -> dict[tuple[str, object], FigureReference]:
    """The figures that dots are drawn from, by measure and unit."""
    names, found = _names(visit, level), {}
    for row in pl.concat(_compared(visit, level)).iter_rows(named=True):
        unit, code, first = row["unit_id"], row["measure"], Month.of(row["first_month"])
        about = names[unit], code, first, Month.of(row["last_month"]) - first + 1
        found[code, unit] = FigureReference(level, unit, *about)
    return found


def _figures(visit: Visit, level: str) -> dict[tuple[str, ...], tuple[FigureReference, ...]]:
    """The two figures behind each dot."""
    subjects = visit.keep(_subjects, level=level)
    return {
        (str(row["unit"]),): tuple(subjects[code, row["unit"]] for code in _MEASURED.values())
        for row in visit.keep(_rows, level=level)
    }


def _picture(visit: Visit, level: str) -> page.Chart:
    rows, found = visit.keep(_rows, level=level), visit.keep(_levels, level=level)
    notes = [words.sentence(found, _names(visit, level), level)]
    if level == "ward":
        sent = _sent(visit)
        none = sent.filter(pl.col("reported") == 0).height
        total = wording.of_them(none, sent.height, "ward")
        none_at_all = f"{total} reported no incidents in twelve months."
        notes += [words.HOW, none_at_all, _DOTS, _CHOOSE]
    return page.chart(
        words.title(found, level),
        page.Drawing(
            rows,
            reporting_culture.spec(level.capitalize()),
            alt.culture(found, level),
            "" if rows else f"No {level} has both figures for twelve months yet.",
        ),
        table="",
        kind="culture",
        notes=notes,
        figures=_figures(visit, level),
    )


def _table(visit: Visit, level: str, shown: range) -> str:
    """One page of the wards or trusts; each figure leads to where it came from."""
    subjects, named = visit.keep(_subjects, level=level), visit.keep(_named, level=level)
    rows = [
        row
        | named[str(row["unit"])]
        | {
            column: linked(str(row[column]), figure_source.address(subjects[code, row["unit"]]))
            for column, code in _MEASURED.items()
        }
        for row in visit.keep(_rows, level=level)[shown.start : shown.stop]
    ]
    caption = f"Feeling safe and reported incidents by {level}, in order of trust"
    return html(caption, _COLUMNS[level], rows)


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
