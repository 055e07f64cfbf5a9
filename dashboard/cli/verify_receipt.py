"""feeling-safe verify-receipt: check a receipt on any machine, without the service."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Exit


def verify_receipt(
    receipt: Annotated[Path, typer.Argument(metavar="RECEIPT", help="The receipt, as JSON.")],
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The file that was sent.")
    ] = None,
    head: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Your trust's head for a month, such as head-2026-10-Z01.json."
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Check that a return was kept: its file, its receipt and its place on the chain.

    Needs no connection and no programme: it works on a trust's own machine.
    """
    from dashboard.cli.input_files import content_of
    from pipelines.receipt_check import check_receipt

    results = check_receipt(
        content_of(receipt),
        content_of(file) if file else None,
        content_of(head) if head else None,
    )
    holds = all(result.holds for result in results)
    if as_json:
        output.as_json({"holds": holds, "results": [[one.holds, one.sentence] for one in results]})
    else:
        output.line("\n".join(result.sentence for result in results))
    raise typer.Exit(Exit.DONE if holds else Exit.PROBLEMS)
