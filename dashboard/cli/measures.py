"""feeling-safe measures: the measures that a programme changes or adds, and their versions."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.cli import audit_lines, figures, options, output
from dashboard.cli.errors import Exit
from schemas import wording

if TYPE_CHECKING:
    from pipelines.edited_measures import Difference
    from pipelines.keeping.home import Home
    from schemas.ambitions import Ambition
    from schemas.receipts import MeasuresReceipt

MEASURES = "measures"  # where they are edited, in a home
_LONGEST = 60  # characters of a value that are worth repeating
_AIMED = ("target", "ambitions")  # what has the unit of the measure
_UNITS = {"percent": "%", "per_1000_bed_days": " per 1,000 bed days", "days": " days"}

measures = typer.Typer(
    help="Change or add measures for this programme, over those that come with the program.",
    no_args_is_help=True,
)
Folder = Annotated[
    Path | None,
    typer.Argument(help="Where the edited TOML files are.", show_default="measures/ in the home"),
]


@measures.command()
def show(home: options.Home = None, as_json: options.Json = False) -> None:
    """Show what differs from the measures that come with the program."""
    from pipelines.edited_measures import own_differences
    from pipelines.keeping.home import open_home

    programme = open_home(options.home_of(home))
    everything, kept = programme.archive.newest_measures(), programme.archive.measures_kept()
    found = own_differences(programme, kept[-1].version) if kept else []
    if as_json:
        about = {"version": kept[-1].version if kept else 0, "measures": len(everything)}
        output.as_json(about | {"differences": [_as_json(each) for each in found]})
        return
    if kept:
        output.line(_saved(kept[-1]))
    if not found:
        output.line(f"All {len(everything)} measures are as they come with the program.")
    for each in found:
        output.line(_in_words(each))


@measures.command()
def versions(home: options.Home = None, as_json: options.Json = False) -> None:
    """List who saved which version of them, newest first.

    Exits with 1, and names it, if one is gone or damaged.
    """
    from pipelines.keeping.home import open_home
    from pipelines.keeping.own_measures import lost_versions

    archive = open_home(options.home_of(home)).archive
    kept, lost = archive.measures_kept()[::-1], lost_versions(archive.root)
    if as_json:
        output.as_json([receipt.model_dump(mode="json") for receipt in kept])
    else:
        for receipt in kept:
            output.line(_saved(receipt))
        if not kept and not lost:
            output.line("This programme has not changed or added any measure.")
    for sentence in lost:
        output.aside(sentence)
    raise typer.Exit(Exit.PROBLEMS if lost else Exit.DONE)


@measures.command()
def fetch(
    ids: Annotated[
        list[str], typer.Argument(metavar="MEASURE...", help="Their codes, such as SS-P4.")
    ],
    into: Annotated[
        Path | None, typer.Option(help="Another folder.", show_default="measures/ in the home")
    ] = None,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="As they come with the program, not as in use.")
    ] = False,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Write the files of some measures into a folder, for editing."""
    from pipelines.edited_measures import fetch as write
    from pipelines.keeping.home import open_home

    programme = open_home(options.home_of(home))
    folder = into or programme.root / MEASURES
    written = write(programme, dict.fromkeys(ids), folder, shipped)
    if as_json:
        output.as_json([str(path) for path in written])
        return
    for path in written:
        output.line(f"{path} is ready to edit.")


@measures.command()
def check(folder: Folder = None, home: options.Home = None, as_json: options.Json = False) -> None:
    """Try edited files and show what they change; nothing is saved."""
    from pipelines.edited_measures import trial
    from pipelines.keeping.home import open_home

    programme = open_home(options.home_of(home))
    with output.working("Trying the figures"):
        tried = trial(programme, _files(programme, folder), datetime.now(UTC))
    if as_json:
        output.as_json([_as_json(each) for each in tried.differences])
        return
    output.line(
        "These files can be used, and change this:"
        if tried.differences
        else "These files can be used, and change nothing."
    )
    _list(tried.differences)


