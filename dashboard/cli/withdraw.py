"""feeling-safe withdraw: take a version of a return out of use."""

from typing import Annotated

import typer

from dashboard.cli import audit_lines, figures, options, output


def withdraw(
    return_id: Annotated[str, typer.Argument(metavar="RETURN", help="Such as Z01/2026-03/2.")],
    reason: Annotated[str, typer.Option(help="Why, for the record.", prompt="Why")],
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Withdraw a return from use; it stays in the archive."""
    from pipelines.keeping.decide import Decided
    from pipelines.keeping.decide import withdraw as take_out

    programme, sender, now = options.opened(home, by)
    taken = take_out(programme, return_id, Decided(sender, now, reason))
    release = figures.worked_out(programme, now)
    audit_lines.note("withdraw", sender, release, version=return_id, decision=taken.id)
    if as_json:
        output.as_json({"return": return_id, "decision": taken.id, "release": release})
        return
    output.line(f"{return_id} has been withdrawn; the version before it, if any, is in use again.")
    output.line(f"Release {release} shows it.")
    output.line(f"To undo it: feeling-safe undo {taken.id}")
