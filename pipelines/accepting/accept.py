"""Saves a checked file, unless something is still needed first."""

from pipelines.accepting.context import active_return
from pipelines.accepting.explanations import weigh_explanations
from pipelines.accepting.submission import Arrival, Submission
from pipelines.checking.checked import Checked
from pipelines.keeping import decide
from pipelines.keeping.decision_subjects import DecisionError
from pipelines.keeping.entries import Entries
from pipelines.keeping.explanations import as_answered, news
from pipelines.keeping.home import Home
from schemas.problems import Problem, Severity
from schemas.receipts import Query, Receipt, query_key


def accept(home: Home, arrival: Arrival, checked: Checked, entries: Entries) -> Submission:
    """Save a file without errors; if the result has no receipt, it says what is still needed."""
    if checked.cells is None:
        return Submission(checked)
    active = active_return(entries, checked.trust or "", checked.slot)
    if active and active.sha256 == checked.sha256:
        return _explained_again(home, arrival, checked, active, entries)
    if arrival.replaces != "any" and _named(arrival.replaces) != _named(active):
        return Submission(checked, overtaken=True)
    weighed = weigh_explanations(home, checked, arrival.answers, entries, arrival.today)
    lacking = weighed.refused if arrival.keep_unanswered else weighed.without + weighed.refused
    if lacking:
        return Submission(
            checked, carried=weighed.carried, lacking=lacking, unfit=tuple(weighed.unfit)
        )
    receipt = home.archive.keep_return(
        checked,
        arrival.content,
        arrival.by,
        arrival.at,
        weighed.reasons,
        arrival.drafted_by,
    )
    return Submission(checked, receipt, carried=weighed.carried)


def _explained_again(
    home: Home, arrival: Arrival, checked: Checked, active: Receipt, entries: Entries
) -> Submission:
    """The same file sent again: give its receipt again, and save any new explanations."""
    new = news(active, arrival.answers, entries.decisions)
    try:
        kept = decide.answer_queries(home, new, arrival.by, arrival.at)
    except DecisionError as refused:
        again = {key for _, key in new}
        lacking = [q for q in active.queries if query_key(q.code, q.sheet, q.cell) in again]
        return Submission(checked, lacking=tuple(map(_asked, lacking)), unfit=(str(refused),))
    shown = as_answered(active, [*entries.decisions, *kept])
    return Submission(checked, shown, already_kept=True, answers_kept=len(kept))


def _asked(query: Query) -> Problem:
    """A received return's query, as a finding that still needs an explanation."""
    place = query.model_dump(exclude={"severity", "answer"})
    return Problem(Severity.QUERY, fix="Explain why it is right, without names.", **place)


def _named(receipt: Receipt | None) -> str | None:
    return receipt.return_id if receipt else None
