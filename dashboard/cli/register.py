"""feeling-safe register: save the register you edited."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import audit_lines, figures, options, output
from dashboard.cli.errors import Refused
from dashboard.cli.init import REGISTER

if TYPE_CHECKING:
    from pipelines.keeping.home import Home
    from pipelines.registers.register import Register


def register(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Where its CSV files are.", show_default="register/ in the home"),
    ] = None,
    reason: Annotated[str, typer.Option(help="What changed, for the record.")] = "Edited",
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Write the files of the register in use, for editing.")
    ] = False,
    restore: Annotated[
        int | None,
        typer.Option(metavar="VERSION", help="Save this earlier version again instead."),
    ] = None,
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Save the edited register of trusts, wards and people."""
    from pipelines.keeping.decisions import Decided
    from pipelines.keeping.edited_register import brought_back, keep_edited, mark
    from pipelines.keeping.registering import RegisterChanged
    from pipelines.registers.excel_codes import spoilt_by_excel
    from pipelines.registers.files import based_on, is_same, read_register

    programme, sender, now = options.opened(home, by)
    where = folder or programme.root / REGISTER
    if fetch:
        _fetch(programme, where, as_json)
        return
    in_use, may_forget = programme.archive.newest_register(), frozenset()
    if restore is None:
        if not where.is_dir():
            raise Refused(f"There is no folder {where}: name the one with the register's files.")
        edited, version = read_register(where, otherwise=in_use), based_on(where)
        if is_same(edited, in_use):
            _unchanged(in_use, as_json)
            return
    else:
        edited, may_forget = brought_back(programme.archive, restore)
        version = in_use.version
    try:
        kept = keep_edited(programme, edited, Decided(sender, now, reason), version, may_forget)
    except RegisterChanged as changed:
        raise Refused(
            f"{changed} Write the newest version into another folder with --fetch, and make your "
            "changes there."
        ) from None
    if version is not None and restore is None:
        mark(where, kept.version)
    release = figures.worked_out(programme, now)
    audit_lines.note("register", sender, release, version=str(kept.version))
    counts = _counts(kept)
    if as_json:
        about = {"version": kept.version, **counts, "changed": True, "release": release}
        output.as_json(about)
        return
    listed = ", ".join(f"{number} {what}" for what, number in counts.items())
    output.line(
        f"The register is saved as version {kept.version}: {listed}. Release {release} uses it."
    )
    if spoilt := spoilt_by_excel(kept):
        output.line(
            f"Excel turns these codes of wards into a number or a date: {', '.join(spoilt)}. "
            "Choose others if you can, or set such cells to Text before typing."
        )
    if kept.version > 1:
        output.line(f"To undo it: feeling-safe register --restore {kept.version - 1}")


def _unchanged(in_use: "Register", as_json: bool) -> None:
    """Say that the files are those of the version in use, of which no second one is kept."""
    if as_json:
        about = {"version": in_use.version, **_counts(in_use), "changed": False, "release": None}
        output.as_json(about)
        return
    output.line(
        f"These files change nothing in version {in_use.version} of the register, so nothing was "
        "saved."
    )


def _counts(register: "Register") -> dict[str, int]:
    return {
        "trusts": register.trusts["trust_code"].n_unique(),
        "wards": register.wards.select("trust_code", "ward_code").unique().height,
        "people": register.access["email"].n_unique(),
    }


def _fetch(programme: "Home", folder: Path, as_json: bool) -> None:
    from pipelines.keeping.edited_register import write_register

    if any(folder.glob("*.csv")):
        raise Refused(
            f"{folder} already holds the files of a register, which may have been edited: name "
            "another folder."
        )
    newest = programme.archive.newest_register()
    write_register(folder, newest)
    if as_json:
        output.as_json({"version": newest.version, "folder": str(folder)})
        return
    output.line(f"Version {newest.version} of the register is in {folder}, ready to edit.")
