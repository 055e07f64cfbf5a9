"""Returns: who has sent what, what is missing, and which queries are not explained."""

import polars as pl
import streamlit as st

from dashboard.charts import returns_grid as grid_chart
from dashboard.charts.table import Column, html
from dashboard.page import filters, page, session, url_state
from dashboard.page.session import Visit
from dashboard.panels import explain_queries
from dashboard.queries.groups import returns_of
from dashboard.queries.organisations import wards
from dashboard.queries.returns import findings, receipts, returns_grid
from dashboard.screens.returns import chase_list, history, reopen, requests, undo, withdraw
from dashboard.words import headlines
from pipelines.keeping.damaged import sentence
from pipelines.keeping.home import open_home
from schemas import wording
from schemas.periods import Month

_LATE = (
    Column("trust_name", "Trust", row_header=True),
    Column("month", "Month"),
    Column("due", "Was due"),
    Column("received", "Received"),
)
_EXPLAINED = (
    Column("whose", "Ward", row_header=True),
    Column("place", "Where"),
    Column("message", "Query"),
    Column("answer", "Explanation"),
    Column("by", "Explained by"),
)
RECEIPTS = (
    Column("return_id", "Return", row_header=True, whole=True),
    Column("trust_name", "Trust"),
    Column("received", "Received"),
    Column("received_by", "From"),
    Column("status", "Status"),
    Column("rows", "Rows", number=True),
    Column("open", "Queries to explain", number=True),
)
STATUS = {
    "active": "In use",
    "superseded": "Replaced by a newer version",
    "withdrawn": "Withdrawn",
}
_ASKED = ", withdrawal asked for"
SHOWN = 50
_MONTHS = 12
_CHASED = "returns?look=Chase%20list"
_RECEIVED = "returns?look=Receipts&of={trust}"
_LEADS = {
    "received": _RECEIVED,
    "late": _RECEIVED,
    "missing": _CHASED,
    "trust": "trust?trust={trust}",
}
_KEPT = "Every version of every return is kept; the newest one not withdrawn counts."
_YEAR, _EVERY = "year", "every"
_SEVERAL = {_YEAR: _MONTHS, _EVERY: None}  # how many months each choice shows; None for all
_OF_GROUPS = ("Month by month", "Chase list", "Queries")  # what can be narrowed to a group
LOOKS = (
    "Month by month",
    "Chase list",
    "Queries",
    "Receipts",
    "Withdraw or reopen",
    "History",
)


def show() -> None:
    """The state of every return of the programme, and what the team can do about it."""
    visit = session.admit("programme")
    heading = st.container()
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    look = left.segmented_control(
        "View", LOOKS, default=LOOKS[0], key="look", bind="query-params", required=True
    )
    group = None
    if look in _OF_GROUPS:
        with right:
            group = filters.group(visit)
    with heading:
        page.open_screen(visit, "Returns", visit.keep(_headline, group=group))
        requests.mention(visit)
        if damaged := visit.keep(_damaged):
            st.warning(damaged)
    if look == "Chase list":
        chase_list.show(visit, visit.keep(_grid_of, group=group))
    elif look == "Queries":
        _findings(visit, group)
    elif look == "Receipts":
        _every_receipt(visit)
    elif look == "Withdraw or reopen":
        page.only_today(visit)
        requests.show(visit)
        withdraw.show(visit)
        reopen.show(visit)
        undo.show(visit)
    elif look == "History":
        history.show(visit)
    else:
        _month_by_month(visit, group)
        late = visit.keep(_came_late, group=group)
        page.section(
            "Late returns", f"{wording.counted(late.height, 'return')} came after the due date."
        )
        shown = filters.places(late.height, SHOWN, "returns", "late")
        page.cached(visit, _late, shown=shown, group=group)


def _grid_of(visit: Visit, group: str | None) -> pl.DataFrame:
    """The months of every trust, or those in which a trust has wards in a group."""
    if group is None:
        return visit.ask(returns_grid, today=visit.today)
    return visit.ask(returns_of, group=group, today=visit.today)


def _headline(visit: Visit, group: str | None) -> str:
    return headlines.returns(visit.keep(_grid_of, group=group), visit.facts["data_to"])


def _damaged(visit: Visit) -> str:
    found = open_home(session.home()).archive.entries().damaged
    return sentence(found) if found else ""


def _month_by_month(visit: Visit, group: str | None) -> None:
    """Trusts down, months across, in order of trust; or one month. Long lists are paged."""
    page.section("Month by month")
    left, right = st.columns(2)
    with left:
        months = url_state.choose("Months", visit.keep(_offered), "month")
    with right:
        shown = filters.places(len(visit.keep(_trusts, group=group)), SHOWN, "trusts")
    if months not in _SEVERAL:
        page.cached(visit, _of_month, shown=shown, month=months, group=group)
        return
    page.cached(visit, _grid, shown=shown, last=_SEVERAL[months], group=group)
    page.caveat("returns")


def _offered(visit: Visit) -> dict[str, str]:
    """The months that can be looked at: several together, or one of them, the newest first."""
    months = visit.ask(returns_grid, today=visit.today)["month"].unique().sort(descending=True)
    several = {_YEAR: f"The last {_MONTHS}", _EVERY: "Every month"}
    return several | {f"{month:%Y-%m}": wording.month_of(month) for month in months}


def _trusts(visit: Visit, group: str | None) -> list[str]:
    grid = visit.keep(_grid_of, group=group)
    return grid["trust_code"].unique(maintain_order=True).to_list()