@measures.command()
def keep(
    reason: Annotated[str, typer.Option(help="What changed and why, for the record.")],
    folder: Folder = None,
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Save edited files, once the figures have been tried with them."""
    from pipelines.edited_measures import keep_edited
    from pipelines.keeping.decisions import Decided

    programme, sender, now = options.opened(home, by)
    with output.working("Trying the figures"):
        files = _files(programme, folder)
        version, changed = keep_edited(programme, files, Decided(sender, now, reason))
    _kept(programme, sender, now, (version, changed), as_json)


@measures.command()
def restore(
    version: Annotated[int, typer.Argument(metavar="VERSION", help="0: those that ship alone.")],
    reason: Annotated[str, typer.Option(help="Why, for the record.")],
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Save the measures of an earlier version again; the versions in between are kept."""
    from pipelines.edited_measures import restore as save_again
    from pipelines.keeping.decisions import Decided

    programme, sender, now = options.opened(home, by)
    with output.working("Trying the figures"):
        kept = save_again(programme, version, Decided(sender, now, reason))
    _kept(programme, sender, now, kept, as_json)


def _kept(
    programme: "Home",
    sender: str,
    now: datetime,
    kept: "tuple[int, list[Difference]]",
    as_json: bool,
) -> None:
    """Work out the figures if anything was changed, and say what."""
    (version, changed), release = kept, None
    if changed:
        release = figures.worked_out(programme, now)
        audit_lines.note("measures", sender, release, version=str(version))
    if as_json:
        differences = [_as_json(each) for each in changed]
        output.as_json({"version": version, "differences": differences, "release": release})
        return
    if not changed:
        output.line("This changes nothing, so nothing was saved.")
        return
    output.line(f"Version {version} of the programme’s own measures is saved. It changes this:")
    _list(changed)
    output.line(f"Release {release} uses it.")
    output.line(f"To undo it: feeling-safe measures restore {version - 1}")


def _files(programme: "Home", folder: Path | None) -> dict[str, bytes]:
    from pipelines.measures import contents

    return contents(folder or programme.root / MEASURES)


def _saved(receipt: "MeasuresReceipt") -> str:
    return (
        f"Version {receipt.version}: saved by {receipt.received_by} at "
        f"{wording.moment(receipt.received_at)} (“{receipt.reason}”)."
    )


def _list(differences: Sequence["Difference"]) -> None:
    for each in differences:
        output.line(_in_words(each))
    for each in differences:
        if texts := each.texts_with_former_target:
            before, _ = each.fields["target"]
            name = "names" if len(texts) == 1 else "name"
            output.line(
                f"{each.after.id}: {wording.listed(texts)} still {name} {before:g}, the target "
                "before this change. Is that right?"
            )
    for each in differences:
        for target in each.tiny_targets:
            output.line(
                f"{each.after.id}: the target is {target:g}%. Percentages are written from 0 to "
                f"100: is {target * 100:g}% meant?"
            )
    if otherwise := [each.after.id for each in differences if each.counted_otherwise]:
        output.line(
            f"{', '.join(otherwise)}: every month is worked out again, so figures from before no "
            "longer agree with those on the screens."
        )


def _in_words(each: "Difference") -> str:
    if each.before is None:
        return f"  {each.after.id} {each.after.name}: added."
    unit = _UNITS.get(each.after.unit, "")
    changed = "; ".join(_field(name, *values, unit) for name, values in each.fields.items())
    return f"  {each.after.id} {each.after.name}: {changed}."


def _field(name: str, before: object, after: object, unit: str) -> str:
    was, becomes = (_value(value, unit if name in _AIMED else "") for value in (before, after))
    if isinstance(after, str) and max(len(was), len(becomes)) > _LONGEST:
        return f"{name} in other words"
    if was == becomes:  # what an ambition rests on, such as its baseline
        return f"{name} {becomes} with other details"
    return f"{name} {becomes} instead of {was}"


def _value(value: object, unit: str = "") -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        parts = (one if isinstance(one, str) else _aim(one, unit) for one in value)
        return " + ".join(parts) or "nothing"
    if isinstance(value, date):
        return wording.day_of(value)
    if isinstance(value, str):
        return f"“{value}”"
    return "none" if value is None else f"{value:g}{unit}"


def _aim(ambition: "Ambition", unit: str) -> str:
    if ambition.target is None:
        return f"“{ambition.name}” ({ambition.in_words})"
    return f"“{ambition.name}” ({ambition.target:g}{unit} by {ambition.by})"


def _as_json(each: "Difference") -> dict[str, Any]:
    was, becomes = (m.model_dump(mode="json") if m else {} for m in (each.before, each.after))
    fields = {name: {"before": was[name], "after": becomes[name]} for name in each.fields}
    return {
        "measure": each.after.id,
        "name": each.after.name,
        "added": each.before is None,
        "counted_otherwise": each.counted_otherwise,
        "fields": fields,
    }
