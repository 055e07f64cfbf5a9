"""feeling-safe template: create the pre-filled workbook for a trust and month."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Refused, sentence_of

if TYPE_CHECKING:
    import polars as pl

    from pipelines.keeping.home import Home
    from schemas.periods import Month


def template(
    trust: Annotated[str, typer.Argument(metavar="TRUST", help="Its code, such as Z01.")],
    month: Annotated[str, typer.Argument(metavar="MONTH", help="Such as 2026-03.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write it.", show_default="this folder"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file of that name.")] = False,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Create the workbook a trust fills in for a month."""
    from pipelines.keeping.home import open_home
    from pipelines.workbooks.template import template as workbook
    from schemas.periods import Month

    period = sentence_of(lambda: Month.parse(month))
    code = trust.strip().upper()
    programme = open_home(options.home_of(home))
    path = out or Path(f"ssc_return_{code}_{period}.xlsx")
    if path.exists() and not force:
        raise Refused(f"{path} already exists: add --force to overwrite it, or use --out FILE.")
    register, before = programme.archive.register(), _last_return(programme, code, period)
    content = sentence_of(lambda: workbook(programme.programme, register, code, period, before))
    path.write_bytes(content)
    if as_json:
        output.as_json({"file": str(path), "trust": code, "month": str(period)})
        return
    output.line(f"{path}: the return for {code} for {period.label}, ready to fill in.")


def _last_return(home: "Home", trust: str, month: "Month") -> "pl.DataFrame | None":
    """The cells of the trust's newest return for an earlier month."""
    active = home.archive.entries().active
    earlier = [r for r in active if r.trust_code == trust and r.month < str(month)]
    return home.archive.cells(max(earlier, key=lambda r: r.month)) if earlier else None
