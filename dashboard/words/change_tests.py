"""Tests of change in words: where they stand, and what the charts showed afterwards."""

from collections.abc import Mapping, Sequence

import polars as pl

from schemas import wording
from schemas.vocabularies import OUTCOMES

STATES = {"overdue": "Needs an outcome", "running": "Running", **OUTCOMES}
NOT_PROOF = (
    "This is not proof. A chart that changed after a test may have changed for another reason, and "
    "some signals come by chance alone. Read it as a question to ask the ward, not as an answer."
)
AFTERWARDS = (
    "“What the charts did” is the first new signal in the twelve months after the month of the "
    "start: on the chart of the measure that the test names or, if it names none, of every core "
    "measure."
)
_KINDS = {
    "improvement": "improvement",
    "concern": "concern",
    "neutral_high": "higher than usual",
    "neutral_low": "lower than usual",
}


def headline(states: Sequence[str], wards: int) -> str:
    """How many tests there are on how many wards, and how many run or need an outcome."""
    if not states:
        return "No test of change has been recorded yet."
    recorded = (
        f"{wording.counted(len(states), 'test')} of change recorded on "
        f"{wording.counted(wards, 'ward')}"
    )
    overdue, running = states.count("overdue"), states.count("running")
    needs = "needs" if overdue == 1 else "need"
    parts = [
        f"{running} still running" if running else "none still running",
        f"{overdue} {needs} an outcome" if overdue else "none needs an outcome",
    ]
    return f"{recorded}: {wording.listed(parts)}."


def by_test(seen: pl.DataFrame) -> dict[str, list[dict[str, object]]]:
    """The rows of `dashboard.queries.change_tests.afterwards` for each test, by its id."""
    found: dict[str, list[dict[str, object]]] = {}
    for row in seen.iter_rows(named=True):
        found.setdefault(str(row["test_id"]), []).append(row)
    return found


def charts_did(seen: Sequence[Mapping[str, object]]) -> str:
    """What the charts showed after one test, from its rows of `by_test`."""
    after = [row for row in seen if row["points"]]
    if not after:
        return "No figures after its start yet"
    found = [_signal(row) for row in after if row["kind"] or row["as_before"]]
    quiet = [r for r in after if r["judged"] and not (r["kind"] or r["as_before"])]
    without = [row for row in after if not row["judged"]]
    if quiet:
        found.append(_none_on(quiet, "no signal", others=bool(found)))
    if without:
        found.append(_none_on(without, "no limits to judge by", others=bool(found)))
    text = "; ".join(found)
    return f"{text[0].upper()}{text[1:]}"


def _signal(row: Mapping[str, object]) -> str:
    if not row["kind"]:
        return f"{row['short_name']}: {_KINDS[str(row['before'])]}, already before it started"
    return f"{row['short_name']}: {_KINDS[str(row['kind'])]} from {wording.month_of(row['month'])}"


def _none_on(rows: Sequence[Mapping[str, object]], what: str, others: bool) -> str:
    if len(rows) == 1:
        return f"{rows[0]['short_name']}: {what}"
    which = "other charts" if others else "charts"
    return f"{what} on {len(rows)} {which}"
