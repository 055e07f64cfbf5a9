"""feeling-safe undo: undo a decision by another one."""

from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import audit_lines, figures, options, output
from dashboard.cli.errors import Refused

if TYPE_CHECKING:
    from schemas.receipts import Decision


def undo(
    decision: Annotated[
        str | None,
        typer.Argument(metavar="[DECISION]", help="Its id; without one, all are listed."),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why, for the record.")] = None,
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Undo a decision: a withdrawal, a reopened month, new limits or an event.

    Nothing is deleted: both decisions stay in the history. Undoing is a decision too: undo that,
    and the first one applies again. Without an id, what you can undo is listed, newest first.
    """
    from pipelines.keeping.decide import Decided, NotInForce
    from pipelines.keeping.decide import undo as take_back
    from pipelines.keeping.decisions import in_force, subject

    programme, sender, now = options.opened(home, by)
    if decision is None:
        _list(programme.archive.decisions(), as_json)
        return
    why = typer.prompt("Why") if reason is None else reason
    try:
        taken = take_back(programme, decision, Decided(sender, now, why))
    except NotInForce as error:
        raise Refused(f"{error} “feeling-safe undo” lists what you can undo.") from None
    release = figures.worked_out(programme, now)
    audit_lines.note("undo", sender, release, undone=decision, decision=taken.id)
    if as_json:
        output.as_json({"undone": decision, "decision": taken.id, "release": release})
        return
    decisions = programme.archive.decisions()
    about = subject(decisions, decision)
    if about in in_force(decisions):
        output.line(f"{about.id} applies again. Release {release} shows it.")
    else:
        output.line(f"{about.id} no longer applies. Release {release} shows it.")
    output.line(f"To undo it: feeling-safe undo {taken.id}")


def _list(decisions: "list[Decision]", as_json: bool) -> None:
    from dashboard.words import decisions as words
    from pipelines.keeping.decisions import not_undone, subject
    from schemas import wording

    found = not_undone(decisions)[::-1]
    if as_json:
        output.as_json([each.model_dump(mode="json", exclude_none=True) for each in found])
        return
    if not found:
        output.line("There is no decision to undo.")
    for each in found:
        about = words.named(subject(decisions, each.id).model_dump())
        what = words.undone(about) if each.undoes else about
        output.line(f"{each.id}  {wording.moment(each.decided_at)}  {what}  “{each.reason}”")
