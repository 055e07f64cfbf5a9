"""Before and after the charter, ward by ward: what differed, not what caused it."""

import polars as pl
import streamlit as st

from dashboard.charts import before_after
from dashboard.charts.table import Column, html
from dashboard.charts.traced import linked, traced
from dashboard.queries.around_charter import around_charter
from dashboard.views import filters, measures, page
from dashboard.views.visit import Visit
from dashboard.words import direction, phrases
from schemas.periods import Month

_COLUMNS = (
    Column("name", "Ward", row_header=True),
    Column("time", "When"),
    Column("read", "Average", number=True, markup=True),
    Column("made_of", "Made of", number=True),
)
_ROWS = 15


def show(visit: Visit) -> None:
    """One measure before and after each ward's charter came into place."""
    page.section(
        "Before and after the charter",
        "Every month a ward sent before its charter was in place, and every month since.",
    )
    measure = measures.choose(
        visit, among=(measures.PATIENTS, measures.STAFF, measures.INCIDENTS, "SS-P3")
    )
    code = str(measure["measure"])
    both = visit.keep(_both, measure=code)
    if both.is_empty():
        st.info("No ward has months both before and after its charter yet.")
        return
    shown = filters.places(both.height, _ROWS, "wards")
    page.show(visit.keep(_picture, measure=code, shown=shown))


def _both(visit: Visit, measure: str) -> pl.DataFrame:
    """The wards with months before and since their charter, in order of name."""
    every = visit.ask(around_charter, measure=measure)
    both = every.filter((pl.col("denominator_before") > 0) & (pl.col("denominator_since") > 0))
    trust = pl.col("ward_id").str.head(3)
    return both.with_columns(ward_name=pl.format("{} ({})", "ward_name", trust)).sort("ward_name")


def _picture(visit: Visit, measure: str, shown: range) -> page.Picture:
    about, both = measures.all_of(visit)[measure], visit.keep(_both, measure=measure)
    rows = before_after.rows(both.slice(shown.start, len(shown)), about)
    links = _links(visit, measure, both)
    title = _title(both, about)
    return page.picture(
        title,
        rows,
        before_after.spec(str(about["unit"])),
        alt=f"{title}. Each line is a ward, in order of name.",
        table=html(
            f"{about['name']}, before and after the charter",
            _COLUMNS,
            [
                row | {"read": linked(str(row["read"]), links[row["unit"], row["first"]])}
                for row in rows
            ],
        ),
        kind="before_after",
        notes=(direction.sentence(about),),
    )


def _links(visit: Visit, measure: str, both: pl.DataFrame) -> dict[tuple[object, bool], str]:
    """Where the figure of each ward came from, before its charter was in place and since."""
    first, last = Month.of(visit.facts["first_month"]), Month.of(visit.facts["data_to"])
    links = {}
    for ward, began in both.select("ward_id", "began").iter_rows():
        then = Month.of(began)
        links[ward, True] = traced("ward", ward, measure, f"{first}", then - first)
        links[ward, False] = traced("ward", ward, measure, f"{then}", last - then + 1)
    return links


def _title(both: pl.DataFrame, measure: dict[str, object]) -> str:
    before = both["numerator_before"] / both["denominator_before"]
    since = both["numerator_since"] / both["denominator_since"]
    higher, lower = int((since > before).sum()), int((since < before).sum())
    return (
        f"{measure['short_name']}: higher since the charter on {higher}, lower on {lower} of "
        f"{phrases.counted(both.height, 'ward')}"
    )
