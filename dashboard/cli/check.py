"""feeling-safe check: list every finding in a file and save nothing."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Refused


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Workbooks, CSV or ZIP.")],
    workbook: Annotated[
        Path | None,
        typer.Option("--report", metavar="OUT.xlsx", help="Also write the findings as a workbook."),
    ] = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """List every finding in a return; nothing is saved.

    With --json, one file gives one object and several files give an array.
    """
    from dashboard.cli.check_report import report
    from dashboard.cli.input_files import code_of, content_of, worst
    from pipelines.accepting.context import context_for
    from pipelines.checking.check import check_arriving as check_file
    from pipelines.keeping.home import open_home
    from pipelines.output_files import check_name, write
    from schemas.london_time import london_day

    if workbook and len(files) > 1:
        raise Refused("--report works with one file: check one file at a time.")
    check_name("--report", workbook, (".xlsx",), files)
    contents = [(path, content_of(path)) for path in files]
    with output.working("Checking"):
        context = context_for(open_home(options.home_of(home)), london_day(datetime.now(UTC)))
        reports = [check_file(content, path.name, context) for path, content in contents]
    if workbook:
        from pipelines.workbooks.problem_report import own_tables
        from pipelines.workbooks.problem_report import report as as_workbook

        tables = own_tables(contents[0][1])
        write({workbook: as_workbook(reports[0], tables, datetime.now(UTC))})
    if as_json:
        found = [checked.as_dict() for checked in reports]
        output.as_json(found if len(found) > 1 else found[0])
    else:
        output.line("\n\n\n".join(report(checked) for checked in reports))
    raise typer.Exit(worst(code_of(checked) for checked in reports))
