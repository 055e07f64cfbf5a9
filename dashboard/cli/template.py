"""feeling-safe template: create the pre-filled workbook for a trust and month."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Refused, sentence_of


def template(
    trust: Annotated[str, typer.Argument(metavar="TRUST", help="Its code, such as Z01.")],
    month: Annotated[str, typer.Argument(metavar="MONTH", help="Such as 2026-03.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write it.", show_default="this folder"),
    ] = None,
    baseline: Annotated[
        bool,
        typer.Option(
            "--baseline", help="The months from before it joined: MONTH is any one of them."
        ),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file of that name.")] = False,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Create the workbook a trust fills in for a month.

    For a month that was sent already, it holds every figure of the version in use. With
    --baseline, it is the one workbook for the months that programme.toml names in [[baselines]].
    """
    from pipelines.accepting.context import active_return
    from pipelines.keeping.home import open_home
    from pipelines.output_files import check_name, write
    from pipelines.sending import (
        baseline_with,
        baseline_workbook,
        when_to_send,
        workbook_for,
    )
    from schemas.london_time import london_day
    from schemas.periods import Month
    from schemas.receipts import slot_of

    check_name("--out", out, (".xlsx",))
    period = sentence_of(lambda: Month.parse(month))
    code = trust.strip().upper()
    programme = open_home(options.home_of(home))
    window = sentence_of(lambda: baseline_with(programme, code, period)) if baseline else None
    slot = slot_of(window.first, baseline=True) if window else str(period)
    path = out or Path(f"ssc_return_{code}_{slot}.xlsx")
    if path.exists() and not force:
        raise Refused(f"{path} already exists: add --force to overwrite it, or use --out FILE.")
    own, when = frozenset({code}), ""
    if window is None:
        today = london_day(datetime.now(UTC))
        when = sentence_of(lambda: when_to_send(programme, code, period, today))
    content = sentence_of(
        lambda: (
            baseline_workbook(programme, window, own)
            if window
            else workbook_for(programme, code, period, own)
        )
    )
    write({path: content})
    if as_json:
        output.as_json({"file": str(path), "trust": code, "month": slot, "note": when or None})
        return
    sent = active_return(programme.archive.entries(), code, slot)
    state = f"with every figure of version {sent.version}" if sent else "ready to fill in"
    what = f"the return for {code} for {period.label}"
    if window:
        what = f"the baseline of {code} for {window.label}"
    output.line(f"{path}: {what}, {state}.")
    if when:
        output.aside(when)
