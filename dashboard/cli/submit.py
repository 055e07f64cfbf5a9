"""feeling-safe submit: check a return, save it and build a release."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.cli import audit_lines, figures, options, output
from dashboard.cli.errors import Exit, Refused
from schemas import wording

if TYPE_CHECKING:
    from pipelines.accepting.submission import Submission
    from pipelines.keeping.home import Home
    from schemas.receipts import Receipt


def submit(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Workbooks, CSV or ZIP.")],
    answer: Annotated[
        list[str] | None,
        typer.Option(
            "--answer",
            metavar='CODE="reason"',
            help='Explain a query; can be repeated. "W04 monthly!D5=reason" is for one cell.',
        ),
    ] = None,
    answer_all: Annotated[
        str | None, typer.Option(metavar='"reason"', help="One explanation for all other queries.")
    ] = None,
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Check a return, save it and show it on the dashboard.

    Several files are handled one by one: those without errors are saved, and one release shows them
    all.
    """
    from dashboard.cli.input_files import code_of_sent, content_of, worst
    from pipelines.accepting.submission import Arrival, Submission
    from pipelines.keeping.home import open_home
    from pipelines.submit import submit as submit_file

    contents = [(path, content_of(path)) for path in files]
    explanations, sender = _explanations(answer or [], answer_all), options.sender_of(by)
    programme = open_home(options.home_of(home))
    sent: list[tuple[Path, Submission]] = []
    release = None
    try:
        with output.progress() as progress:
            for number, (path, content) in enumerate(contents):
                progress("Sending", number, len(contents))
                now = datetime.now(UTC)
                arrival = Arrival(content, path.name, sender, now, explanations)
                sent.append((path, submit_file(programme, arrival)))
            progress("Sending", len(contents), len(contents))
        release, trouble = _release(programme, sent)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_stopped(sent, [path for path, _ in contents])) from None
    finally:
        for _, arrived in sent:
            audit_lines.note_sent(arrived, sender, release)
    if as_json:
        results = [_for_machines(programme, arrived, release) for _, arrived in sent]
        output.as_json(results if len(results) > 1 else results[0])
    else:
        output.line("\n\n\n".join(_for_people(path, arrived) for path, arrived in sent))
        if release:
            output.line(f"\nThe dashboard shows it: release {release}.")
        for _, arrived in sent:
            if arrived.receipt and not arrived.already_kept:
                taken_out = f"feeling-safe withdraw {arrived.receipt.return_id}"
                output.line(f"To undo it: {taken_out} (what was sent is kept all the same)")
    if trouble:
        output.aside(trouble)
        raise typer.Exit(Exit.PROBLEMS)
    raise typer.Exit(worst(code_of_sent(arrived) for _, arrived in sent))


def _stopped(sent: "list[tuple[Path, Submission]]", files: list[Path]) -> str:
    """What became of each file if sending was stopped in between."""
    received = [f"{path.name} ({a.receipt.return_id})" for path, a in sent if a.receipt]
    told = ["Stopped."]
    if received:
        told.append(
            f"Received: {wording.listed(received)}. The figures don’t show "
            f"{'it' if len(received) == 1 else 'them'} yet: “feeling-safe build” works them out."
        )
    if rest := [path.name for path in files[len(sent) :]]:
        told.append(
            f"Send {wording.listed(rest)} again: a file that did arrive is not counted twice."
        )
    return " ".join(told)


def _explanations(given: list[str], for_all: str | None) -> dict[str, str]:
    from pipelines.keeping.explanations import EVERY_CODE, key_from

    explanations = {} if for_all is None else {EVERY_CODE: for_all.strip()}
    for text in given:
        about, _, reason = text.partition("=")
        key = key_from(about)
        if key is None or not reason.strip():
            raise Refused(
                f"“{text}” does not explain a query: write its code, an equals sign and the "
                'reason, for example --answer W01="Few people were well enough to be asked". '
                'To explain one cell, name it: --answer "W04 monthly!D5=Half the ward was shut".'
            )
        explanations[key] = reason.strip()
    return explanations


def _release(home: "Home", sent: list[tuple[Path, "Submission"]]) -> tuple[str | None, str | None]:
    """The release that shows what was received, or why there is none yet."""
    if not any(arrived.receipt for _, arrived in sent):
        return None, None
    try:
        return figures.worked_out(home, datetime.now(UTC)), None
    except (ValueError, RuntimeError, OSError) as error:
        return None, f"The return was received, but the dashboard can't show it yet: {error}"


def _for_machines(home: "Home", arrived: "Submission", release: str | None) -> dict[str, Any]:
    """The result for one file, as `submit --json` prints it."""
    receipt = arrived.receipt
    return arrived.checked.as_dict() | {
        "receipt": home.archive.given(receipt) if receipt else None,
        "already_kept": arrived.already_kept,
        "answers_kept": arrived.answers_kept,
        "answers_carried": arrived.carried,
        "answers_needed": list(arrived.unanswered),
        "answers_refused": list(arrived.unfit),
        "release": release if receipt else None,
    }


def _for_people(path: Path, arrived: "Submission") -> str:
    """The result for one file, for the person who sent it: its receipt, or what is needed."""
    from dashboard.cli.check_report import report

    if arrived.receipt is None:
        found = report(arrived.checked, closing=not arrived.unanswered)
        return f"{found}\n\n{_how_to_explain(path, arrived)}" if arrived.unanswered else found
    receipt, what = arrived.receipt, "baseline" if arrived.receipt.baseline_to else "month"
    moment = wording.moment(receipt.received_at)
    return "\n".join(
        [
            f"{path.name}: {_outcome(arrived)}.",
            f"  Receipt:   {receipt.return_id} (version {receipt.version} of this {what})",
            f"  Received:  {moment}, London time, from {receipt.received_by}",
            f"  Rows:      {receipt.rows}",
            f"  Queries:   {_explained(receipt)}",
            *_as_last_time("  Explained: as last time for ", arrived),
            f"  SHA-256:   {receipt.sha256}",
        ]
    )


def _outcome(arrived: "Submission") -> str:
    if not arrived.already_kept:
        return "Return received"
    if not arrived.answers_kept:
        return "Already received; nothing has changed"
    count = wording.counted(arrived.answers_kept, "new explanation")
    return f"Already received; {count} saved with it"


def _how_to_explain(path: Path, arrived: "Submission") -> str:
    wanted = " ".join(
        f'--answer "{key}=…"' if " " in key else f'--answer {key}="…"' for key in arrived.to_explain
    )
    if arrived.unfit:
        return "\n".join(["Nothing has been saved.", *arrived.unfit])
    return "\n".join(
        [
            "Nothing has been saved yet. If the figures are right, explain why and send it again:",
            f'  feeling-safe submit "{path}" {wanted}',
            *_as_last_time("Last time's explanation carries over for ", arrived),
        ]
    )


def _explained(receipt: "Receipt") -> str:
    queries = [query for query in receipt.queries if query.severity == "query"]
    explained = sum(query.answer is not None for query in queries)
    return f"{explained} of {len(queries)} explained" if queries else "none"


def _as_last_time(lead: str, arrived: "Submission") -> Iterator[str]:
    """Which queries carry over the explanation of the version before."""
    if arrived.carried:
        yield f"{lead}{', '.join(arrived.carried)}"
