"""feeling-safe reopen: let a trust send for a month that is closed or final."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import audit_lines, figures, options, output
from dashboard.cli.errors import Refused, sentence_of
from schemas import wording

if TYPE_CHECKING:
    from pipelines.keeping.home import Home

EVERY = "all"


def reopen(
    trust: Annotated[str, typer.Argument(metavar="TRUST", help=f"Its code, or {EVERY}.")],
    month: Annotated[str, typer.Argument(metavar="MONTH", help="Such as 2026-03.")],
    reason: Annotated[str, typer.Option(help="Why, for the record.", prompt="Why")],
    until: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            help="The last day to send it. Required once its figures are final; 60 days at most.",
            show_default="the day its figures become final",
        ),
    ] = None,
    owner: Annotated[
        str | None,
        typer.Option(
            metavar="E-MAIL",
            help="Who is responsible for it. Required once its figures are final.",
            show_default=False,
        ),
    ] = None,
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Reopen a closed month for a trust, until a given day."""
    from pipelines.keeping import decision_subjects
    from pipelines.keeping.decide import Decided, UnitCodes
    from pipelines.keeping.decide import reopen as open_again

    code = None if trust.strip().casefold() == EVERY else trust.strip().upper()
    programme, sender, now = options.opened(home, by)
    last = options.day_of(until)
    decision_subjects.unit(programme.archive.newest_register(), UnitCodes(code))
    _refuse_one_that_is_open(programme, month, now)
    decided = Decided(sender, now, reason)
    taken = open_again(programme, code, month, decided, last, owner)
    release = figures.worked_out(programme, now)
    audit_lines.note("reopen", sender, release, trust=code, month=taken.month, decision=taken.id)
    if as_json:
        about = {"trust": code, "month": taken.month, "until": taken.expires}
        output.as_json(about | {"decision": taken.id, "release": release})
        return
    whom = code or "every trust"
    output.line(
        f"{_named(taken.month)} is open for {whom} until {wording.day_of(_day(taken.expires))}."
    )
    output.line(f"Release {release} shows it.")
    output.line(f"To undo it: feeling-safe undo {taken.id}")


def _refuse_one_that_is_open(home: "Home", text: str, now: datetime) -> None:
    """Raise Refused for a month that is open anyway, or that has no returns at all."""
    from schemas.deadlines import dates_for
    from schemas.london_time import london_day
    from schemas.periods import Month

    month, today = sentence_of(lambda: Month.parse(text)), london_day(now)
    if month not in home.programme.expected_months(today):
        raise Refused(f"No return is expected for {month.label}, so there is nothing to reopen.")
    closes = dates_for(month, home.programme.deadlines).closed
    if today <= closes:
        raise Refused(
            f"{month.label} is already open for every trust until {wording.day_of(closes)}."
        )


def _named(month: str | None) -> str:
    from schemas.periods import Month

    return Month.parse(month or "").label


def _day(text: str | None) -> date:
    return date.fromisoformat(text or "")
