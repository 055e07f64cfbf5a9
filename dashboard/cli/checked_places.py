"""What check-config finds out about the folders and files that the service reads and writes."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from schemas import wording

if TYPE_CHECKING:
    from pipelines.keeping.home import Home

_OTHERS = 0o077  # what a group and everybody else may do


class Wrong(Exception):
    """What is wrong with something, and what to do; the message is a sentence."""


def folders(home: "Home") -> str:
    """Whether this account, and no other, can use the home."""
    for folder in (home.root, home.archive.root, home.releases):
        if folder.is_dir() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise Wrong(f"{folder} can't be read and written by this account.")
    private(home.root)
    return f"{home.root.resolve()} is this account's alone."


def private(path: Path) -> None:
    """Raise Wrong if anybody but this account may open a file or folder."""
    if os.name != "nt" and path.exists() and (mode := path.stat().st_mode) & _OTHERS:
        right = "700" if path.is_dir() else "600"
        raise Wrong(
            f"others may open {path} (its rights are {mode & 0o777:o}): “chmod {right} {path}”."
        )


def logs() -> str:
    """Whether the logs can be written, and where the audit log goes."""
    from pipelines.settings import Settings

    settings = Settings()
    for log in filter(None, (settings.error_log, settings.audit_log)):
        if not os.access(log if log.exists() else log.parent, os.W_OK):
            raise Wrong(f"{log} can't be written by this account.")
    if settings.audit_log is None:
        return "the audit log goes to standard error."
    private(settings.audit_log)
    return f"the audit log is {settings.audit_log}."


def backups(home: "Home") -> str:
    """Whether the folder of nightly backups can be used, and which is the last whole one."""
    from pipelines.rotation import newest_whole, numbered, unreadable
    from pipelines.settings import Settings

    folder = Settings().backups
    if folder is None:
        return "no folder is set (FEELING_SAFE_BACKUPS), so “status” can't name the last one."
    _elsewhere(folder, home)
    if unread := unreadable(numbered(folder)):
        raise Wrong(f"{', '.join(unread)} can't be read: delete it, or move it elsewhere.")
    last = newest_whole(folder)
    return f"the last whole one in {folder} is {last.path.name}." if last else f"none in {folder}."


def copy_elsewhere(home: "Home") -> str:
    """Whether each entry is copied to a second place, and how far that is."""
    from pipelines.mirror import behind
    from pipelines.settings import Settings

    folder = Settings().mirror
    if folder is None:
        return "none is kept (FEELING_SAFE_MIRROR is not set)."
    _elsewhere(folder, home)
    lacking = behind(home.root, folder)
    if lacking is None:
        raise Wrong(f"{folder} holds no copy yet: begin it with “feeling-safe mirror {folder}”.")
    return f"{folder} lacks {wording.counted(lacking, 'entry', 'entries')}."


def _elsewhere(folder: Path, home: "Home") -> None:
    """Raise Wrong unless a folder outside the home can be used by this account alone."""
    if not folder.is_dir():
        raise Wrong(f"there is no folder {folder}: create it, or mount its disk.")
    if folder.resolve().is_relative_to(home.root.resolve()):
        raise Wrong(f"{folder} is inside the programme's own folder: choose another disk.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise Wrong(f"{folder} can't be read and written by this account.")
    private(folder)
