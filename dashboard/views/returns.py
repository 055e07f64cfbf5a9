"""Returns: who has sent what, what is missing, and which queries have no answer."""

import polars as pl

from dashboard.charts.table import Column, html
from dashboard.queries.findings import findings
from dashboard.queries.receipts import receipts
from dashboard.queries.returns_grid import returns_grid
from dashboard.views import door, page, returns_chart
from dashboard.views.door import Visit
from dashboard.words import answers, phrases

_MISSING = (
    Column("trust", "Trust", row_header=True),
    Column("months", "Missing"),
    Column("since", "Due since"),
)
_LATE = (
    Column("trust_name", "Trust", row_header=True),
    Column("month", "Month"),
    Column("due", "Was due"),
    Column("received", "Received"),
)
_FINDINGS = (
    Column("trust_name", "Trust", row_header=True),
    Column("ward_name", "Ward"),
    Column("month", "Month"),
    Column("place", "Where"),
    Column("message", "What we asked"),
)
RECEIPTS = (
    Column("return_id", "Return", row_header=True),
    Column("trust_name", "Trust"),
    Column("received", "Received"),
    Column("received_by", "From"),
    Column("status", "Status"),
    Column("rows", "Rows", number=True),
    Column("open", "Queries without an answer", number=True),
)
STATUS = {"active": "In use", "superseded": "Replaced by a newer one", "withdrawn": "Withdrawn"}
SHOWN = 50


def show() -> None:
    """The state of every return of the programme."""
    visit = door.admit("programme")
    grid = visit.ask(returns_grid)
    page.opening(visit, "Returns", answers.returns(grid, visit.facts["data_to"]))
    _missing(grid)
    returns_chart.show(grid)
    _findings(visit)
    _late(grid)
    _receipts(visit)


def _missing(grid: pl.DataFrame) -> None:
    missing = grid.filter(pl.col("state") == "missing")
    rows = [
        {
            "trust": frame["trust_name"][0],
            "months": phrases.listed([phrases.month(month) for month in frame["month"]]),
            "since": phrases.day(frame["due"].min()),
        }
        for frame in missing.partition_by("trust_code", maintain_order=True)
    ]
    page.section("Whom to ask", f"{phrases.counted(len(rows), 'trust')} with a return missing.")
    page.html(html("Returns that are missing", _MISSING, rows))


def _findings(visit: Visit) -> None:
    asked = visit.ask(findings)
    page.section(
        "Queries without an answer",
        f"{phrases.counted(asked.height, 'query', 'queries')} about returns in use; the figures "
        "stay in, marked with a hollow dot, until someone answers.",
    )
    rows = [
        {
            **row,
            "ward_name": row["ward_name"] or "The whole return",
            "month": phrases.month(row["month"]),
            "place": f"{row['sheet']}, {row['cell']}" if row["sheet"] else "The whole file",
        }
        for row in asked.head(SHOWN).iter_rows(named=True)
    ]
    page.html(html("Queries without an answer", _FINDINGS, rows, _more(asked.height)))


def _late(grid: pl.DataFrame) -> None:
    late = grid.filter(pl.col("state") == "late").sort("month", descending=True)
    page.section(
        "Late returns", f"{phrases.counted(late.height, 'return')} came after the due day."
    )
    rows = [
        {
            "trust_name": row["trust_name"],
            "month": phrases.month(row["month"]),
            "due": phrases.day(row["due"]),
            "received": phrases.moment(row["received_at"]) if row["received_at"] else None,
        }
        for row in late.head(SHOWN).iter_rows(named=True)
    ]
    page.html(html("Late returns", _LATE, rows, _more(late.height)))


def _receipts(visit: Visit) -> None:
    every = visit.ask(receipts)
    page.section("Receipts", "Every version of every return is kept; the newest one in use counts.")
    page.html(html("Receipts, newest first", RECEIPTS, receipt_rows(every), _more(every.height)))


def receipt_rows(every: pl.DataFrame) -> list[dict[str, object]]:
    """The newest receipts as a table reads them."""
    return [
        {
            **row,
            "received": phrases.moment(row["received_at"]),
            "status": STATUS[row["status"]],
            "open": f"{row['queries_open']:,}",
            "rows": f"{row['rows']:,}",
        }
        for row in every.head(SHOWN).iter_rows(named=True)
    ]


def _more(number: int) -> str:
    return f"The first {SHOWN} of {number:,}." if number > SHOWN else ""
