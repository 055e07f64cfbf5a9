"""Incidents: what is reported, of what kind, who is affected, and where little is reported."""

from datetime import date

import polars as pl

from dashboard import numbers
from dashboard.charts import stacked
from dashboard.charts.figure_links import linked, traced
from dashboard.charts.table import Column, html
from dashboard.page import measures, page, session
from dashboard.page.figure_reference import FigureReference
from dashboard.page.session import Visit
from dashboard.panels import figure_source, process_chart, staff_alleged, who_by_whom
from dashboard.queries.series import observed
from dashboard.queries.windows import twelve_months
from dashboard.screens.incidents import reporting_culture
from dashboard.words import alt, headlines
from schemas import wording
from schemas.periods import Month

PROGRAMME, _WHOLE, _MONTHS = "programme", "the whole programme", 12
_MONTH = Column("when", "Month", row_header=True)
_YEAR = (
    Column("name", "What", row_header=True, markup=True),
    Column("count", "Reported", number=True),
    Column("read", "Rate or share", number=True, markup=True),
    Column("based_on", "Based on", number=True),
)


def show() -> None:
    """Reported incidents of the whole programme, without judging a rise or a fall."""
    visit = session.admit("programme")
    last = visit.facts["data_to"]
    if last is None:
        page.open_screen(visit, "Incidents", "No return has been received yet.")
        page.nothing_yet(
            visit,
            "how many incidents are reported and of what kind, who is affected, what followed, and "
            "where little is reported",
        )
        return
    page.open_screen(visit, "Incidents", visit.keep(_headline, last=last))
    for measure in measures.in_use(visit, (measures.INCIDENTS,)):
        process_chart.alone(visit, measure)
    page.section("By category", "The categories in the collaborative’s own definitions.")
    if measures.in_use(visit, measures.CATEGORIES):
        figure_source.show_chart(visit, visit.keep(_kinds), "chart_kinds")
    page.section(
        "People affected, and what followed",
        "One incident can affect more than one person. Wards that do not send these figures are "
        "not included.",
    )
    page.cached(visit, _affected, last=last)
    reporting_culture.show(visit)
    who_by_whom.of_programme(visit, last)
    staff_alleged.of_programme(visit, last)


def _headline(visit: Visit, last: date) -> str:
    every, kinds = (measures.INCIDENTS,), measures.CATEGORIES
    shown = measures.in_use(visit, every), measures.in_use(visit, kinds)
    return headlines.incidents(_year(visit, (*every, *kinds), last), *shown, last)


def _year(visit: Visit, ids: tuple[str, ...], last: date) -> dict[str, dict[str, object]]:
    year = {}
    for every, together in _by_window(visit, ids).items():
        sums = visit.ask(
            twelve_months, level="programme", measures=together, last=last, every=every
        )
        year |= {row["measure"]: row for row in sums.iter_rows(named=True)}
    return year


def _by_window(visit: Visit, ids: tuple[str, ...]) -> dict[int, tuple[str, ...]]:
    """The measures by how many months one of their figures covers."""
    found: dict[int, tuple[str, ...]] = {}
    for about in measures.definitions(visit):
        if about.id in ids:
            months = about.rolling_months
            found[months] = (*found.get(months, ()), about.id)
    return found


def _kinds(visit: Visit) -> page.Chart:
    kinds = measures.in_use(visit, measures.CATEGORIES)
    ids = tuple(str(kind["measure"]) for kind in kinds)
    seen = visit.ask(observed, level="programme", measures=ids, units=("programme",))
    rows = stacked.incident_category_rows(seen, kinds)
    names = tuple(str(kind["short_name"]) for kind in kinds)
    months = seen["month"].unique().sort().to_list()
    counted = {
        name: sum(row["high"] - row["low"] for row in rows if row["part"] == name) for name in names
    }
    most = max(counted, key=counted.__getitem__)
    times = (
        f"{numbers.whole(counted[most])} times since {wording.month_of(visit.facts['first_month'])}"
    )
    ending = f"{most} is reported most often, {times}"
    return page.chart(
        ending,
        page.Drawing(
            rows,
            stacked.incident_categories(names),
            alt.series("reported incidents by category", months, ending),
        ),
        table=html("Reported incidents by category", *_by_month(seen, kinds)),
        kind="incidents",
        figures=_figures(rows, {str(kind["short_name"]): str(kind["measure"]) for kind in kinds}),
    )


def _figures(
    rows: list[dict[str, object]], codes: dict[str, str]
) -> dict[tuple[str, ...], tuple[FigureReference, ...]]:
    """The figure behind each part of a bar, by its month and category."""
    found = {}
    for row in rows:
        month, part = str(row["month"]), str(row["part"])
        about = FigureReference(PROGRAMME, PROGRAMME, _WHOLE, codes[part], Month.parse(month[:7]))
        found[month, part] = (about,)
    return found


def _by_month(
    seen: pl.DataFrame, kinds: list[dict[str, object]]
) -> tuple[list[Column], list[dict[str, object]]]:
    columns = [
        _MONTH,
        *(Column(k["measure"], k["short_name"], number=True, markup=True) for k in kinds),
    ]
    found = {(row["month"], row["measure"]): row for row in seen.iter_rows(named=True)}
    rows = [
        {
            "when": wording.month_of(month),
            **{k["measure"]: _count(found.get((month, k["measure"]))) for k in kinds},
        }
        for month in seen["month"].unique().sort(descending=True)
    ]
    return columns, rows


def _count(row: dict[str, object] | None) -> str:
    if row is None or row["numerator"] is None:
        return numbers.STATES.get(row["state"], "No data") if row else "No data"
    link = traced(PROGRAMME, PROGRAMME, str(row["measure"]), f"{row['month']:%Y-%m}")
    return linked(numbers.whole(row["numerator"]), link)


def _affected(visit: Visit, last: date) -> str:
    year = _year(visit, measures.AFTER_INCIDENTS, last)
    rows = []
    for measure in measures.in_use(visit, measures.AFTER_INCIDENTS):
        sums = year.get(str(measure["measure"]))
        name = linked(str(measure["name"]), f"measure?measure={measure['measure']}")
        if not sums or not sums["denominator"]:
            rows.append({"name": name})
            continue
        value = sums["numerator"] / sums["denominator"] * measure["multiplier"]
        unit = str(measure["unit"])
        rows.append(
            {
                "name": name,
                "count": numbers.whole(sums["numerator"]),
                "read": linked(numbers.with_unit(value, unit), _source(measure, last)),
                "based_on": numbers.out_of(sums["numerator"], sums["denominator"], unit),
            }
        )
    return html(f"Twelve months to {wording.month_of(last)}", _YEAR, rows)


def _source(measure: dict[str, object], last: date) -> str:
    first = Month.of(last) + -(_MONTHS - 1)
    return traced(PROGRAMME, PROGRAMME, str(measure["measure"]), f"{first}", _MONTHS)
