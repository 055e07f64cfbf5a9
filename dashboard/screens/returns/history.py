"""What was tried and what was decided: every attempt to send, every decision with its reason."""

from datetime import date, datetime
from typing import Any

from dashboard.charts.table import Column, html
from dashboard.page import filters, measures, page, session
from dashboard.page.session import Visit
from dashboard.queries.organisations import wards
from dashboard.queries.returns import receipts
from dashboard.words import decisions as words
from pipelines.keeping.decisions import in_force
from pipelines.keeping.home import open_home
from schemas import wording
from schemas.london_time import london_day
from schemas.receipts import Decision

_SHOWN = 50
_ATTEMPTS = (
    Column("when", "When", row_header=True),
    Column("by", "By"),
    Column("what", "Return"),
    Column("outcome", "What became of it"),
    Column("codes", "Problems by code"),
)
_DECISIONS = (
    Column("when", "When", row_header=True),
    Column("by", "By"),
    Column("kind", "Decision"),
    Column("about", "About"),
    Column("reason", "Why"),
    Column("stands", "Does it stand?"),
)


def show(visit: Visit) -> None:
    """Decisions first, for they are few; then every attempt, newest first.

    Of an earlier day: only what had been decided and tried by its end.
    """
    archive, day = open_home(session.home()).archive, visit.facts["as_at"]
    _decisions(archive.decisions(day), names(visit))
    tried = [a for a in archive.attempts() if day is None or _day(a) <= day]
    _attempts(visit, tried)


def names(visit: Visit) -> dict[str, str]:
    """What to call the trusts, wards and measures that decisions are about."""
    every = visit.ask(wards)
    return {
        **{m: str(about["name"]) for m, about in measures.all_of(visit).items()},
        **dict(every.select("trust_code", "trust_name").unique().iter_rows()),
        **{
            row["ward_id"]: f"{row['ward_name']}, {row['trust_name']}"
            for row in every.iter_rows(named=True)
        },
    }


def _about(decision: Decision, called: dict[str, str]) -> str:
    """What a decision is about; a note's words stand once, as its reason."""
    said = decision.model_dump()
    return words.about({**said, "label": None} if said["label"] == said["reason"] else said, called)


def _decisions(taken: list[Decision], called: dict[str, str]) -> None:
    stands = {decision.id for decision in in_force(taken)}
    rows = [
        {
            "when": wording.moment(decision.decided_at),
            "by": decision.decided_by,
            "kind": words.KINDS[decision.kind],
            "about": _about(decision, called),
            "reason": decision.reason,
            "stands": "Yes" if decision.id in stands or decision.kind == "undo" else "Taken back",
        }
        for decision in taken[: -_SHOWN - 1 : -1]
    ]
    said = f"{wording.counted(len(taken), 'decision')}, kept for ever with the reason."
    page.section("Decisions", said)
    page.html(html("Decisions, newest first", _DECISIONS, rows))


def _day(attempt: dict[str, Any]) -> date:
    return london_day(datetime.fromisoformat(attempt["at"]))


def _attempts(visit: Visit, attempts: list[dict[str, Any]]) -> None:
    tried = sorted(attempts, key=lambda line: line["at"], reverse=True)
    page.section(
        "Attempts to send",
        f"{wording.counted(len(tried), 'attempt')}, accepted or refused. Of a file that was "
        "refused only this is kept, never what was in it.",
    )
    kept = visit.ask(receipts)
    at = {(r["sha256"], r["received_at"]): r["return_id"] for r in kept.iter_rows(named=True)}
    known = {r["sha256"]: r["return_id"] for r in kept.iter_rows(named=True)}
    shown = filters.places(len(tried), _SHOWN, "attempts")
    rows = [_row(tried[place], at, known) for place in shown]
    page.html(html("Attempts to send, newest first", _ATTEMPTS, rows))


def _row(
    tried: dict[str, Any], at: dict[tuple[str, datetime], str], known: dict[str, str]
) -> dict[str, object]:
    moment = datetime.fromisoformat(tried["at"]).replace(tzinfo=None)
    sha, problems = tried["sha256"], tried["problems"]
    kept = at.get((sha, moment))
    return {
        "when": wording.moment(moment),
        "by": tried["by"],
        "what": " ".join(filter(None, (tried["trust"], tried["month"]))) or "Not known",
        "outcome": words.attempt(
            tried["outcome"], sum(problems.values()), kept, None if kept else known.get(sha)
        ),
        "codes": words.codes(problems),
    }
