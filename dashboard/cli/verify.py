"""feeling-safe verify: check that the archive is exactly as it was saved."""

from typing import Annotated

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Exit


def verify(
    read_again: Annotated[
        bool, typer.Option("--read-again", help="Also read every file again and compare it.")
    ] = False,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Check that everything is still exactly as it was saved."""
    from pipelines.keeping.home import open_home
    from pipelines.keeping.layout import return_folders
    from pipelines.keeping.verify import unfinished
    from pipelines.verify_home import verify as verify_home

    programme = open_home(options.home_of(home))
    with output.working("Checking every entry"):
        found = verify_home(programme, read_again)
        returns = sum(1 for _ in return_folders(programme.archive.root))
        root = programme.archive.root
        left = [path.relative_to(root).as_posix() for path in unfinished(programme.archive)]
    if as_json:
        output.as_json({"returns": returns, "problems": found, "unfinished": left})
    else:
        output.line("\n".join(found) if found else f"All {returns} returns are as they were saved.")
        if left:
            output.line(
                "\nLeft behind by something that was interrupted. Nothing reads these files, and "
                "you can delete them while nobody is sending:"
            )
            output.line("\n".join(f"  {path}" for path in left))
    raise typer.Exit(Exit.PROBLEMS if found else Exit.DONE)