def _grid(visit: Visit, shown: range, last: int | None, group: str | None) -> str:
    trusts = visit.keep(_trusts, group=group)[shown.start : shown.stop]
    grid = visit.keep(_grid_of, group=group)
    rows = grid_chart.rows(grid.filter(pl.col("trust_code").is_in(trusts)), _LEADS, last)
    return grid_chart.html("Returns by trust and month", rows, "returns?month={month}")


def _of_month(visit: Visit, shown: range, month: str, group: str | None) -> str:
    trusts = visit.keep(_trusts, group=group)[shown.start : shown.stop]
    grid, day = visit.keep(_grid_of, group=group), Month.parse(month).first_day
    grid = grid.filter(pl.col("trust_code").is_in(trusts), pl.col("month") == day)
    return grid_chart.of_month(f"Returns for {wording.month_of(day)}, in order of trust", grid)


def _findings(visit: Visit, group: str | None) -> None:
    waiting = _of_trusts_in(visit, visit.ask(findings), group)
    page.section(
        "Queries to explain",
        f"{wording.counted(waiting.height, 'query', 'queries')} about returns in use. The figures "
        "are shown with a hollow dot until someone explains them. Trusts explain theirs on “What "
        "needs you now”; what you write here is saved as your explanation.",
    )
    if waiting.height:
        trusts = dict(waiting.select("trust_code", "trust_name").unique().sort("trust_name").rows())
        trust = url_state.choose("Trust", {_EVERY: "Every trust", **trusts}, "asked")
        explain_queries.form(
            visit, waiting if trust == _EVERY else waiting.filter(pl.col("trust_code") == trust)
        )
    explain_queries.show_result()
    explained = visit.keep(_explained, group=group)
    page.section(
        "Explanations",
        f"{wording.counted(explained.height, 'query', 'queries')} about returns in use "
        f"{'has' if explained.height == 1 else 'have'} an explanation.",
    )
    shown = filters.places(explained.height, SHOWN, "explanations")
    page.cached(visit, _explanations, shown=shown, group=group)


def _explained(visit: Visit, group: str | None) -> pl.DataFrame:
    every = visit.ask(findings, open_only=False).filter(pl.col("answer").is_not_null())
    return _of_trusts_in(visit, every, group)


def _of_trusts_in(visit: Visit, rows: pl.DataFrame, group: str | None) -> pl.DataFrame:
    """The rows about trusts that have wards in a group now; all of them without a group."""
    if group is None:
        return rows
    now = visit.ask(wards, group=group)["trust_code"].unique()
    return rows.filter(pl.col("trust_code").is_in(now.implode()))


def _explanations(visit: Visit, shown: range, group: str | None) -> str:
    explained = visit.keep(_explained, group=group).slice(shown.start, len(shown))
    rows = [_finding(row) for row in explained.iter_rows(named=True)]
    return html("Explanations, newest month first", _EXPLAINED, rows)


def _finding(row: dict[str, object]) -> dict[str, object]:
    place = ", ".join(str(row[k]) for k in ("sheet", "cell") if row[k]) or "the whole file"
    by = f"{row['answered_by']}, {wording.moment(row['answered_at'])}" if row["answer"] else None
    return {
        **row,
        "whose": f"{row['ward_name'] or 'The whole return'}, {row['trust_name']}",
        "place": f"{wording.month_of(row['month'])}: {place}",
        "by": by,
    }


def _came_late(visit: Visit, group: str | None) -> pl.DataFrame:
    months = visit.keep(_grid_of, group=group)
    return months.filter(pl.col("state") == "late").sort("month", descending=True)


def _late(visit: Visit, shown: range, group: str | None) -> str:
    late = visit.keep(_came_late, group=group).slice(shown.start, len(shown))
    rows = [
        {
            "trust_name": row["trust_name"],
            "month": wording.month_of(row["month"]),
            "due": wording.day_of(row["due"]),
            "received": wording.moment(row["received_at"]) if row["received_at"] else None,
        }
        for row in late.iter_rows(named=True)
    ]
    return html("Newest month first", _LATE, rows)


def _every_receipt(visit: Visit) -> None:
    """The receipts of every trust, or of one that is chosen."""
    page.section("Receipts", _KEPT)
    trusts = visit.ask(receipts).select("trust_code", "trust_name").unique().sort("trust_name")
    of = url_state.choose("Trust", {_EVERY: "Every trust", **dict(trusts.iter_rows())}, "of")
    trust = None if of == _EVERY else of
    shown = filters.places(visit.ask(receipts, trust=trust).height, SHOWN, "receipts", "receipts")
    page.cached(visit, _receipts, trust=trust, shown=shown)


def _receipts(visit: Visit, trust: str | None, shown: range) -> str:
    every = visit.ask(receipts, trust=trust).slice(shown.start, len(shown))
    return html("Receipts, newest first", RECEIPTS, receipt_rows(every))


def receipt_rows(
    some: pl.DataFrame, asked: frozenset[str] = frozenset()
) -> list[dict[str, object]]:
    """Receipts as rows of a table; those `asked` are waiting to be withdrawn."""
    return [
        {
            **row,
            "received": wording.moment(row["received_at"]),
            "status": STATUS[row["status"]] + _ASKED * (row["return_id"] in asked),
            "open": f"{row['queries_open']:,}",
            "rows": f"{row['rows']:,}",
        }
        for row in some.iter_rows(named=True)
    ]
