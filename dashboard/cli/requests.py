"""feeling-safe requests: trusts' requests to withdraw a return, and refusing one."""

from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import audit_lines, figures, options, output
from dashboard.cli.errors import Refused

if TYPE_CHECKING:
    from pipelines.keeping.withdrawal_requests import Request


def requests(
    request: Annotated[
        str | None,
        typer.Argument(metavar="[REQUEST]", help="The id of one to refuse; without one, a list."),
    ] = None,
    refuse: Annotated[
        str | None, typer.Option(help="Why you refuse it; the trust sees this.", metavar="REASON")
    ] = None,
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """List the requests to withdraw a return that wait for an answer, or refuse one.

    To grant one, withdraw the return: feeling-safe withdraw RETURN.
    """
    from pipelines.keeping import withdrawal_requests
    from pipelines.keeping.decide import Decided, NotInForce

    programme, sender, now = options.opened(home, by)
    if request is None and refuse is not None:
        raise Refused("Say which request you refuse: “feeling-safe requests” lists them.")
    if request is None:
        waiting = withdrawal_requests.waiting(programme.archive.decisions())
        _list(list(waiting.values()), as_json)
        return
    why = typer.prompt("Why refuse it") if refuse is None else refuse
    try:
        taken = withdrawal_requests.refuse(programme, request, Decided(sender, now, why))
    except NotInForce as error:
        raise Refused(f"{error} “feeling-safe requests” lists those that wait.") from None
    release = figures.worked_out(programme, now)
    audit_lines.note("refuse_request", sender, release, request=request, decision=taken.id)
    if as_json:
        output.as_json({"refused": request, "return": taken.return_id, "decision": taken.id})
        return
    output.line(f"Refused: {taken.return_id} stays in use, and the trust sees your reason.")
    output.line(f"To undo it: feeling-safe undo {taken.id}")


def _list(found: "list[Request]", as_json: bool) -> None:
    from schemas import wording

    if as_json:
        output.as_json([each.asked.model_dump(mode="json", exclude_none=True) for each in found])
        return
    if not found:
        output.line("No request to withdraw a return is waiting.")
    for each in found:
        asked = each.asked
        when = wording.moment(asked.decided_at)
        output.line(f"{asked.id}  {when}  {each.return_id}  “{asked.reason}”")
