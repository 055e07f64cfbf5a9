"""The history of returns: every decision with its reason, and every attempt to send."""

from datetime import date, datetime
from typing import Any

from dashboard.charts.table import Column, html
from dashboard.page import filters, measures, page, session
from dashboard.page.session import Visit
from dashboard.queries.organisations import wards
from dashboard.queries.returns import receipts
from dashboard.words import decisions as words
from pipelines.keeping.decisions import not_undone, subject
from pipelines.keeping.home import open_home
from schemas import wording
from schemas.london_time import london_day
from schemas.receipts import Decision

_SHOWN = 50
_ATTEMPTS = (
    Column("when", "When", row_header=True),
    Column("by", "By"),
    Column("what", "Return"),
    Column("outcome", "Outcome"),
    Column("codes", "Findings by code"),
)
_DECISIONS = (
    Column("when", "When", row_header=True),
    Column("by", "By"),
    Column("kind", "Decision"),
    Column("about", "About"),
    Column("reason", "Why"),
    Column("in_force", "In force"),
)


def show(visit: Visit) -> None:
    """Decisions first, because they are few; then every attempt, newest first.

    For an earlier day: only the decisions and attempts made by the end of it.
    """
    archive, day = open_home(session.home()).archive, visit.facts["as_at"]
    _decisions(archive.decisions(day), names(visit))
    tried = [a for a in archive.attempts() if day is None or _day(a) <= day]
    _attempts(visit, tried)


def names(visit: Visit) -> dict[str, str]:
    """The names of the trusts, wards and measures that decisions are about."""
    every = visit.ask(wards)
    return {
        **{m: str(about["name"]) for m, about in measures.all_of(visit).items()},
        **dict(every.select("trust_code", "trust_name").unique().iter_rows()),
        **{
            row["ward_id"]: f"{row['ward_name']}, {row['trust_name']}"
            for row in every.iter_rows(named=True)
        },
    }


def _about(decision: Decision, every: list[Decision], names: dict[str, str]) -> str:
    """What a decision is about; an event's words appear once, as its reason."""
    if decision.undoes:
        return words.named(subject(every, decision.id).model_dump(), names)
    fields = decision.model_dump()
    if fields["label"] == fields["reason"]:
        fields["label"] = None
    return words.about(fields, names)


def _decisions(decisions: list[Decision], names: dict[str, str]) -> None:
    current = {decision.id for decision in not_undone(decisions)}
    rows = [
        {
            "when": wording.moment(decision.decided_at),
            "by": decision.decided_by,
            "kind": words.KINDS[decision.kind],
            "about": _about(decision, decisions, names),
            "reason": decision.reason,
            "in_force": "Yes" if decision.id in current else "No, undone",
        }
        for decision in decisions[: -_SHOWN - 1 : -1]
    ]
    count = wording.counted(len(decisions), "decision")
    page.section("Decisions", f"{count}. Every decision is kept permanently, with its reason.")
    page.html(html("Decisions, newest first", _DECISIONS, rows))


def _day(attempt: dict[str, Any]) -> date:
    return london_day(datetime.fromisoformat(attempt["at"]))


def _attempts(visit: Visit, attempts: list[dict[str, Any]]) -> None:
    tried = sorted(attempts, key=lambda line: line["at"], reverse=True)
    page.section(
        "Attempts to send",
        f"{wording.counted(len(tried), 'attempt')}, accepted or refused. For a file that was "
        "refused, only this line is kept, never its contents.",
    )
    received = visit.ask(receipts)
    at = {(r["sha256"], r["received_at"]): r["return_id"] for r in received.iter_rows(named=True)}
    known = {r["sha256"]: r["return_id"] for r in received.iter_rows(named=True)}
    shown = filters.places(len(tried), _SHOWN, "attempts")
    rows = [_row(tried[place], at, known) for place in shown]
    page.html(html("Attempts to send, newest first", _ATTEMPTS, rows))


def _row(
    tried: dict[str, Any], at: dict[tuple[str, datetime], str], known: dict[str, str]
) -> dict[str, object]:
    moment = datetime.fromisoformat(tried["at"]).replace(tzinfo=None)
    sha, findings = tried["sha256"], tried["problems"]
    received = at.get((sha, moment))
    return {
        "when": wording.moment(moment),
        "by": tried["by"],
        "what": " ".join(filter(None, (tried["trust"], tried["month"]))) or "Not known",
        "outcome": words.attempt(
            tried["outcome"],
            sum(findings.values()),
            received,
            None if received else known.get(sha),
        ),
        "codes": words.codes(findings),
    }
