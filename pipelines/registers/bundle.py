"""Packs the files of a register into one ZIP, and reads edited files back. Pure."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pipelines.reading.safe_zip import open_zip
from pipelines.reading.text_sheets import Unreadable
from pipelines.registers.files import BASED_ON, as_csv, register_from, version_in
from pipelines.registers.register import Register, refusal
from schemas.register import REGISTER_FILES
from schemas.wording import listed

_ZIP = ".zip"


def as_zip(register: Register) -> bytes:
    """The CSV files with their version number; the same register gives the same bytes."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in as_csv(register).items():
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)
        archive.writestr(ZipInfo(BASED_ON), f"{register.version}\n")
    return file.getvalue()


def taken_in(uploads: Mapping[str, bytes], register: Register) -> tuple[Register, int | None]:
    """The register in uploaded files, and the version they were made from.

    `uploads` holds CSV files, or a ZIP of them, by name. Files that are left out stay as they are
    in `register`. Raises RegisterError with every problem at once.
    """
    files, strange = {}, []
    for name, content in _unpacked(uploads).items():
        if name in as_csv(register) or name == BASED_ON:
            files[name] = content
        else:
            strange.append(
                f"“{name}” is not one of the register's files: they are "
                f"{listed([f'{one}.csv' for one in REGISTER_FILES])}."
            )
    if not strange and not files.keys() - {BASED_ON}:
        strange.append("None of these is a file of the register: choose at least one CSV file.")
    version = version_in(files[BASED_ON]) if BASED_ON in files else None
    return register_from(files, strange, otherwise=register), version


def _unpacked(uploads: Mapping[str, bytes]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name, content in uploads.items():
        if not name.lower().endswith(_ZIP):
            files[name.lower()] = content
            continue
        try:
            with open_zip(content) as archive:
                members = [entry for entry in archive.names if _is_file(entry)]
                files |= {
                    PurePosixPath(entry).name.lower(): archive.read(entry) for entry in members
                }
        except Unreadable as unreadable:
            raise refusal(f"{unreadable} {unreadable.problem.fix}") from None
    return files


def _is_file(entry: str) -> bool:
    """True unless it is a folder or something a Mac adds to every ZIP."""
    return not entry.endswith("/") and not entry.startswith("__MACOSX")
