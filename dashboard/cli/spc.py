"""feeling-safe spc: process limits, rules and icons for any series."""

from pathlib import Path
from typing import Annotated

import typer


def spc(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="CSV or Parquet with date and value, or date, numerator and denominator.",
            show_default=False,
        ),
    ],
    chart: Annotated[
        str, typer.Option(help="auto, xmr, run, p, pp, u, up, c, g, t, cusum or points.")
    ] = "auto",
    direction: Annotated[str, typer.Option(help="Which way is better: up, down or none.")] = "none",
    target: Annotated[
        float | None, typer.Option(help="In the unit of the values.", show_default=False)
    ] = None,
    rebase: Annotated[
        list[str] | None,
        typer.Option(metavar="DATE", help="First date of a new phase. Can be repeated."),
    ] = None,
    baseline: Annotated[
        int | None,
        typer.Option(metavar="N", help="Fix limits on the first N points of each phase."),
    ] = None,
    screen: Annotated[
        bool, typer.Option("--screen", help="Leave extreme moving ranges out of the limits, once.")
    ] = False,
    two_of_three: Annotated[
        str, typer.Option(help="mdc counts points outside the limits too, ptd does not.")
    ] = "mdc",
    assurance: Annotated[
        str, typer.Option(help="mdc: a target on a limit is met; strict: it is hit or miss.")
    ] = "mdc",
    sigma: Annotated[
        str, typer.Option(help="nhs: 2.66 mean moving ranges; exact: 3/1.128 of them.")
    ] = "nhs",
    find: Annotated[
        str, typer.Option(help="What a CUSUM looks for: a doubling or a halving.")
    ] = "doubling",
    points: Annotated[
        Path | None,
        typer.Option(metavar="OUT", help="Write the points: .csv, .parquet or .json."),
    ] = None,
    signals: Annotated[
        Path | None,
        typer.Option(metavar="OUT", help="Write a row for each series: .csv, .parquet or .json."),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Draw the charts: .svg, .png or .html.")
    ] = None,
) -> None:
    """Work out process limits, rules and icons for any tidy CSV or Parquet.

    Without --points the points go to standard output as CSV.
    """
    from pipelines.reading.tidy_cells import Unusable
    from pipelines.spc.run import run
    from pipelines.statistics.method import Method

    method = Method(
        chart=chart,  # type: ignore[arg-type]
        direction=direction,  # type: ignore[arg-type]
        target=target,
        baseline=baseline,
        screen=screen,
        two_of_three=two_of_three,  # type: ignore[arg-type]
        assurance=assurance,  # type: ignore[arg-type]
        sigma=sigma,  # type: ignore[arg-type]
        find=find,  # type: ignore[arg-type]
    )
    try:
        charted = run(
            file,
            method=method,
            rebase=rebase or (),
            points=points,
            signals=signals,
            plot=plot,
        )
    except Unusable as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    if points is None:
        typer.echo(charted.points.write_csv(), nl=False)
    for hint in charted.hints:
        typer.echo(
            f"{hint.series}: at a different level since {hint.date}. If you know what changed, "
            f"--rebase {hint.date} gives that level its own limits.",
            err=True,
        )
    for note in (*charted.notes, *charted.refused):
        typer.echo(note, err=True)
    for path in charted.written:
        typer.echo(f"Written: {path}", err=True)
    if charted.refused:
        raise typer.Exit(1)
