"""Where each entry of an archive is stored, below its root."""

import os
from collections.abc import Iterator
from pathlib import Path

from pipelines.keeping.staging import versions

ROWS, RECEIPT = "rows.parquet", "receipt.json"
ARCHIVE = "archive"  # below a home
CHAIN, HEAD = "chain.jsonl", "head.json"
REGISTER_TABLES = (
    "trusts.csv",
    "wards.csv",
    "access.csv",
    "standards.csv",
    "questions.csv",
    "invitations.csv",  # only in versions that have any, as the next ones
    "groups.csv",
    "yardsticks.csv",
)


def returns_in(root: Path) -> Path:
    """The folder with a subfolder for each trust, month and version."""
    return root / "returns"


def registers_in(root: Path) -> Path:
    """The folder with a subfolder for each version of the register."""
    return root / "register"


def measures_in(root: Path) -> Path:
    """The folder with a subfolder for each version of the programme's own measures."""
    return root / "measures"


def forums_in(root: Path) -> Path:
    """The folder with a subfolder for each learning forum and version of it."""
    return root / "forums"


def decisions_in(root: Path) -> Path:
    """The folder with a file for each decision, named so that they sort by time."""
    return root / "decisions"


def attempts_in(root: Path) -> Path:
    """The folder with a log for each month of the attempts to send a file."""
    return root / "attempts"


def chain_file(root: Path) -> Path:
    """The file with a line for each entry (`pipelines.keeping.chain`)."""
    return root / CHAIN


def head_file(root: Path) -> Path:
    """The file that names the last line of the chain: beside the archive, not in it."""
    return root.parent / HEAD


def published_in(root: Path) -> Path:
    """The folder with the head published for each month, beside the archive too."""
    return root.parent / "published"


def return_folders(root: Path) -> Iterator[Path]:
    """The folder of every version of every return."""
    for trust in _folders(returns_in(root)):
        for month in _folders(trust):
            for version in versions(month):
                yield month / str(version)


def return_receipts(root: Path) -> Iterator[str]:
    """The receipt of every version of every return: only its name, as there are many."""
    returns = str(returns_in(root))
    for trust in _names(returns):
        for month in _names(f"{returns}{os.sep}{trust}"):
            folder = f"{returns}{os.sep}{trust}{os.sep}{month}{os.sep}"
            for version in versions(folder):
                yield f"{folder}{version}{os.sep}{RECEIPT}"


def register_folders(root: Path) -> list[Path]:
    """The folder of every version of the register, oldest first."""
    return [registers_in(root) / str(version) for version in versions(registers_in(root))]


def measures_folders(root: Path) -> list[Path]:
    """The folder of every version of the programme's own measures, oldest first."""
    return [measures_in(root) / str(version) for version in versions(measures_in(root))]


def forum_folders(root: Path) -> Iterator[Path]:
    """The folder of every version of every learning forum, each forum's oldest first."""
    for forum in _folders(forums_in(root)):
        for version in versions(forum):
            yield forum / str(version)


def decision_files(root: Path) -> list[Path]:
    """The file of every decision, oldest first."""
    return sorted(decisions_in(root).glob("[0-9]*.json"))


def _folders(parent: Path) -> list[Path]:
    return [parent / name for name in _names(parent)]


def _names(parent: Path | str) -> list[str]:
    """The names of the folders in a folder, in order."""
    try:
        with os.scandir(parent) as found:  # says what a folder is without asking for each
            return sorted(
                each.name for each in found if not each.name.startswith(".") and each.is_dir()
            )
    except (FileNotFoundError, NotADirectoryError):
        return []
