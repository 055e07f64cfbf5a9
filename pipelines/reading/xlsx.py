"""Reads Excel workbooks cell by cell from their XML.

We have our own reader because spreadsheet libraries drop two things that matter here: the number
format (a cell that shows 100% contains the number 1) and the sparse shape (one stray cell in the
last row must not create a billion empty ones).
"""

import posixpath
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element, ParseError

from pipelines.reading.compared import normal
from pipelines.reading.number_formats import Formats, formats_of, show_number
from pipelines.reading.produced import Produced
from pipelines.reading.safe_xml import Nested, all_of, attribute, local, parsed, tree_of
from pipelines.reading.safe_zip import Archive, open_zip, plain_path
from pipelines.reading.text_sheets import (
    Cell,
    CellKind,
    Hidden,
    Range,
    Sheet,
    Sheets,
    Unreadable,
    column_number,
    sheet_of,
)

MOST_COLUMNS = 16_384
MOST_ROWS = 1_048_576
MOST_MERGED = 1_000
_MOST_OF_A_FORMULA = (
    200  # characters; those of our own workbooks have thousands, and nobody reads them
)
_LONGEST_REFERENCE = len("$XFD$1048576:$XFD$1048576")
_TRUE = ("1", "true")


def read_xlsx(content: bytes, asked: Collection[str] | None = None) -> Sheets:
    """Every worksheet, hidden ones too, in the workbook's order.

    With `asked`, a sheet that isn't one of those has a name here and no cells.
    """
    try:
        produced = Produced()
        with open_zip(content, produced) as archive:
            return Sheets("xlsx", tuple(_worksheets(archive, produced, asked)))
    except (ParseError, LookupError, ValueError, OverflowError, RecursionError) as error:
        raise Unreadable(
            "This workbook is damaged, so it can't be read.",
            "Open it in Excel or LibreOffice, save it and send it again.",
        ) from error


def _worksheets(
    archive: Archive, produced: Produced, asked: Collection[str] | None
) -> Iterator[Sheet]:
    names = {plain_path(name).lower(): name for name in archive.names}

    def part(path: str) -> bytes | None:
        name = names.get(path.lower().lstrip("/"))
        return None if name is None else archive.read(name)

    book = tree_of(part("xl/workbook.xml") or b"", produced)
    targets = _targets(tree_of(part("xl/_rels/workbook.xml.rels") or b"<none/>", produced))
    strings = _shared_strings(part("xl/sharedStrings.xml"), produced)
    styles = tree_of(part("xl/styles.xml") or b"<styleSheet/>", produced)
    formats = formats_of(styles, _is_1904(book))
    meaning = _Meaning(strings, formats, _is_recalculated(book))
    for sheet in all_of(book, "sheet"):
        target = targets.get(attribute(sheet, "id"), "")
        if "worksheets/" not in target:
            continue  # a chart or macro sheet has no cells
        produced.add("sheets")  # as often as it is named, whatever it is called
        name = unescaped(sheet.get("name", ""))
        if asked is not None and normal(name) not in asked:
            yield Sheet(name, {})
            continue
        xml = part(posixpath.normpath(posixpath.join("xl", target)))
        if xml is not None:
            cells, reader = _cells(xml, meaning, produced)
            rows, columns = frozenset(reader.hidden_rows), frozenset(reader.hidden_columns)
            hidden = Hidden(sheet.get("state", "visible") != "visible", rows, columns)
            found = sheet_of(name, cells, hidden)
            yield replace(found, merged=tuple(reader.merged))


def _targets(rels: Element) -> dict[str, str]:
    links = {link.get("Id", ""): link.get("Target", "") for link in all_of(rels, "Relationship")}
    return {key: target.replace("\\", "/").removeprefix("/xl/") for key, target in links.items()}


def _is_1904(book: Element) -> bool:
    return any(p.get("date1904") in _TRUE for p in all_of(book, "workbookPr"))


def _is_recalculated(book: Element) -> bool:
    """Whether the workbook itself says that its stored results are not to be relied on."""
    return any(p.get("fullCalcOnLoad") in _TRUE for p in all_of(book, "calcPr"))


def _shared_strings(xml: bytes | None, produced: Produced) -> list[str]:
    return [_plain_text(item) for item in all_of(tree_of(xml, produced), "si")] if xml else []


def _plain_text(item: Element) -> str:
    """The text of a string, its runs joined, without the reading aids of East Asian text."""
    if len(item) == 1 and local(item[0].tag) == "t" and not len(item[0]):  # as nearly all are
        return unescaped(item[0].text or "")
    aids = {id(t) for aid in all_of(item, "rPh") for t in aid.iter()}
    return unescaped("".join(t.text or "" for t in all_of(item, "t") if id(t) not in aids))


def unescaped(text: str) -> str:
    """Text with its `_xHHHH_` escapes read (ECMA-376 part 1, 22.9.2.19, ST_Xstring).

    Control characters, which Excel doesn't show, are left out, except tabs and line breaks.
    """
    if "_x" not in text:
        return text
    read = re.sub(r"_x([0-9A-Fa-f]{4})_", _escaped, text)
    return read.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _escaped(match: re.Match[str]) -> str:
    letter = chr(int(match[1], 16))
    return letter if letter >= " " or letter in "\t\n\r" else ""


