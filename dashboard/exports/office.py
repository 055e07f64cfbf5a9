"""What slides and Word files share: texts that XML holds, and the same bytes every time."""

from collections.abc import MutableMapping
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from schemas.london_time import as_utc

_LEFTOVERS = ("/thumbnail", "/printerSettings", "/customXml")
_NEW_YEAR = (1980, 1, 1, 0, 0, 0)  # the same figures give the same file, whenever it is made
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def plain(text: str) -> str:
    """Text that XML can hold: any other character is shown as unknown."""
    return "".join(each if _in_xml(each) else _UNKNOWN for each in text)


def without_leftovers(*relations: MutableMapping[str, Any]) -> None:
    """Take out what an empty file comes with: a picture of itself, and settings of a printer."""
    for held in relations:
        for name in [key for key, rel in held.items() if rel.reltype.endswith(_LEFTOVERS)]:
            held.pop(name)


def describe(about: Any, title: str, made: datetime) -> None:
    """Name and date a file by its core properties, as python-pptx and python-docx have them."""
    about.title, about.language = plain(title), "en-GB"
    about.author = about.last_modified_by = about.keywords = about.subject = about.comments = ""
    about.created = about.modified = as_utc(made).replace(microsecond=0, tzinfo=None)
    about.revision = 1


def packed(content: bytes) -> bytes:
    """The same file, every part of it with the same date."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as parts, ZipFile(out, "w", ZIP_DEFLATED) as file:
        for name in parts.namelist():
            about = ZipInfo(name, _NEW_YEAR)
            about.compress_type = ZIP_DEFLATED
            file.writestr(about, parts.read(name))
    return out.getvalue()


def _in_xml(character: str) -> bool:
    between = (" ", "\ud7ff"), ("\ue000", "\ufffd"), ("\U00010000", "\U0010ffff")
    return character in "\t\n\r" or any(low <= character <= high for low, high in between)
