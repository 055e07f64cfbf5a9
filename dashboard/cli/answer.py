"""feeling-safe answer: explain a query about a return that has already been received."""

from typing import Annotated

import typer

from dashboard.cli import audit_lines, figures, options, output
from dashboard.cli.errors import Refused


def answer(
    return_id: Annotated[str, typer.Argument(metavar="RETURN", help="Such as Z01/2026-03/2.")],
    code: Annotated[
        str, typer.Argument(metavar="CODE", help='A query: W04, or for one cell "W04 monthly!D5".')
    ],
    reason: Annotated[str, typer.Argument(metavar="REASON", help="Why the figures are right.")],
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Explain a query about a return that has already been received."""
    from pipelines.keeping.decide import answer_queries
    from pipelines.keeping.explanations import key_from

    key = key_from(code)
    if key is None:
        raise Refused(f"“{code}” is not a query: write its code, such as W04, or W04 monthly!D5.")
    programme, sender, now = options.opened(home, by)
    explanations = {(return_id, key): reason}
    (taken,) = answer_queries(programme, explanations, sender, now)
    release = figures.worked_out(programme, now)
    audit_lines.note("answer", sender, release, version=return_id)
    if as_json:
        output.as_json(
            {"return": return_id, "query": key, "decision": taken.id, "release": release}
        )
        return
    output.line(f"Your explanation of query {key} in {return_id} has been saved.")
    output.line(f"Release {release} shows it.")
    output.line(f"To undo it: feeling-safe undo {taken.id}")
