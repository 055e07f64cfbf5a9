"""Engagement: which of the trusts that could take part do, and who to ask next."""

import polars as pl
import streamlit as st

from dashboard.charts import stacked
from dashboard.charts.table import Column, html
from dashboard.exports import tables
from dashboard.page import page, session, url_state
from dashboard.page.session import Visit
from dashboard.queries.engagement import over_time, trusts_now
from dashboard.queries.learning import forums
from dashboard.words import alt
from dashboard.words import engagement as words
from schemas import wording
from schemas.vocabularies import ENGAGEMENT_STAGE

_MONTHS = (
    Column("when", "Month", row_header=True),
    Column("could", "Could take part", number=True),
    *(Column(stage, title, number=True) for stage, title in ENGAGEMENT_STAGE.items()),
    Column("with_charter", "Ever had a charter", number=True),
    Column("attended", "Ever at a forum", number=True),
)
_SHOWN = {"ask": "Those to chase", "every": "Every trust"}
_CHARTER = (
    "In the table, “ever had a charter” counts trusts with one in place on at least one ward by "
    "then, and “ever at a forum” those from which somebody had come."
)


def show() -> None:
    """How many trusts take part, over time and one by one, and a list to download."""
    visit = session.admit("programme")
    trusts = visit.keep(_now, today=visit.today)
    page.open_screen(visit, "Engagement", words.headline(trusts))
    if trusts.is_empty():
        st.info("There is nothing to show until the register or the programme’s list has a trust.")
        return
    page.lead(words.charters_and_forums(trusts, visit.keep(_held, today=visit.today)))
    if not trusts["listed"].any():
        st.info(words.NO_LIST)
    elif missing := words.not_listed(trusts):
        st.info(missing)
    if not visit.ask(over_time, today=visit.today).is_empty():
        page.show(visit.keep(_chart, today=visit.today), "chart_engagement")
    page.section("Trust by trust", "Those to ask first are at the top.")
    shown = url_state.choose("Show", _SHOWN, "show")
    page.cached(visit, _list, today=visit.today, every=shown == "every")
    st.download_button(
        "Download the list (CSV)",
        tables.csv(words.as_list(trusts)),
        f"engagement-{visit.today}.csv",
        "text/csv",
        on_click="ignore",
    )
    page.html(
        '<p><a href="register?look=Files" target="_self">Change the list: invitations.csv, '
        "among the register’s files</a></p>"
        '<p><a href="returns" target="_self">Who to ask for an overdue return, with the '
        "e-mail</a></p>"
    )


def _held(visit: Visit, today: object) -> int:
    return visit.ask(forums).filter(pl.col("day") < visit.today).height


def _now(visit: Visit, today: object) -> pl.DataFrame:
    now = visit.ask(trusts_now, today=visit.today)
    return words.with_next_step(now, visit.today, _held(visit, today))


def _chart(visit: Visit, today: object) -> page.Chart:
    found = visit.ask(over_time, today=visit.today)
    span = found["month"].unique().sort().to_list()
    counts = {
        month: dict(found.filter(month=month).select("stage", "trusts").iter_rows())
        for month in span
    }
    title = words.chart_title(counts[span[-1]], span[-1])
    return page.chart(
        title,
        page.Drawing(
            [row for month in span for row in stacked.engagement_rows(month, counts[month])],
            stacked.engagement(),
            alt.series("trusts that could take part, by how far they have come", span, title),
        ),
        table=html(
            "Trusts that could take part, newest month first",
            _MONTHS,
            [
                {"when": wording.month_of(month), "could": f"{sum(counts[month].values()):,}"}
                | {stage: f"{counts[month].get(stage, 0):,}" for stage in ENGAGEMENT_STAGE}
                | {
                    column: f"{found.filter(month=month)[column].sum():,}"
                    for column in ("with_charter", "attended")
                }
                for month in reversed(span)
            ],
        ),
        kind="engagement",
        notes=(words.COUNTED, _CHARTER),
    )


def _list(visit: Visit, today: object, *, every: bool) -> str:
    trusts = visit.keep(_now, today=visit.today)
    shown = words.as_list(trusts if every else trusts.filter("ask"))
    columns = [Column(name, name, row_header=name == "Trust") for name in shown.columns]
    caption = f"{wording.of_them(shown.height, trusts.height, 'trust')} that could take part today"
    return html(caption, columns, shown.to_dicts())
