"""What is inside a downloaded file: every text in it, whatever its kind.

Pixels, and where lines go, say nothing here; what a picture was drawn from is in `drawing`.
"""

import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from io import BytesIO

import polars as pl
from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    PdfObject,
    TextStringObject,
)

PNG = b"\x89PNG\r\n\x1a\n"
_COUNTED = re.compile(r' count="\d+" uniqueCount="\d+"')  # how many texts a workbook has
PLACES = re.compile(r' (?:d|points|transform|w:pos)="[^"]*"')  # where lines and tab stops go
PIXELS = {"IHDR", "PLTE", "IDAT", "IEND", "pHYs"}  # every other part of a PNG may hold words


@lru_cache(maxsize=512)
def texts(content: bytes) -> str:
    """Every text of a file, and of the files in it; the same bytes are read once."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            read = "\n".join(texts(archive.read(name)) for name in archive.namelist())
            return _COUNTED.sub("", read)
    if content.startswith(b"%PDF"):
        return _of_pdf(content)
    if content.startswith(b"PAR1"):
        about = pl.read_parquet_metadata(BytesIO(content))
        return f"{pl.read_parquet(BytesIO(content)).write_csv()}\n{about}"
    if content.startswith(PNG):
        return "\n".join(data.decode("latin-1") for kind, data in parts(content) if kind)
    return PLACES.sub("", content.decode("utf-8"))


def parts(png: bytes) -> list[tuple[str, bytes]]:
    """The parts of a PNG that are not pixels, by their four letters: there should be none."""
    found, at = [], len(PNG)
    while at < len(png):
        size = int.from_bytes(png[at : at + 4])
        kind = png[at + 4 : at + 8].decode("ascii")
        found.append((kind, png[at + 8 : at + 8 + size]))
        at += size + 12
    return [part for part in found if part[0] not in PIXELS]


def _of_pdf(content: bytes) -> str:
    """The text on its pages and in its objects: titles, outline, alternative text of pictures."""
    reader = PdfReader(BytesIO(content))
    written = [page.extract_text() for page in reader.pages]
    return "\n".join([*written, *_said(reader.trailer, set())])


def _said(thing: PdfObject, seen: set[int]) -> Iterator[str]:
    """Every string of a PDF's objects, each object once."""
    thing = thing.get_object()
    if thing is None or id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, TextStringObject):
        yield str(thing)
    elif isinstance(thing, ByteStringObject):
        yield thing.decode("latin-1")
    elif isinstance(thing, DictionaryObject):
        for inner in thing.values():
            yield from _said(inner, seen)
    elif isinstance(thing, ArrayObject):
        for inner in thing:
            yield from _said(inner, seen)


class Links(HTMLParser):
    """Every address that a file would fetch when it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            str(value) for name, value in attrs if name in ("src", "href", "xlink:href") and value
        ]
