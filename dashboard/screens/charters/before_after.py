"""Before and after the charter, ward by ward: what was different, not what caused it."""

from functools import partial

import polars as pl
import streamlit as st

from dashboard.charts import before_after
from dashboard.charts.before_after import KEY
from dashboard.charts.figure_links import linked
from dashboard.charts.table import Column, html
from dashboard.page import filters, measures, page
from dashboard.page.figure_reference import FigureReference
from dashboard.page.session import Visit
from dashboard.panels import figure_source
from dashboard.queries.charters import before_and_after_charter
from dashboard.words import titles
from schemas import wording
from schemas.periods import Month

_COLUMNS = (
    Column("name", "Ward", row_header=True),
    Column("time", "When"),
    Column("read", "Average", number=True, markup=True),
    Column("based_on", "Based on", number=True),
)
_ROWS = 15
_MEASURED = (measures.PATIENTS, measures.STAFF, measures.INCIDENTS, measures.CONFIDENT)


def show(visit: Visit) -> None:
    """One measure before and after each ward's charter was put in place."""
    page.section(
        "Before and after the charter",
        "All the months a ward sent before its charter was in place, and all the months since.",
    )
    measure = measures.choose(visit, among=_MEASURED)
    if measure is None:
        return
    code = str(measure["measure"])
    both = visit.keep(_both, measure=code)
    if both.is_empty():
        st.info("No ward has months both before and after its charter yet.")
        return
    shown = filters.places(both.height, _ROWS, "wards")
    drawn = visit.keep(_picture, measure=code, shown=shown)
    figure_source.show_chart(visit, drawn, f"chart_around_{code}")


def _both(visit: Visit, measure: str) -> pl.DataFrame:
    """The wards with months both before and since their charter, in order of name."""
    every = visit.ask(before_and_after_charter, measure=measure)
    least = max(1, measures.least_answers(measures.definition(visit, measure)))
    enough = pl.min_horizontal("denominator_before", "denominator_since") >= least
    present = pl.all_horizontal(pl.col("denominator_before", "denominator_since").is_not_null())
    both = every.filter(present & enough)
    named = pl.format("{} ({})", "ward_name", "trust_code")
    return both.with_columns(ward_name=named).sort("ward_name")


def _picture(visit: Visit, measure: str, shown: range) -> page.Chart:
    about, both = measures.all_of(visit)[measure], visit.keep(_both, measure=measure)
    rows = before_after.rows(both.slice(shown.start, len(shown)), about)
    subjects = _subjects(visit, measure, both)
    title = _title(both, about)
    return page.chart(
        title,
        page.Drawing(
            rows,
            before_after.spec(str(about["unit"])),
            f"{title}. Each line is a ward, in order of name.",
        ),
        table=html(
            f"{about['name']}, before and after the charter",
            _COLUMNS,
            [row | {"read": _read(row, subjects)} for row in rows],
        ),
        figures={key: (subject,) for key, subject in subjects.items()},
        kind="before_after",
        notes=(titles.direction(about),),
    )


def _read(row: dict[str, object], subjects: dict[tuple[str, str], FigureReference]) -> str:
    subject = subjects[str(row["unit"]), str(row["time"])]
    return linked(str(row["read"]), figure_source.address(subject))


def _subjects(
    visit: Visit, measure: str, both: pl.DataFrame
) -> dict[tuple[str, str], FigureReference]:
    """The figure of each ward before its charter was in place and since, by ward and time."""
    first, last = Month.of(visit.facts["first_month"]), Month.of(visit.facts["data_to"])
    found = {}
    for ward, name, began in both.select("ward_id", "ward_name", "began").iter_rows():
        then, of = Month.of(began), partial(FigureReference, "ward", ward, name, measure)
        found[ward, KEY["before"].words] = of(first, then - first)
        found[ward, KEY["since"].words] = of(then, last - then + 1)
    return found


def _title(both: pl.DataFrame, measure: dict[str, object]) -> str:
    before = both["numerator_before"] / both["denominator_before"]
    since = both["numerator_since"] / both["denominator_since"]
    higher, lower = int((since > before).sum()), int((since < before).sum())
    return (
        f"{measure['short_name']}: higher since the charter on {higher}, lower on {lower} of "
        f"{wording.counted(both.height, 'ward')}"
    )
