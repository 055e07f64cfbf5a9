"""Tests of change: what wards are trying, what needs an outcome, and what was tried before."""

from html import escape
from urllib.parse import quote

import polars as pl

from dashboard.charts.figure_links import linked
from dashboard.charts.table import Column, html
from dashboard.page import filters, page, session
from dashboard.page.session import Visit
from dashboard.queries.change_tests import afterwards, change_tests
from dashboard.screens.tests_of_change import entry, library
from dashboard.words import change_tests as words
from schemas import wording
from schemas.change_tests import state_of
from schemas.tables.kinds import FOUNDATIONS
from schemas.vocabularies import OUTCOMES

_ROWS = 30
_DOWNLOAD = (
    '<p><a href="take-away?what=tests-of-change" target="_self">Download all of them as a table'
    "</a></p>"
)
_IDEA = Column("idea", "Idea", row_header=True, markup=True)
_WHERE = Column("where", "Ward", markup=True)
_WHEN = Column("when", "From and to")
_PREDICTED = Column("prediction", "What was predicted")
_HAPPENED = Column("happened", "What happened")
_OUTCOME = Column("outcome", "Outcome")
_DID = Column("did", "What the charts did")
_OPEN = (_IDEA, _WHERE, _WHEN, _PREDICTED, _HAPPENED, _DID)
_FINISHED = (_IDEA, _WHERE, _WHEN, _PREDICTED, _HAPPENED, _OUTCOME, _DID)
_TRIED = (_IDEA, _WHERE, _WHEN, _OUTCOME, _HAPPENED, _DID)


def show() -> None:
    """A trust lead sees the log of their wards, the programme a library of every idea as well."""
    visit = session.admit("programme", "trust")
    log = visit.keep(_log, today=visit.facts["as_at"] or visit.today)
    wards = log["ward_id"].n_unique()
    headline = words.headline(log["state"].to_list(), wards)
    page.open_screen(visit, "Tests of change", headline)
    if log.is_empty():
        page.lead(
            "A test of change is an idea tried on a ward, small and for a short time, to see "
            "whether it helps. Record the first one below: charts of the ward then show it as a "
            "numbered flag."
        )
    else:
        page.html(_DOWNLOAD)
        page.lead(f"{words.AFTERWARDS} {words.NOT_PROOF}")
    _section(visit, log, ("overdue",), "Needs an outcome")
    _section(visit, log, ("running",), "Running")
    if visit.scope.sees_everything:
        _library(visit, log)
    else:
        _section(visit, log, tuple(OUTCOMES), "Finished")
    entry.offer(visit, log)


def _log(visit: Visit, today: object) -> pl.DataFrame:
    """Every test in scope, newest first, with where it stands and what the charts did."""
    tests = visit.ask(change_tests)
    seen = words.by_test(visit.ask(afterwards))
    did = [words.charts_did(seen.get(name, ())) for name in tests["test_id"]]
    stands = [state_of(*row, today) for row in tests.select("outcome", "ends").iter_rows()]
    return tests.with_columns(
        did=pl.Series(did, dtype=pl.String), state=pl.Series(stands, dtype=pl.String)
    )


_SAYS = {
    "Needs an outcome": "Past the planned end: adopt, adapt or abandon?",
    "Running": "Not yet at the planned end.",
    "Finished": "Adopted, adapted or abandoned.",
}


def _section(visit: Visit, log: pl.DataFrame, states: tuple[str, ...], title: str) -> None:
    found = log.filter(pl.col("state").is_in(states))
    if found.is_empty():
        return
    page.section(title, _SAYS[title])
    shown = filters.paged(found, _ROWS, "tests", key=f"page_{title.split()[0].lower()}")
    columns = _OPEN if len(states) == 1 else _FINISHED
    caption = f"{title}: {wording.counted(found.height, 'test')} of change"
    page.html(html(caption, columns, [_row(visit, row) for row in shown.iter_rows(named=True)]))


def _library(visit: Visit, log: pl.DataFrame) -> None:
    page.section(
        "Library of change ideas",
        "Every idea, by foundation; the same idea tried on several wards stands together. "
        "A chart that changed is no proof that the idea worked.",
    )
    if log.is_empty():
        return
    found = library.choose(log)
    if found.is_empty():
        page.html('<p class="fs-empty" role="status">No test of change matches all of these.</p>')
    for foundation, name in FOUNDATIONS.items():
        tried = library.grouped(found.filter(pl.col("foundation") == foundation))
        if not tried.is_empty():
            rows = [_row(visit, row, foundation=False) for row in tried.iter_rows(named=True)]
            page.html(html(library.caption(name, tried), _TRIED, rows))


def _row(visit: Visit, row: dict[str, object], *, foundation: bool = True) -> dict[str, object]:
    about = [FOUNDATIONS[str(row["foundation"])]] if foundation else []
    if row["short_name"]:
        about.append(f"Should show in: {row['short_name']}")
    under = "".join(f'<br><span class="fs-note">{escape(text)}</span>' for text in about)
    ward = linked(str(row["ward_name"]), escape(f"ward?ward={quote(str(row['ward_id']))}"))
    trust = f", {escape(str(row['trust_name']))}" if visit.scope.has_several else ""
    return {
        "idea": f"{escape(str(row['idea']))}{under}",
        "where": f"<span>{ward}{trust}</span>",
        "when": f"{wording.day_of(row['starts'])} to {wording.day_of(row['ends'])}",
        "prediction": row["prediction"],
        "happened": row["happened"] or "Nothing recorded yet",
        "outcome": words.STATES[str(row["state"])],
        "did": row["did"],
    }
