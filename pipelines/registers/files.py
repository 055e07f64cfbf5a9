"""The CSV files of a register: read with every problem at once, written for people to edit."""

from io import BytesIO
from pathlib import Path

import polars as pl

from pipelines.registers.register import Register, RegisterError, register_of
from pipelines.registers.register_checks import problems_of
from pipelines.registers.register_table import parsed
from schemas.register import REGISTER_FILES


def read_register(folder: Path, version: int = 0, checked: bool = False) -> Register:
    """Read the CSV files of a register; raises RegisterError with every problem at once.

    `checked` leaves out the rules between rows and files, for a register that passed them.
    """
    frames, sentences = {}, []
    for name in REGISTER_FILES:
        path = folder / f"{name}.csv"
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            sentences.append(f"{name}.csv is missing: put it in {folder.name}, headers at least.")
        except UnicodeDecodeError:
            sentences.append(f"{name}.csv is not UTF-8 text: save it as “CSV UTF-8”.")
        else:
            frames[name], found = parsed(name, text)
            sentences += found
    if sentences:
        raise RegisterError(sentences)
    register = register_of(frames, version)
    if not checked and (sentences := problems_of(register)):
        raise RegisterError(sentences)
    return register


def write_register(folder: Path, register: Register) -> None:
    """Write the CSV files of a register into a folder, for a person to edit."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in as_csv(register).items():
        (folder / name).write_bytes(content)


def as_csv(register: Register) -> dict[str, bytes]:
    """The files of a register by name, as bytes that are the same on every system."""
    return {f"{name}.csv": _csv(getattr(register, name)) for name in REGISTER_FILES}


def _csv(frame: pl.DataFrame) -> bytes:
    file = BytesIO()
    frame.write_csv(file)
    return file.getvalue()
