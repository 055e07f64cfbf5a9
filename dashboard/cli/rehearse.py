"""feeling-safe rehearse: what a programme could find, before it begins."""

from math import log
from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Exit, Refused


def rehearse(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="CSV or Parquet with trust, ward, answers (a month) and starts. Or use --wards.",
            show_default=False,
        ),
    ] = None,
    effect: Annotated[
        float, typer.Option(help="To be found: percentage points, or for a rate per cent.")
    ] = 6.0,
    measure_kind: Annotated[
        str, typer.Option("--measure-kind", metavar="KIND", help="proportion or rate.")
    ] = "proportion",
    months: Annotated[int, typer.Option(help="How long the programme lasts.")] = 24,
    first: Annotated[
        str | None,
        typer.Option(
            metavar="MONTH",
            help="Its first month, such as 2027-01, if FILE has dates.",
            show_default=False,
        ),
    ] = None,
    wards: Annotated[
        int | None, typer.Option(help="Without FILE: how many wards.", show_default=False)
    ] = None,
    trusts: Annotated[
        int | None, typer.Option(help="Without FILE: of how many trusts.", show_default=False)
    ] = None,
    answers: Annotated[
        float, typer.Option(help="Without FILE: answers (a rate: incidents) a ward and month.")
    ] = 12.0,
    starts: Annotated[
        str,
        typer.Option(metavar="FROM-TO", help="Without FILE: months in which wards start."),
    ] = "5-22",
    never: Annotated[
        float, typer.Option(help="Without FILE: the percentage of wards that never start.")
    ] = 12.0,
    together: Annotated[
        bool, typer.Option("--together", help="Without FILE: the wards of a trust start together.")
    ] = False,
    level: Annotated[
        float, typer.Option(help="Of a proportion: the percentage who say yes before a start.")
    ] = 68.0,
    ups_and_downs: Annotated[
        float | None,
        typer.Option(
            help="What a trust's wards share: percentage points (5), or for a rate per cent (30).",
            show_default=False,
        ),
    ] = None,
    missing: Annotated[float, typer.Option(help="The percentage of months without figures.")] = 0.0,
    rehearsals: Annotated[int, typer.Option(help="How many, with the effect and without.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 1,
    as_json: options.Json = False,
) -> None:
    """Say what a programme could find, before it begins, and what chance will bring it.

    Exits with 3 where the plan leaves nothing to compare, and says why.
    """
    from pipelines.effect.run import kind_named
    from pipelines.rehearsing.plan import Shape, read, shaped
    from pipelines.rehearsing.rehearse import Wish
    from pipelines.rehearsing.run import run
    from pipelines.rehearsing.worlds import RATES, Assumed

    kind = kind_named(measure_kind)
    if (file is None) == (wards is None and trusts is None):
        raise Refused("Give either FILE, or --wards with --trusts.")
    if file is not None:
        plan = read(file, months, first)
    elif wards is None or trusts is None:
        raise Refused("Give both --wards and --trusts: how many wards of how many trusts.")
    else:
        begin, end = _months(starts)
        shape = Shape(wards, trusts, answers, begin, end, never / 100, together)
        plan = shaped(shape, months, seed)
    usual = RATES if kind == "rate" else Assumed()
    shock = usual.shock if ups_and_downs is None else ups_and_downs / 100
    assumed = Assumed(level / 100, usual.spread, shock, usual.memory, missing / 100)
    if kind == "rate" and effect <= -100:
        raise Refused(f"--effect {effect:g}: a rate can’t fall by 100% or more.")
    sought = log(1 + effect / 100) if kind == "rate" else effect / 100
    with output.progress() as progress:
        found = run(plan, assumed, Wish(kind, sought, rehearsals, seed), progress)
    if as_json:
        output.as_json(found.content)
    else:
        output.line("\n".join(found.sentences))
    if not found.answered:
        raise typer.Exit(Exit.NO_ANSWER)


def _months(text: str) -> tuple[int, int]:
    """The first and last month in which wards start; raises Refused."""
    begin, _, end = text.partition("-")
    if not (begin.strip().isdecimal() and end.strip().isdecimal()):
        raise Refused(f"--starts {text}: write it as 5-22, from the fifth month to the 22nd.")
    return int(begin), int(end)
