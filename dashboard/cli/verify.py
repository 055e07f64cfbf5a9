"""feeling-safe verify: is everything as it was kept?"""

from typing import Annotated

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Exit


def verify(
    read_again: Annotated[
        bool, typer.Option("--read-again", help="Also read every file again and compare.")
    ] = False,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Look whether everything is still exactly as it was kept."""
    from pipelines.keeping.home import open_home
    from pipelines.keeping.layout import return_folders
    from pipelines.keeping.verify import unfinished
    from pipelines.verify_home import verify as verify_home

    programme = open_home(options.home_of(home))
    with output.working("Looking at every entry"):
        found = verify_home(programme, read_again)
        returns = sum(1 for _ in return_folders(programme.archive.root))
        root = programme.archive.root
        left = [path.relative_to(root).as_posix() for path in unfinished(programme.archive)]
    if as_json:
        output.as_json({"returns": returns, "problems": found, "unfinished": left})
    else:
        output.line("\n".join(found) if found else f"All is as it was kept: {returns} returns.")
        if left:
            output.line(
                "\nLeft behind by something that was cut short. Nothing reads it, and it may be "
                "deleted while nobody is sending:"
            )
            output.line("\n".join(f"  {path}" for path in left))
    raise typer.Exit(Exit.PROBLEMS if found else Exit.DONE)
