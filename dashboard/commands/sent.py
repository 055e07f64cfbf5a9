"""What came of sending a file, as it is told: to a person, or to a program."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.commands import say

if TYPE_CHECKING:
    from pipelines.accepting.arrival import Submission
    from schemas.receipts import Receipt


def for_machines(arrived: "Submission", release: str | None) -> dict[str, Any]:
    """What came of one file, as `submit --json` prints it."""
    receipt = arrived.receipt
    return arrived.checked.as_dict() | {
        "receipt": receipt.model_dump(mode="json") | {"return_id": receipt.return_id}
        if receipt
        else None,
        "already_kept": arrived.already_kept,
        "answers_kept": arrived.answers_kept,
        "answers_carried": arrived.carried,
        "answers_needed": list(arrived.unanswered),
        "answers_refused": list(arrived.unfit),
        "release": release if receipt else None,
    }


def told(path: Path, arrived: "Submission") -> str:
    """What came of one file, for the person who sent it: its receipt, or what is needed."""
    from dashboard.commands.report import report

    if arrived.receipt is None:
        found = report(arrived.checked, closing=not arrived.unanswered)
        return f"{found}\n\n{_how_to_answer(path, arrived)}" if arrived.unanswered else found
    from schemas.deadlines import in_london

    receipt = arrived.receipt
    received = in_london(receipt.received_at)
    moment = f"{say.day(received)} at {received:%H:%M}"
    return "\n".join(
        [
            f"{path.name}: {_what_became(arrived)}.",
            f"  Receipt:   {receipt.return_id} (version {receipt.version} of this month)",
            f"  Received:  {moment}, London time, from {receipt.received_by}",
            f"  Rows:      {receipt.rows}",
            f"  Queries:   {_answered(receipt)}",
            *_as_last_time("  Answers:   as last time to ", arrived),
            f"  SHA-256:   {receipt.sha256}",
        ]
    )


def _what_became(arrived: "Submission") -> str:
    if not arrived.already_kept:
        return "Kept"
    if not arrived.answers_kept:
        return "It was kept before; nothing changed"
    kept = "Your answer is" if arrived.answers_kept == 1 else f"{arrived.answers_kept} answers are"
    return f"The return was kept before. {kept} kept with it now"


def _how_to_answer(path: Path, arrived: "Submission") -> str:
    wanted = " ".join(f"--answer {about}" for about in _wanted(arrived))
    if arrived.unfit:
        return "\n".join(["Nothing has been kept this time.", *arrived.unfit])
    return "\n".join(
        [
            "Nothing has been kept yet. If the figures are right, say why and send it again:",
            f'  feeling-safe submit "{path}" {wanted}',
            *_as_last_time("What was said last time will be kept again for ", arrived),
        ]
    )


def _wanted(arrived: "Submission") -> list[str]:
    """What an answer is needed for: a code, or its cells where others of it are answered."""
    from schemas.receipts import query_key

    partly = {key.partition(" ")[0] for key in arrived.carried}
    cells = [query_key(p.code, p.sheet, p.cell) for p in arrived.lacking if p.code in partly]
    codes = [code for code in arrived.unanswered if code not in partly]
    return [f'{code}="…"' for code in codes] + [f'"{cell}=…"' for cell in dict.fromkeys(cells)]


def _answered(receipt: "Receipt") -> str:
    asked = [query.answer for query in receipt.queries if query.severity == "query"]
    answered = sum(answer is not None for answer in asked)
    return f"{answered} of {len(asked)} answered" if asked else "none"


def _as_last_time(lead: str, arrived: "Submission") -> Iterator[str]:
    """Which queries have the answer of the version before, in the same words."""
    if arrived.carried:
        yield f"{lead}{', '.join(arrived.carried)}"
