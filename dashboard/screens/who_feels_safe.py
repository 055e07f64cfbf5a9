"""Who feels safe by group, where the programme asks for it and enough people answered."""

import polars as pl
import streamlit as st

from dashboard.charts import by_category as charts
from dashboard.charts.table import Column, html
from dashboard.exports import tables
from dashboard.page import page, session, url_state
from dashboard.queries.breakdowns import by_category
from dashboard.words import alt
from dashboard.words import breakdowns as words

_TITLE = "Who feels safe"


def show() -> None:
    """A breakdown in a quarter of the programme, or in a year of a trust, and a file of all."""
    visit = session.admit("programme", "trust")
    found = visit.ask(by_category, level="programme" if visit.scope.sees_everything else "trust")
    asked = [each.name for each in session.programme().breakdowns]
    found = found.filter(pl.col("breakdown").is_in(asked))
    if found.is_empty():
        page.open_screen(visit, _TITLE, words.NOTHING_YET)
        return
    head = st.container()
    rows = _chosen(found, asked)
    with head:
        page.open_screen(visit, _TITLE, words.headline(rows))
    page.show(_chart(rows), "chart_by_category")
    page.lead(words.known_on(rows))
    st.download_button(
        "Download every period (CSV)",
        tables.csv(words.as_file(found)),
        f"who-feels-safe-{visit.today}.csv",
        "text/csv",
        on_click="ignore",
    )


def _chosen(found: pl.DataFrame, asked: list[str]) -> pl.DataFrame:
    """The rows of the trust, breakdown and window that a person chose; the newest at first."""
    places = st.columns(3)
    trusts = dict(found.select("unit_id", "trust_name").unique(maintain_order=True).iter_rows())
    if len(trusts) > 1:
        with places[2]:
            trust = url_state.choose("Trust", trusts, "trust")
        found = found.filter(unit_id=trust)
    there = set(found["breakdown"])
    with places[0]:
        names = {name: name for name in asked if name in there}
        found = found.filter(breakdown=url_state.choose("By", names, "by"))
    windows = found.partition_by("first_month", maintain_order=True)
    with places[1]:
        spans = {f"{rows['first_month'][0]:%Y-%m}": words.span(rows) for rows in windows}
        chosen = url_state.choose("Months", spans, "from")
    return windows[list(spans).index(chosen)]


def _chart(rows: pl.DataFrame) -> page.Chart:
    title = words.title(rows)
    table = words.as_table(rows)
    columns = [Column(name, name, row_header=not n) for n, name in enumerate(table.columns)]
    categories = words.read(rows)
    nothing = "" if any(row["v"] is not None for row in categories) else f"{title}."
    return page.chart(
        title,
        page.Drawing(
            charts.rows(categories, words.everybody(rows)),
            charts.spec(),
            alt.by_category(rows, title),
            nothing,
        ),
        table=html(f"Patients who feel safe, {words.span(rows)}", columns, table.to_dicts()),
        kind="by_category",
        notes=(words.NOTES,),
    )
