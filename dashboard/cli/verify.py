"""feeling-safe verify: check that the archive is exactly as it was saved."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Exit, Refused
from schemas import wording

if TYPE_CHECKING:
    from pipelines.keeping.chain_checks import KnownLine
    from schemas.receipts import Link


def verify(
    read_again: Annotated[
        bool, typer.Option("--read-again", help="Also read every file again and compare it.")
    ] = False,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="A backup or a receipt that knows how far the archive had come; can be repeated.",
        ),
    ] = None,
    adopt: Annotated[
        bool,
        typer.Option(
            "--adopt", help="First put on the chain what an earlier version kept in the meantime."
        ),
    ] = False,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Check that everything is still exactly as it was saved, and that nothing is gone."""
    from pipelines.keeping.home import open_home
    from pipelines.keeping.layout import return_folders
    from pipelines.keeping.verify import unfinished
    from pipelines.verify_home import verify as verify_home

    programme = open_home(options.home_of(home))
    if adopt:
        output.aside(
            f"Put on the chain: {wording.counted(programme.archive.adopt(), 'entry', 'entries')}."
        )
    with output.working("Checking every entry"):
        found = verify_home(programme, read_again, [_known_to(path) for path in against or []])
        links = programme.archive.links()
        returns = sum(1 for _ in return_folders(programme.archive.root))
        root = programme.archive.root
        left = [path.relative_to(root).as_posix() for path in unfinished(programme.archive)]
    if as_json:
        output.as_json(
            {
                "returns": returns,
                "problems": found,
                "unfinished": left,
                "chain": {"lines": len(links), "counts_after": _counts_after(links)},
            }
        )
    else:
        output.line("\n".join(found) if found else _all_is_well(returns, links))
        if left:
            output.line(
                "\nLeft behind by something that was interrupted. Nothing reads these files, and "
                "you can delete them while nobody is sending:"
            )
            output.line("\n".join(f"  {path}" for path in left))
    raise typer.Exit(Exit.PROBLEMS if found else Exit.DONE)


def _known_to(file: Path) -> "KnownLine":
    from zipfile import is_zipfile

    from dashboard.cli.input_files import content_of
    from pipelines import backup, receipt_check

    if is_zipfile(file):
        return backup.known_line(file)
    try:
        return receipt_check.known_line(content_of(file), f"Receipt {file.name}")
    except receipt_check.NoReceipt:
        raise Refused(
            f"{file} is neither a whole backup nor a receipt: name the ZIP file of a backup or the "
            "JSON file of a receipt."
        ) from None


def _all_is_well(returns: int, links: list["Link"]) -> str:
    well = f"All {returns} returns are as they were saved."
    if not links:
        return f"{well} The chain of this archive begins with the next entry or build."
    entries = sum(link.kind != "start" for link in links)
    after = _counts_after(links)
    since = f" It counts from {wording.moment(datetime.fromisoformat(after))} on." if after else ""
    return f"{well} None of the {entries:,} entries on the chain is gone.{since}"


def _counts_after(links: list["Link"]) -> str | None:
    """The newest entry that was there when the chain was begun; None if there was none."""
    return next((link.entry for link in links if link.kind == "start"), None) or None
