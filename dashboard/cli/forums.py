"""feeling-safe forums: the programme's learning forums, who came, and what people said."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import audit_lines, figures, options, output
from dashboard.cli.input_files import content_of
from schemas import wording

if TYPE_CHECKING:
    from pipelines.keeping.forums import KeptForum
    from pipelines.keeping.home import Home

forums = typer.Typer(
    help="Keep the programme’s learning forums, who came to them, and what people said.",
    no_args_is_help=True,
)
Code = Annotated[str, typer.Argument(metavar="FORUM", help="Its code, such as LF07.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file.")]
Reason = Annotated[str, typer.Option(help="What changed and why, for the record.")]


@forums.command()
def show(home: options.Home = None, as_json: options.Json = False) -> None:
    """List the forums, with how many people came and how many answered."""
    from pipelines.keeping.home import open_home
    from pipelines.learning import save

    found = save.forums(open_home(options.home_of(home)))
    if as_json:
        output.as_json([_as_json(forum) for forum in found])
        return
    if not found:
        output.line("There are no learning forums yet.")
    for forum in found:
        output.line(_in_words(forum))


@forums.command()
def keep(
    file: File,
    reason: Reason = "From a file",
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Save the forums in a list: forum, date, title, kind, materials and recording."""
    from pipelines.keeping.decisions import Decided
    from pipelines.learning.forums_file import read_forums
    from pipelines.learning.save import save_forums

    programme, sender, now = options.opened(home, by)
    found, notes = read_forums(file.name, content_of(file))
    changed = save_forums(programme, found, Decided(sender, now, reason))
    said = f"Saved: {wording.listed(changed)}."
    _saved(programme, sender, now, as_json, (changed, said, notes))


@forums.command()
def attendance(
    forum: Code,
    file: File,
    reason: Reason = "Attendance from a file",
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Save who came: trust_code, ward_code, staff, lived_experience and carers, in numbers."""
    from pipelines.keeping.decisions import Decided
    from pipelines.learning.attendance_file import read_attendance
    from pipelines.learning.save import save_attendance

    programme, sender, now = options.opened(home, by)
    code = forum.strip().upper()
    register = programme.archive.newest_register()
    found, notes = read_attendance(file.name, content_of(file), register)
    saved = save_attendance(programme, code, found, Decided(sender, now, reason))
    people, trusts = int(found["people"].sum()), found["trust_code"].n_unique()
    said = (
        f"{wording.counted(people, 'person', 'people')} from {wording.counted(trusts, 'trust')} "
        f"saved for {code}."
    )
    _saved(programme, sender, now, as_json, ([code] if saved else [], said, notes))


@forums.command()
def evaluation(
    forum: Code,
    file: File,
    reason: Reason = "Evaluation from a file",
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Save what people said: a form’s export, one row for each response, without names.

    It takes the place of what was saved for this forum before.
    """
    from pipelines.keeping.decisions import Decided
    from pipelines.learning.evaluation_file import read_evaluation
    from pipelines.learning.save import save_evaluation
    from schemas.london_time import london_day

    programme, sender, now = options.opened(home, by)
    code = forum.strip().upper()
    register = programme.archive.newest_register()
    found, notes = read_evaluation(file.name, content_of(file), register, london_day(now))
    saved = save_evaluation(programme, code, found, Decided(sender, now, reason))
    questions = found["question"].n_unique()
    said = f"Answers to {wording.counted(questions, 'question')} saved for {code}."
    _saved(programme, sender, now, as_json, ([code] if saved else [], said, notes))


@forums.command("undo")
def undo_last(
    forum: Code,
    reason: Annotated[str, typer.Option(help="Why, for the record.")],
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Undo the last change to a forum; if adding it was the only one, it is removed."""
    from pipelines.keeping.decisions import Decided
    from pipelines.learning.save import undo_forum

    programme, sender, now = options.opened(home, by)
    code = forum.strip().upper()
    undo_forum(programme, code, Decided(sender, now, reason))
    said = f"The last change to {code} is undone."
    _saved(programme, sender, now, as_json, ([code], said, ()))


def _saved(
    programme: "Home",
    by: str,
    now: datetime,
    as_json: bool,
    outcome: tuple[Sequence[str], str, Sequence[str]],
) -> None:
    """Work out the figures and say what was saved: the forums changed, a sentence, and notes."""
    changed, said, notes = outcome
    release = figures.worked_out(programme, now) if changed else None
    for forum in changed:
        audit_lines.note("forum", by, release, forum=forum)
    if as_json:
        output.as_json({"changed": list(changed), "notes": list(notes), "release": release})
        return
    for note in notes:
        output.aside(note)
    output.line(
        f"{said} Release {release} shows it."
        if changed
        else "This file changes nothing, so nothing was saved."
    )
    for forum in changed:
        output.line(f"To undo it: feeling-safe forums undo {forum}")


def _in_words(forum: "KeptForum") -> str:
    """A line about a forum; where nobody has counted, that is not the same as 0."""
    about, came = forum.about, "not counted who came"
    if not forum.attendance["people"].is_empty():
        came = f"{wording.counted(_came(forum), 'person', 'people')} came"
    said = "no answers yet"
    if not forum.answers.is_empty():
        said = f"{wording.counted(_answered(forum), 'person', 'people')} answered"
    return f"{about.forum}  {wording.day_of(about.day)}  {about.title}: {came}, {said}."


def _came(forum: "KeptForum") -> int:
    return int(forum.attendance["people"].sum())


def _as_json(forum: "KeptForum") -> dict[str, object]:
    about = forum.about.model_dump(mode="json", exclude={"removed"})
    return about | {"people": _came(forum), "answered": _answered(forum)}


def _answered(forum: "KeptForum") -> int:
    """The most people that answered any question."""
    import polars as pl

    people = forum.answers.group_by("question").agg(pl.col("people").sum())["people"]
    return max(people.to_list(), default=0)
