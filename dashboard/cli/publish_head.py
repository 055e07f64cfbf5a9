"""feeling-safe publish-head: publish the head of the chain for a month."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli import options, output


def publish_head(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write the files.")],
    month: Annotated[
        str | None, typer.Option(help="Such as 2026-10. Default: last month.", show_default=False)
    ] = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Publish the month's head of the chain, for trusts to check their receipts with."""
    from dashboard.cli.errors import sentence_of
    from pipelines.keeping.home import open_home
    from pipelines.publishing import publish
    from schemas.london_time import london_day
    from schemas.periods import Month

    last = Month.of(london_day(datetime.now(UTC))) + -1
    chosen = last if month is None else sentence_of(lambda: Month.parse(month))
    head, files = publish(open_home(options.home_of(home)), chosen, folder)
    if as_json:
        output.as_json(head.model_dump() | {"files": [str(path) for path in files]})
        return
    output.line(f"The head of the chain for {chosen.label}, of {head.size:,} lines, is")
    output.line(f"  {head.root}")
    output.line(
        f"Publish it with {files[0].name}, and send each trust the file with its code: there are "
        f"{len(files) - 1} in {folder}."
    )
