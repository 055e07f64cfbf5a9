"""What needs you now: what a trust lead has to do, and what changed on their wards."""

from dataclasses import replace
from datetime import date
from html import escape

import polars as pl

from dashboard.charts.table import Column, html
from dashboard.page import filters, measures, page, session
from dashboard.page.session import Visit
from dashboard.panels import changed_wards, explain_queries, what_helps
from dashboard.queries.change_tests import change_tests
from dashboard.queries.returns import findings, receipts, returns_grid
from dashboard.screens import first_return
from dashboard.screens.returns import returns
from pipelines.keeping.home import open_home
from pipelines.keeping.withdrawal_requests import waiting
from schemas import wording
from schemas.change_tests import state_of

_NEWEST = 6
_TO_SEND = (
    Column("month", "Month", row_header=True, markup=True),
    Column("trust", "Trust"),
    Column("due", "Due"),
    Column("state", "What is needed"),
)

_TESTS = (
    Column("idea", "Idea", row_header=True, markup=True),
    Column("ward", "Ward"),
    Column("ended", "Was to end on"),
)


def show() -> None:
    """Returns to send, queries to explain, tests to conclude, and changes worth a conversation."""
    visit = session.admit("trust")
    grid = visit.ask(returns_grid, today=visit.today)
    to_send = grid.filter(pl.col("state").is_in(["missing", "not_yet_due"]))
    known_on = visit.facts["as_at"] or visit.today
    queries, tests = visit.ask(findings), visit.keep(_to_conclude, today=known_on)
    page.open_screen(visit, "What needs you now", _headline(visit, to_send, queries, tests.height))
    if visit.facts["data_to"] is not None:
        page.html(f"<p>{page.FILES}</p>")
    first_return.show(visit)
    _returns(visit, to_send)
    _queries(visit, queries)
    _tests(tests)
    if not visit.ask(receipts).is_empty():
        _changes(visit)
        _sent(visit)


def _headline(visit: Visit, to_send: pl.DataFrame, queries: pl.DataFrame, tests: int) -> str:
    late = to_send.filter(pl.col("state") == "missing")
    missing, needs = late.height, []
    if missing == 1:
        (row,) = late.iter_rows(named=True)
        needs.append(f"{_which(visit, row)} to send (was due by {wording.day_of(row['due'])})")
    elif missing:
        needs.append(f"{wording.counted(missing, 'overdue return')} to send")
    if to_send.height > missing:
        coming = to_send.filter(pl.col("state") == "not_yet_due")
        first = coming.filter(pl.col("due") == pl.col("due").min())
        which = [_which(visit, row) for row in first.iter_rows(named=True)]
        needs.append(f"{wording.listed(which)} to send by {wording.day_of(first['due'][0])}")
    if queries.height:
        needs.append(f"{wording.counted(queries.height, 'query', 'queries')} to explain")
    if tests:
        needs.append(f"{wording.counted(tests, 'test')} of change to conclude")
    if not needs and visit.ask(receipts).is_empty():
        return "Nothing to send yet: below is what your first return will ask for, and when."
    if not needs:
        return (
            "Nothing needs you now: every return due has arrived, every query has been explained "
            "and no test of change waits for its outcome."
        )
    return f"{wording.starting(wording.listed(needs))}."


def _which(visit: Visit, row: dict[str, object]) -> str:
    """A month to send, with its trust for a person who sends for several."""
    whose = f" for {row['trust_name']}" if visit.scope.has_several else ""
    return f"{wording.month_of(row['month'])}{whose}"


def _returns(visit: Visit, to_send: pl.DataFrame) -> None:
    if to_send.is_empty():
        return
    page.section("Returns to send", "Choose a month to get its workbook and the next steps.")
    rows = [
        {
            "month": _where_to_send(row),
            "trust": row["trust_name"],
            "due": wording.day_of(row["due"]),
            "state": _state(row, visit.today),
        }
        for row in to_send.sort("month", "trust_name").iter_rows(named=True)
    ]
    several = visit.scope.has_several
    columns = [column for column in _TO_SEND if several or column.key != "trust"]
    page.html(html("Months not sent yet", columns, rows))


def _where_to_send(row: dict[str, object]) -> str:
    address = f"send?trust={row['trust_code']}&amp;month={row['month']:%Y-%m}"
    return f'<a href="{address}" target="_self">{wording.month_of(row["month"])}</a>'


def _state(row: dict[str, object], today: date) -> str:
    days = abs((row["due"] - today).days)
    if row["state"] == "missing":
        return f"Send it: {wording.counted(days, 'day')} overdue"
    return f"{wording.counted(days, 'day')} left to send it"


def _queries(visit: Visit, queries: pl.DataFrame) -> None:
    if queries.is_empty():
        explain_queries.show_result()
        return
    page.section(
        "Queries to explain",
        "The figures are shown with a hollow dot until you explain them. Explain as many as you "
        "like and save them together; if a figure is wrong, send the month again instead.",
    )
    explain_queries.form(visit, queries)
    explain_queries.show_result()
    what_helps.show("query")


def _to_conclude(visit: Visit, today: date) -> pl.DataFrame:
    """The tests of change past their planned end without an outcome, the longest overdue first."""
    tests = visit.ask(change_tests)
    late = [state_of(*row, today) == "overdue" for row in tests["outcome", "ends"].iter_rows()]
    return tests.filter(pl.Series(late, dtype=pl.Boolean)).sort("ends")


def _tests(tests: pl.DataFrame) -> None:
    if tests.is_empty():
        return
    page.section("Tests of change to conclude", "Past their planned end: adopt, adapt or abandon?")
    rows = [
        {
            "idea": f'<a href="tests-of-change" target="_self">{escape(str(row["idea"]))}</a>',
            "ward": row["ward_name"],
            "ended": wording.day_of(row["ends"]),
        }
        for row in tests.iter_rows(named=True)
    ]
    page.html(html("Tests of change without an outcome", _TESTS, rows))


def _sent(visit: Visit) -> None:
    page.section(
        "What you sent last",
        "Choose a return to see its receipt, download the file, or ask for it to be withdrawn.",
    )
    number = visit.ask(receipts).height
    shown = filters.places(number, _NEWEST, "returns", "sent")
    page.cached(visit, _newest, shown=shown, asked=visit.keep(_asked))


def _asked(visit: Visit) -> frozenset[str]:
    """The returns that wait to be withdrawn, as read once for each release."""
    if visit.facts["as_at"] is not None:
        return frozenset()
    decisions = open_home(session.home()).archive.decisions()
    return frozenset(each.return_id for each in waiting(decisions).values())


def _newest(visit: Visit, shown: range, asked: frozenset[str]) -> str:
    newest = visit.ask(receipts).slice(shown.start, len(shown))
    rows = [row | {"return_id": _receipt(row)} for row in returns.receipt_rows(newest, asked)]
    several = visit.scope.has_several
    columns = [
        replace(column, markup=column.key == "return_id")
        for column in returns.RECEIPTS
        if several or column.key != "trust_name"
    ]
    return html("Your returns, newest first", columns, rows)


def _receipt(row: dict[str, object]) -> str:
    trust, month, version = str(row["return_id"]).split("/")
    address = f"send?trust={trust}&amp;month={month}&amp;version={version}"
    return f'<a href="{address}" target="_self">{row["return_id"]}</a>'


def _changes(visit: Visit) -> None:
    page.section("Changes on your wards", "Months that would be unlikely by chance alone.")
    changed_wards.table(
        visit, tuple(m for m, about in measures.all_of(visit).items() if about["core"])
    )
