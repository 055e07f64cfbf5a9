"""Moves a file away once it has been sent, with its receipt or its findings."""

import json
import os
from pathlib import Path
from typing import Any

from pipelines.accepting.submission import Submission
from pipelines.keeping.drop_folder import ANSWERS, Dropped, free_name
from pipelines.keeping.interrupted_files import forget
from pipelines.keeping.staging import keep_file
from pipelines.releasing.builder import Built
from pipelines.watching.watcher import Taken, Watcher
from pipelines.workbooks.problem_report import own_tables, report

SENT, PROBLEMS = "sent", "problems"


def put_away(watcher: Watcher, file: Dropped, arrived: Submission, shown: Built) -> Taken:
    """Write a file's result beside its destination, then move the file there."""
    place = watcher.folder / (SENT if arrived.receipt else PROBLEMS)
    path, details = free_name(place, file.name), _details(watcher, arrived, shown)
    if arrived.receipt:
        keep_file(place / f"{path.name}.receipt.json", _json(details))
    else:
        workbook = report(arrived.checked, own_tables(file.content), watcher.now())
        keep_file(place / f"{path.name}.problems.xlsx", workbook)
        keep_file(place / f"{path.name}.problems.json", _json(details))
    move(watcher.folder, file, path)
    return Taken(file.name, path, arrived, details)


def move(folder: Path, file: Dropped, path: Path) -> None:
    """Move a file, with the explanations beside it, to a free name, and forget it."""
    explanations = folder / f"{file.name}{ANSWERS}"
    if os.path.exists(explanations):  # first, so that none are left for another file of that name
        os.replace(explanations, path.with_name(f"{path.name}{ANSWERS}"))
    os.replace(folder / file.name, path)
    forget(folder, file)


def _details(watcher: Watcher, arrived: Submission, shown: Built) -> dict[str, Any]:
    carried = {"answers_carried": arrived.carried}
    if arrived.receipt is None:
        needed = {"answers_needed": list(arrived.unanswered), "unfit": list(arrived.unfit)}
        return arrived.checked.as_dict() | needed | carried
    receipt, (release, trouble) = arrived.receipt, shown
    about = {
        "already_kept": arrived.already_kept,
        "answers_kept": arrived.answers_kept,
        "release": release,
        "trouble": trouble,
    }
    return watcher.home.archive.given(receipt) | carried | about


def _json(details: dict[str, Any]) -> bytes:
    return (json.dumps(details, ensure_ascii=False, indent=2) + "\n").encode()
