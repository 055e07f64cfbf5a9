"""Reads the CSV files of a register, listing every problem at once, and writes them for editing."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import polars as pl

from pipelines.registers.checks import problems_of
from pipelines.registers.register import Register, RegisterError, register_of
from pipelines.registers.register_table import edited, parsed
from schemas.receipts import MAY_BE_MISSING
from schemas.register import MAY_LACK, REGISTER_FILES

BASED_ON = "based_on.txt"


def read_register(
    folder: Path, version: int = 0, checked: bool = False, otherwise: Register | None = None
) -> Register:
    """Read the CSV files of a register; raises RegisterError with every problem at once.

    `checked` skips the rules between rows and files, for a register that has already passed them.
    `otherwise` supplies the files that may be missing, of `MAY_BE_MISSING`.
    """
    names = [f"{name}.csv" for name in REGISTER_FILES]
    files = {name: (folder / name).read_bytes() for name in names if (folder / name).exists()}
    sentences = [
        f"{name} is missing: put it in {folder.name}, even if it has only its headers."
        for name in names
        if name not in files and name.removesuffix(".csv") not in MAY_BE_MISSING
    ]
    return register_from(files, sentences, version, checked, otherwise)


def register_from(
    files: Mapping[str, bytes],
    sentences: list[str],
    version: int = 0,
    checked: bool = False,
    otherwise: Register | None = None,
) -> Register:
    """A register from the content of its files; raises RegisterError with every problem at once.

    `sentences` are problems found earlier; `otherwise` supplies the files that were left out.
    """
    frames, found = {}, []
    for name in REGISTER_FILES:
        if f"{name}.csv" in files:
            content = files[f"{name}.csv"]
            frames[name], wrong = _kept(name, content) if checked else edited(name, content)
            found += wrong
        elif otherwise is not None:
            frames[name] = getattr(otherwise, name)
    if found or sentences:
        raise RegisterError([*found, *sentences])
    register = register_of(frames, version)
    if not checked and (wrong := problems_of(register)):
        raise RegisterError(wrong)
    return register


def note_of(version: int) -> bytes:
    """The note beside the files in a folder that says which version they were made from."""
    return f"{version}\n".encode()


def based_on(folder: Path) -> int | None:
    """The version that the files in a folder were made from, if there is a note of it."""
    try:
        return version_in((folder / BASED_ON).read_bytes())
    except FileNotFoundError:
        return None


def version_in(content: bytes) -> int | None:
    """The version number in such a note."""
    text = content.decode("utf-8", "replace").strip()
    return int(text) if text.isdecimal() else None


def is_same(one: Register, other: Register) -> bool:
    """Whether two registers would be kept as the same files, rows in the same order."""
    return kept_files(one) == kept_files(other)


def as_csv(register: Register) -> dict[str, bytes]:
    """The files of a register by name; their bytes are the same on every system."""
    return {f"{name}.csv": _csv(getattr(register, name)) for name in REGISTER_FILES}


def kept_files(register: Register) -> dict[str, bytes]:
    """The files of a register as they are kept: without what is empty and may be missing.

    So a programme that doesn't use a file, or a column, keeps what earlier versions of the program
    can read.
    """
    kept = [n for n in REGISTER_FILES if n not in MAY_BE_MISSING or getattr(register, n).height]
    return {f"{name}.csv": _csv(_without_empty(name, getattr(register, name))) for name in kept}


def _without_empty(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    unused = [c for c in MAY_LACK.get(name, ()) if frame[c].null_count() == frame.height]
    return frame.drop(unused)


def _kept(name: str, content: bytes) -> tuple[pl.DataFrame, list[str]]:
    try:
        return parsed(name, content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return pl.DataFrame(), [f"{name}.csv is not UTF-8 text: save it as “CSV UTF-8”."]


def _csv(frame: pl.DataFrame) -> bytes:
    file = BytesIO()
    frame.write_csv(file)
    return file.getvalue()
