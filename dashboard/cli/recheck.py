"""feeling-safe recheck: apply today's rules to every return in use."""

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Exit


def recheck(home: options.Home = None, as_json: options.Json = False) -> None:
    """Apply today's rules to every return in use; changes nothing."""
    from pipelines.keeping.home import open_home
    from pipelines.recheck import recheck as check_again

    programme = open_home(options.home_of(home))
    total = len(programme.archive.entries().active)
    found = []
    with output.progress() as progress:
        for number, again in enumerate(check_again(programme), 1):
            found += [again] if again.new else []
            progress("Checking again", number, total)
    if as_json:
        listed = [
            {
                "return": again.receipt.return_id,
                "refused": again.refused,
                "problems": [problem.as_dict() for problem in again.new],
            }
            for again in found
        ]
        output.as_json({"returns": total, "with_new_problems": listed})
    else:
        for again in found:
            what = "would be refused today" if again.refused else "would be queried today"
            codes = ", ".join(sorted({problem.code for problem in again.new}))
            output.line(f"{again.receipt.return_id} {what}: {codes}")
        output.line(f"{total} returns were checked again; {len(found)} had new findings.")
    refused = any(again.refused for again in found)
    raise typer.Exit(Exit.PROBLEMS if refused else Exit.DONE)
