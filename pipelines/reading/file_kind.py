"""Works out what kind of file this is, from its content and never from its name."""

import re
from typing import Literal

from pipelines.reading.safe_zip import Archive, is_litter, open_zip, plain_path
from pipelines.reading.text_sheets import Unreadable
from schemas.wording import quoted, some

LARGEST_FILE = 5 * 1024 * 1024
SAVE_AS = (
    "In Excel or LibreOffice choose File, Save as, Excel Workbook (.xlsx), and send that file."
)

Kind = Literal["xlsx", "csv", "zip"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BY_FIRST_BYTES = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a text document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a compressed archive"),
)


def kind_of(content: bytes) -> Kind:
    """How to read the file; raises Unreadable if it can't or mustn't be read."""
    if not content.strip(b"\0 \r\n\t"):
        raise Unreadable("This file is empty.", "Send the workbook that holds your figures.")
    if len(content) > LARGEST_FILE:
        raise Unreadable(
            f"This file is {len(content) / 1024 / 1024:.1f} MB. A return can be at most 5 MB; "
            "a filled-in workbook is far smaller.",
            "Copy your figures into a newly downloaded workbook and send that.",
        )
    if content.startswith(_OLE):
        raise _ole(content)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(content)
    for start, name in _BY_FIRST_BYTES:
        if content.startswith(start):
            raise _not_a_spreadsheet(name)
    return _text_kind(content)


def _ole(content: bytes) -> Unreadable:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Unreadable(
            "This workbook is protected by a password, so it can't be opened.",
            "Open it, remove the password (File, Info, Protect Workbook), save and send it again.",
        )
    if "WordDocument".encode("utf-16-le") in content:
        return _not_a_spreadsheet("a Word document")
    return Unreadable("This is an old Excel file (.xls), which can't be read here.", SAVE_AS)


def _zip_kind(content: bytes) -> Kind:
    with open_zip(content) as archive:
        names = [name for name in map(plain_path, archive.names) if not name.endswith("/")]
        lower = [name.lower() for name in names]
        if any(name.endswith("vbaproject.bin") for name in lower):
            raise Unreadable(
                "This workbook holds macros. They can carry viruses, so they are not accepted.",
                SAVE_AS,
            )
        if "xl/workbook.xml" in lower:
            return "xlsx"
        if "xl/workbook.bin" in lower:
            raise Unreadable("This is an Excel binary file (.xlsb), not a workbook.", SAVE_AS)
        _refuse_other_documents(archive, lower)
        visible = [name for name in names if not is_litter(name)]
        other = [name for name in visible if not name.lower().endswith((".csv", ".txt", ".tsv"))]
        if visible and not other:
            return "zip"
    found = f"something other than CSV files: {some([quoted(name) for name in other], 4)}"
    raise Unreadable(
        f"This zip file holds {found if visible else 'no CSV files'}.",
        "Send the workbook itself (.xlsx), or a zip that holds only cover.csv, monthly.csv and "
        "the other sheets as CSV files.",
    )


def _refuse_other_documents(archive: Archive, lower: list[str]) -> None:
    if "mimetype" in archive.names and b"opendocument" in archive.first("mimetype", 80):
        raise Unreadable("This is an OpenDocument file (.ods), which can't be read here.", SAVE_AS)
    if any(name.startswith("word/") for name in lower):
        raise _not_a_spreadsheet("a Word document")
    if any(name.startswith("index/") and name.endswith(".iwa") for name in lower):
        raise Unreadable("This is an Apple Numbers file, which can't be read here.", SAVE_AS)


def _text_kind(content: bytes) -> Kind:
    start = content[:4096]
    if re.match(rb"\s*(<!doctype|<html|<\?xml|<table)", start.lstrip(b"\xef\xbb\xbf"), re.I):
        raise _not_a_spreadsheet("a web page or XML file, even if its name says otherwise")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "csv"
    if start.count(0) > len(start) // 3:  # UTF-16 without its mark: every other byte is zero
        return "csv"
    odd = sum(byte < 9 or 13 < byte < 32 for byte in start)
    if odd:
        raise _not_a_spreadsheet("neither a workbook nor a CSV file")
    return "csv"


def _not_a_spreadsheet(name: str) -> Unreadable:
    return Unreadable(
        f"This file is {name}.",
        "Send the Excel workbook (.xlsx) that you downloaded and filled in, or a CSV file.",
    )