@dataclass(frozen=True)
class _Raw:
    """A cell as its XML holds it; `formula` is None if it has none, `text` if it has no value."""

    row: int
    column: int
    type: str
    style: int
    text: str | None
    formula: str | None


class _CellReader:
    """Reads a worksheet's XML as a stream and keeps each cell's place, type, style and text."""

    def __init__(self, keep: Callable[[_Raw], None], produced: Produced) -> None:
        self._keep, self._produced = keep, produced
        self._nested = Nested(produced)
        self._row = self._column = 0
        self._type, self._style = "n", 0
        self._text: list[str] = []
        self._formula: list[str] = []
        self._inside: list[str] | None = None
        self._has_value = self._has_formula = False
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.merged: list[Range] = []

    def doctype(self, *_: object) -> None:
        raise ValueError("a workbook has no document type")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._nested.begin()
        name = local(tag)
        if name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
            if attributes.get("hidden") in _TRUE:
                self.hidden_rows.add(self._row)
        elif name == "col" and attributes.get("hidden") in _TRUE:
            first, last = int(attributes.get("min", 0)), int(attributes.get("max", 0))
            columns = range(max(1, first), min(last, MOST_COLUMNS) + 1)
            self._produced.add("parts", len(columns))
            self.hidden_columns.update(columns)
        elif name == "c":
            self._place(attributes.get("r"))
            self._type = attributes.get("t", "n")
            self._style = int(attributes.get("s", 0))
            self._text, self._formula = [], []
            self._has_value = self._has_formula = False
        elif name in ("v", "t"):
            self._inside, self._has_value = self._text, True
        elif name == "f":
            self._inside, self._has_formula = self._formula, True
        elif name == "mergeCell" and len(self.merged) < MOST_MERGED:
            self._merge(attributes.get("ref", ""))

    def data(self, text: str) -> None:
        if self._inside is not None:
            self._inside.append(text)

    def end(self, tag: str) -> None:
        self._nested.finish()
        name = local(tag)
        if name in ("v", "t", "f"):
            self._inside = None
        elif name == "c" and (self._text or self._has_formula):
            text = "".join(self._text) if self._has_value else None
            formula = "".join(self._formula) if self._has_formula else None
            self._keep(_Raw(self._row, self._column, self._type, self._style, text, formula))

    def close(self) -> None:
        """Do nothing at the end of a sheet."""

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            return
        self._row, self._column = _row_and_column(reference)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.replace("$", "").partition(":")
        if last:
            self.merged.append(Range(*_row_and_column(first), *_row_and_column(last)))


def _row_and_column(reference: str) -> tuple[int, int]:
    if len(reference) > _LONGEST_REFERENCE:
        raise ValueError("a cell outside any sheet")
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]), column_number(letters.upper())


@dataclass(frozen=True)
class _Meaning:
    """What a workbook's cells refer to: shared strings and formats, and whether results count."""

    strings: list[str]
    formats: Formats
    is_recalculated: bool


def _cells(xml: bytes, meaning: _Meaning, produced: Produced) -> tuple[list[Cell], _CellReader]:
    found: list[Cell] = []
    rows: set[int] = set()

    def keep(raw: _Raw) -> None:
        if not (1 <= raw.row <= MOST_ROWS and 1 <= raw.column <= MOST_COLUMNS):
            raise ValueError("a cell outside any sheet")
        produced.add("cells")
        shown, kind = _shown(raw, meaning)
        produced.add("letters", len(shown))
        if shown.strip():
            if raw.row not in rows:
                produced.add("rows")
                rows.add(raw.row)
            found.append(Cell(raw.row, raw.column, shown, kind))

    reader = _CellReader(keep, produced)
    parsed(xml, reader)
    return found, reader


def _shown(raw: _Raw, meaning: _Meaning) -> tuple[str, CellKind]:
    if raw.formula is not None and not _has_result(raw, meaning):
        return f"={raw.formula.strip()[:_MOST_OF_A_FORMULA]}", "formula"
    text = raw.text or ""
    if raw.type == "s":
        return meaning.strings[int(text)], "text"
    if raw.type == "e":
        return text, "error"
    if raw.type == "b":
        return ("TRUE" if text.strip() == "1" else "FALSE"), "boolean"
    if raw.type == "d":
        return text.removesuffix("T00:00:00"), "date"
    if raw.type in ("str", "inlineStr"):
        return unescaped(text), "text"
    return show_number(float(text), raw.style, meaning.formats)


def _has_result(raw: _Raw, meaning: _Meaning) -> bool:
    """Whether a formula's result is stored. Excel stores "" as a text; a number can't be empty.

    XlsxWriter stores 0 for every formula, and has the workbook say that it must be recalculated.
    """
    if raw.type in ("str", "inlineStr"):
        return raw.text is not None
    text = (raw.text or "").strip()
    unsure = meaning.is_recalculated and raw.type == "n" and text == "0"
    return bool(text) and not unsure
