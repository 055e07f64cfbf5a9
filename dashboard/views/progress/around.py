"""Before and after the charter, ward by ward: what differed, not what caused it."""

import polars as pl
import streamlit as st

from dashboard.charts import before_after
from dashboard.charts.table import Column, html
from dashboard.queries.around_charter import around_charter
from dashboard.views import filters, measures, page
from dashboard.views.door import Visit
from dashboard.words import direction, phrases

_COLUMNS = (
    Column("name", "Ward", row_header=True),
    Column("time", "When"),
    Column("read", "Average", number=True),
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
    both = visit.ask(around_charter, measure=measure["measure"]).filter(
        (pl.col("denominator_before") > 0) & (pl.col("denominator_since") > 0)
    )
    if both.is_empty():
        st.info("No ward has months both before and after its charter yet.")
        return
    named = both.with_columns(
        ward_name=pl.format("{} ({})", "ward_name", pl.col("ward_id").str.head(3))
    )
    rows = before_after.rows(filters.paged(named.sort("ward_name"), _ROWS, "wards"), measure)
    page.show(
        page.picture(
            _title(both, measure),
            rows,
            before_after.spec(str(measure["unit"])),
            alt=f"{_title(both, measure)}. Each line is a ward, in order of name.",
            table=html(f"{measure['name']}, before and after the charter", _COLUMNS, rows),
            kind="before_after",
            notes=(direction.sentence(measure),),
        )
    )


def _title(both: pl.DataFrame, measure: dict[str, object]) -> str:
    before = both["numerator_before"] / both["denominator_before"]
    since = both["numerator_since"] / both["denominator_since"]
    higher, lower = int((since > before).sum()), int((since < before).sum())
    return (
        f"{measure['short_name']}: higher since the charter on {higher}, lower on {lower} of "
        f"{phrases.counted(both.height, 'ward')}"
    )
