"""feeling-safe backup and restore: a whole programme as one file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli import options, output


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new ZIP file.")],
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Back up the whole programme into one file."""
    from pipelines.backup import backup as back_up

    with output.working("Backing up"):
        count = back_up(options.home_of(home), file)
    size = file.stat().st_size
    if as_json:
        output.as_json({"file": str(file), "files": count, "bytes": size})
        return
    output.line(f"{file}: {count:,} files, {size / 2**20:.1f} MB, read back and complete.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Restore a programme from a backup into a new folder."""
    from pipelines.backup import restore as bring_back
    from pipelines.keeping.home import Home
    from pipelines.releasing.build import build

    root = options.home_of(home)
    with output.working("Restoring"):
        returns = bring_back(file, root)
        release = build(Home(root), datetime.now(UTC)).stem
    if as_json:
        output.as_json({"home": str(root), "returns": returns, "release": release})
        return
    output.line(f"{root}: {returns} returns, exactly as received. Release {release} is in use.")
