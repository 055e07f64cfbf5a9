"""feeling-safe effect: whether figures changed where something was started."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Exit


def effect(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="CSV or Parquet with unit, cluster, period, numerator, denominator and adopted.",
            show_default=False,
        ),
    ],
    measure_kind: Annotated[
        str, typer.Option("--measure-kind", metavar="KIND", help="proportion or rate.")
    ] = "proportion",
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT",
            help="Write the answer: .json for all of it, .csv or .parquet by periods since the "
            "start.",
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Compare figures where something was started with those of units yet to start.

    Exits with 3 where the figures can't say, and says why.
    """
    from pipelines.effect.run import run

    answer = run(file, measure_kind, out)
    if as_json:
        output.as_json(answer.content)
    else:
        output.line("\n".join((*answer.sentences, *answer.lines)))
        for note in answer.content["notes"]:
            output.aside(note)
    if out is not None:
        written = answer.answered or out.suffix.lower() == ".json"
        output.aside(f"Written: {out}" if written else f"{out} is not written: there is no answer.")
    if not answer.answered:
        raise typer.Exit(Exit.NO_ANSWER)
