"""feeling-safe rehearse: what a programme could find, before it begins."""

from collections.abc import Mapping
from math import log
from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Exit, Refused
from schemas.wording import listed

ANSWERS, STARTS, NEVER = 12.0, "5-22", 12.0  # without FILE, unless they are given
MOST_RISE = 900  # of a rate, in per cent: ten times as many


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
        float | None,
        typer.Option(
            help="Without FILE: answers (a rate: incidents) a ward and month (12).",
            show_default=False,
        ),
    ] = None,
    starts: Annotated[
        str | None,
        typer.Option(
            metavar="FROM-TO",
            help="Without FILE: months in which wards start (5-22).",
            show_default=False,
        ),
    ] = None,
    never: Annotated[
        float | None,
        typer.Option(
            help="Without FILE: the percentage of wards that never start (12).", show_default=False
        ),
    ] = None,
    together: Annotated[
        bool, typer.Option("--together", help="Without FILE: the wards of a trust start together.")
    ] = False,
    level: Annotated[
        float | None,
        typer.Option(
            help="Of a proportion: the percentage who say yes before a start (68).",
            show_default=False,
        ),
    ] = None,
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
    if seed < 0:
        raise Refused(f"--seed {seed}: use a whole number from 0 up.")
    if kind == "rate" and level is not None:
        raise Refused("--level is for a proportion: a rate’s level is what its wards report.")
    if file is not None:
        of_wards = {"--answers": answers, "--starts": starts, "--never": never}
        _check_unused({**of_wards, "--together": together or None})
        plan = read(file, months, first)
    elif wards is None or trusts is None:
        raise Refused("Give both --wards and --trusts: how many wards of how many trusts.")
    elif first is not None:
        raise Refused("--first is for dates in FILE: without FILE, leave it out.")
    else:
        begin, end = _months(starts or STARTS)
        size = ANSWERS if answers is None else answers
        waiting = NEVER if never is None else never
        shape = Shape(wards, trusts, size, begin, end, waiting / 100, together)
        plan = shaped(shape, months, seed)
    usual = RATES if kind == "rate" else Assumed()
    shock = usual.shock if ups_and_downs is None else ups_and_downs / 100
    share = usual.level if level is None else level / 100
    assumed = Assumed(share, usual.spread, shock, usual.memory, missing / 100)
    if kind == "rate" and not -100 < effect <= MOST_RISE:
        raise Refused(
            f"--effect {effect:g}: a rate can’t fall by 100% or more, and {MOST_RISE} is the "
            "largest rise that is rehearsed."
        )
    sought = log(1 + effect / 100) if kind == "rate" else effect / 100
    with output.progress() as progress:
        found = run(plan, assumed, Wish(kind, sought, rehearsals, seed), progress)
    if as_json:
        output.as_json(found.content)
    else:
        output.line("\n".join(found.sentences))
    if not found.answered:
        raise typer.Exit(Exit.NO_ANSWER)


def _check_unused(given: Mapping[str, object]) -> None:
    """Refuse options that a plan in a file has no use for; those that aren't given are None."""
    unused = [option for option, value in given.items() if value is not None]
    if unused:
        are, them = ("is", "it") if len(unused) == 1 else ("are", "them")
        raise Refused(
            f"{listed(unused)} {are} for a plan without FILE: FILE says it of every ward, so leave "
            f"{them} out."
        )


def _months(text: str) -> tuple[int, int]:
    """The first and last month in which wards start; raises Refused."""
    begin, _, end = text.partition("-")
    if not (begin.strip().isdecimal() and end.strip().isdecimal()):
        raise Refused(f"--starts {text}: write it as 5-22, from the fifth month to the 22nd.")
    return int(begin), int(end)
