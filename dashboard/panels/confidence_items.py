"""Staff confidence item by item, before and after a session, for one ward, a trust or all."""

from dashboard.charts.table import Column, html
from dashboard.page import page, session
from dashboard.page.session import Visit
from dashboard.queries.confidence import items
from dashboard.words import confidence as words

_COLUMNS = (
    Column("item", "What staff were asked", row_header=True),
    Column("before", "Confident before"),
    Column("after", "Confident after"),
    Column("apart", "Difference"),
    Column("all", "All answers in 12 months"),
    Column("when", "Asked in"),
)


def show(visit: Visit, ward: str | None = None, trust: str | None = None) -> None:
    """A heading, what changed most and a table; nothing at all if no item was ever sent."""
    if visit.ask(items, **_about(ward, trust)).height:
        page.section(
            "Staff confidence, item by item",
            visit.keep(_sentence, ward=ward, trust=trust),
            markup=page.ready(visit, _table, ward=ward, trust=trust),
        )


def _about(ward: str | None, trust: str | None) -> dict[str, object]:
    return {"wards": None if ward is None else (ward,), "trust": trust}


def _least() -> int:
    return session.programme().disclosure.least_answers(of_people=True)


def _sentence(visit: Visit, ward: str | None, trust: str | None) -> str:
    return words.sentence(visit.ask(items, **_about(ward, trust)).to_dicts(), _least())


def _table(visit: Visit, ward: str | None, trust: str | None) -> str:
    found = visit.ask(items, **_about(ward, trust))
    wards = int(found["wards"].max() or 0)
    placeholder = (
        " The words are placeholders until the programme enters its own."
        if found["is_placeholder"].any()
        else ""
    )
    counted = "Of this ward" if ward else f"Of up to {wards:,} wards that counted items"
    note = f"{counted}, over the last 12 months. {words.NOT_PROOF}{placeholder}"
    rows = words.rows(found.to_dicts(), _least())
    return html("Staff who agreed or strongly agreed", _COLUMNS, rows, note)
