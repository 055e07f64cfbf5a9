"""feeling-safe submit: check, keep, receipt, release."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands import noted, options, say
from dashboard.commands.boundary import Exit, Refused

if TYPE_CHECKING:
    from pipelines.accepting.arrival import Submission
    from pipelines.keeping.home import Home


def submit(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Workbooks, CSV or ZIP.")],
    answer: Annotated[
        list[str] | None,
        typer.Option(
            "--answer",
            metavar='CODE="reason"',
            help='The answer to a query; repeat it. "W04 monthly!D5=reason" is about one cell.',
        ),
    ] = None,
    answer_all: Annotated[
        str | None, typer.Option(metavar='"reason"', help="One answer to all other queries.")
    ] = None,
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Check a return, keep it and show it on the dashboard.

    Several files are taken one by one: those that may be kept are, and one release shows them all.
    """
    from dashboard.commands.files import code_of_sent, content_of, worst
    from dashboard.commands.sent import for_machines, told
    from pipelines.keeping.home import open_home
    from pipelines.submit import submit as submit_file

    contents = [(path, content_of(path)) for path in files]
    answers, sender = _answers(answer or [], answer_all), options.sender_of(by)
    programme = open_home(options.home_of(home))
    sent = []
    with say.progress() as progress:
        for number, (path, content) in enumerate(contents):
            progress("Sending", number, len(contents))
            now = datetime.now(UTC)
            arrived = submit_file(
                programme, content, path.name, sender, now, answers, release=False
            )
            sent.append((path, arrived))
        progress("Sending", len(contents), len(contents))
    release, trouble = _release(programme, sent)
    for _, arrived in sent:
        noted.note_sent(arrived, sender, release)
    if as_json:
        said = [for_machines(arrived, release) for _, arrived in sent]
        say.machine(said if len(said) > 1 else said[0])
    else:
        say.line("\n\n\n".join(told(path, arrived) for path, arrived in sent))
        if release:
            say.line(f"\nThe dashboard shows it: release {release}.")
    if trouble:
        say.aside(trouble)
        raise typer.Exit(Exit.PROBLEMS)
    raise typer.Exit(worst(code_of_sent(arrived) for _, arrived in sent))


def _answers(given: list[str], for_all: str | None) -> dict[str, str]:
    from pipelines.keeping.reasons import EVERY_CODE, key_from

    answers = {} if for_all is None else {EVERY_CODE: for_all.strip()}
    for text in given:
        about, _, reason = text.partition("=")
        key = key_from(about)
        if key is None or not reason.strip():
            raise Refused(
                f"“{text}” is not an answer: write the query's code, an equals sign and the "
                'reason, for example --answer W01="Few people were well enough to be asked". '
                'To answer for one cell, name it: --answer "W04 monthly!D5=Half the ward was shut".'
            )
        answers[key] = reason.strip()
    return answers


def _release(home: "Home", sent: list[tuple[Path, "Submission"]]) -> tuple[str | None, str | None]:
    """The release that shows what was kept, or why there is none yet."""
    if not any(arrived.receipt for _, arrived in sent):
        return None, None
    from pipelines.releasing.build import build

    try:
        with say.working("Working out the figures"):
            return build(home, datetime.now(UTC)).stem, None
    except (ValueError, RuntimeError, OSError) as error:
        return None, f"What was sent is kept, but the dashboard can't show it yet: {error}"
