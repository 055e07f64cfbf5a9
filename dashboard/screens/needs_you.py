"""What needs you now: what a trust lead has to do, and what changed on their wards."""

from dataclasses import replace
from datetime import date

import polars as pl

from dashboard.charts.table import Column, html
from dashboard.page import measures, page, session
from dashboard.page.session import Visit
from dashboard.panels import changed_wards, explain_queries
from dashboard.queries.returns import findings, receipts, returns_grid
from dashboard.screens.returns import returns
from schemas import wording

_NEWEST = 6
_TO_SEND = (
    Column("month", "Month", row_header=True, markup=True),
    Column("due", "Due"),
    Column("state", "What is needed"),
)


def show() -> None:
    """Returns to send, queries to answer, and changes worth a conversation."""
    visit = session.admit("trust")
    grid = visit.ask(returns_grid, today=visit.today)
    to_send = grid.filter(pl.col("state").is_in(["missing", "not_yet_due"]))
    asked = visit.ask(findings)
    page.headline(visit, "What needs you now", _answer(to_send, asked))
    _returns(to_send, visit.today)
    _queries(visit, asked)
    _changes(visit)
    _sent(visit)


def _answer(to_send: pl.DataFrame, asked: pl.DataFrame) -> str:
    late = to_send.filter(pl.col("state") == "missing")
    missing, needs = late.height, []
    if missing == 1:
        (row,) = late.iter_rows(named=True)
        needs.append(
            f"{wording.month_of(row['month'])} to send, due since {wording.day_of(row['due'])}"
        )
    elif missing:
        needs.append(f"{wording.counted(missing, 'return')} to send, past the due day")
    if to_send.height > missing:
        coming = to_send.filter(pl.col("state") == "not_yet_due").sort("month").row(0, named=True)
        needs.append(f"{wording.month_of(coming['month'])}, due by {wording.day_of(coming['due'])}")
    if asked.height:
        needs.append(f"{wording.counted(asked.height, 'query', 'queries')} to answer")
    if not needs:
        return "Nothing needs you now: every return due is here and every query has an answer."
    return f"{wording.starting(wording.listed(needs))}."


def _returns(to_send: pl.DataFrame, today: date) -> None:
    if to_send.is_empty():
        return
    page.section("Returns to send", "Choose a month: its workbook and the next steps are there.")
    rows = [
        {
            "month": _where_to_send(row),
            "due": wording.day_of(row["due"]),
            "state": _state(row, today),
        }
        for row in to_send.sort("month").iter_rows(named=True)
    ]
    page.html(html("Months not sent yet", _TO_SEND, rows))


def _where_to_send(row: dict[str, object]) -> str:
    address = f"send?trust={row['trust_code']}&amp;month={row['month']:%Y-%m}"
    return f'<a href="{address}" target="_self">{wording.month_of(row["month"])}</a>'


def _state(row: dict[str, object], today: date) -> str:
    days = abs((row["due"] - today).days)
    if row["state"] == "missing":
        return f"Send it: {wording.counted(days, 'day')} past its due day"
    return f"{wording.counted(days, 'day')} left to send it"


def _queries(visit: Visit, asked: pl.DataFrame) -> None:
    explain_queries.show_result()
    if asked.is_empty():
        return
    page.section(
        "Queries to answer",
        "The figures stay in, with a hollow dot, until you answer. Answer as many as you like and "
        "save them together; if a figure is wrong, send the month again instead.",
    )
    explain_queries.form(visit, asked)


def _sent(visit: Visit) -> None:
    page.section("What you sent last", "Choose a return to see its receipt, print it or keep it.")
    page.cached(visit, _newest)


def _newest(visit: Visit) -> str:
    rows = [
        row | {"return_id": _receipt(row)}
        for row in returns.receipt_rows(visit.ask(receipts).head(_NEWEST))
    ]
    several = len(visit.scope.trusts) > 1
    columns = [
        replace(column, markup=column.key == "return_id")
        for column in returns.RECEIPTS
        if several or column.key != "trust_name"
    ]
    return html("Your newest returns", columns, rows)


def _receipt(row: dict[str, object]) -> str:
    trust, month, version = str(row["return_id"]).split("/")
    address = f"send?trust={trust}&amp;month={month}&amp;version={version}"
    return f'<a href="{address}" target="_self">{row["return_id"]}</a>'


def _changes(visit: Visit) -> None:
    page.section("Changes on your wards", "Months that chance alone would seldom bring.")
    changed_wards.table(
        visit, tuple(m for m, about in measures.all_of(visit).items() if about["core"])
    )
