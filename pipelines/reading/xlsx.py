"""Reads Excel workbooks cell by cell from their XML.

We have our own reader because spreadsheet libraries drop two things that matter here: the number
format (a cell that shows 100% contains the number 1) and the sparse shape (one stray cell in the
last row must not create a billion empty ones).
"""

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from zipfile import ZipFile

from pipelines.reading.number_formats import Formats, formats_of, show_number
from pipelines.reading.safe_zip import open_zip, read_member, too_large
from pipelines.reading.text_sheets import (
    Cell,
    CellKind,
    Hidden,
    Sheet,
    Sheets,
    Unreadable,
    column_number,
    sheet_of,
)

MOST_CELLS = 200_000
LARGEST_TREE = 8 * 1024 * 1024
MOST_COLUMNS = 16_384
MOST_ROWS = 1_048_576
_TRUE = ("1", "true")


def read_xlsx(content: bytes) -> Sheets:
    """Every worksheet, hidden ones too, in the workbook's order."""
    try:
        with open_zip(content) as archive:
            return Sheets("xlsx", tuple(_worksheets(archive)))
    except (ParseError, LookupError, ValueError, OverflowError, RecursionError) as error:
        raise Unreadable(
            "This workbook is damaged, so it can't be read.",
            "Open it in Excel or LibreOffice, save it and send it again.",
        ) from error


def _worksheets(archive: ZipFile) -> Iterator[Sheet]:
    names = {name.lower(): name for name in archive.namelist()}

    def part(path: str) -> bytes | None:
        name = names.get(path.lower().lstrip("/"))
        return None if name is None else read_member(archive, name)

    book = _tree(part("xl/workbook.xml") or b"")
    targets = _targets(part("xl/_rels/workbook.xml.rels"))
    strings = _shared_strings(part("xl/sharedStrings.xml"))
    formats = formats_of(_tree(part("xl/styles.xml") or b"<styleSheet/>"), _is_1904(book))
    for sheet in _all(book, "sheet"):
        target = targets.get(_attribute(sheet, "id"), "")
        if "worksheets/" not in target:
            continue  # a chart or macro sheet has no cells
        xml = part(posixpath.normpath(posixpath.join("xl", target)))
        if xml is not None:
            cells, unseen = _cells(xml, strings, formats)
            hidden = sheet.get("state", "visible") != "visible"
            yield sheet_of(sheet.get("name", ""), cells, replace(unseen, sheet=hidden))


class _NoDoctype(TreeBuilder):
    """Builds a tree, and refuses document types, which no workbook has and attacks need."""

    def doctype(self, *_: object) -> None:
        raise ValueError("a workbook has no document type")


def _tree(xml: bytes) -> Element:
    if len(xml) > LARGEST_TREE:
        raise too_large()
    parser = XMLParser(target=_NoDoctype())  # noqa: S314 (no document type, limited in size)
    parser.feed(xml)
    return parser.close()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _all(tree: Element, name: str) -> Iterator[Element]:
    return (element for element in tree.iter() if _local(element.tag) == name)


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.items() if _local(key) == name), "")


def _targets(rels: bytes | None) -> dict[str, str]:
    tree = _tree(rels or b"<Relationships/>")
    links = {link.get("Id", ""): link.get("Target", "") for link in _all(tree, "Relationship")}
    return {key: target.removeprefix("/xl/") for key, target in links.items()}


def _is_1904(book: Element) -> bool:
    return any(p.get("date1904") in _TRUE for p in _all(book, "workbookPr"))


def _shared_strings(xml: bytes | None) -> list[str]:
    return [_plain_text(item) for item in _all(_tree(xml), "si")] if xml else []


def _plain_text(item: Element) -> str:
    """The text of a string, its runs joined, without the reading aids of East Asian text."""
    aids = {id(t) for aid in _all(item, "rPh") for t in aid.iter()}
    return "".join(t.text or "" for t in _all(item, "t") if id(t) not in aids)


class _CellReader:
    """Reads a worksheet's XML as a stream and keeps each cell's place, type, style and text."""

    def __init__(self, keep: Callable[[int, int, str, int, str], None]) -> None:
        self._keep = keep
        self._row = self._column = 0
        self._type, self._style = "n", 0
        self._text: list[str] = []
        self._inside_value = False
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()

    def doctype(self, *_: object) -> None:
        raise ValueError("a workbook has no document type")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
            if attributes.get("hidden") in _TRUE:
                self.hidden_rows.add(self._row)
        elif name == "col" and attributes.get("hidden") in _TRUE:
            first, last = int(attributes.get("min", 0)), int(attributes.get("max", 0))
            self.hidden_columns.update(range(first, min(last, MOST_COLUMNS) + 1))
        elif name == "c":
            self._place(attributes.get("r"))
            self._type = attributes.get("t", "n")
            self._style = int(attributes.get("s", 0))
            self._text = []
        elif name in ("v", "t"):
            self._inside_value = True

    def data(self, text: str) -> None:
        if self._inside_value:
            self._text.append(text)

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name in ("v", "t"):
            self._inside_value = False
        elif name == "c" and self._text:
            text = "".join(self._text)
            self._keep(self._row, self._column, self._type, self._style, text)

    def close(self) -> None:
        """Do nothing at the end of a sheet."""

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            return
        letters = reference.rstrip("0123456789")
        self._column = column_number(letters.upper())
        self._row = int(reference[len(letters) :])


def _cells(xml: bytes, strings: list[str], formats: Formats) -> tuple[list[Cell], Hidden]:
    found: list[Cell] = []

    def keep(row: int, column: int, kind: str, style: int, text: str) -> None:
        if not (1 <= row <= MOST_ROWS and 1 <= column <= MOST_COLUMNS):
            raise ValueError("a cell outside any sheet")
        if len(found) == MOST_CELLS:
            raise Unreadable(
                f"This workbook has a sheet with more than {MOST_CELLS:,} cells, far more than "
                "any return needs.",
                "Copy your figures into a newly downloaded workbook and send that.",
            )
        shown, meaning = _shown(kind, style, text, strings, formats)
        if shown.strip():
            found.append(Cell(row, column, shown, meaning))

    reader = _CellReader(keep)
    parser = XMLParser(target=reader)  # noqa: S314 (as above, and never a tree)
    parser.feed(xml)
    parser.close()
    return found, Hidden(False, frozenset(reader.hidden_rows), frozenset(reader.hidden_columns))


def _shown(
    kind: str, style: int, text: str, strings: list[str], formats: Formats
) -> tuple[str, CellKind]:
    if kind == "s":
        return strings[int(text)], "text"
    if kind == "e":
        return text, "error"
    if kind == "b":
        return ("TRUE" if text.strip() == "1" else "FALSE"), "boolean"
    if kind == "d":
        return text.removesuffix("T00:00:00"), "date"
    if kind in ("str", "inlineStr"):
        return text, "text"
    return show_number(float(text), style, formats)
