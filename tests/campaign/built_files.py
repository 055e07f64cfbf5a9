"""Files built to cost as much as they can: made when they are needed, and harmless to anybody else.

Each is small enough to be uploaded. Where a limit stops a file, another of the same kind stays just
below it.
"""

import struct
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile, ZipInfo

from pipelines.reading.produced import MOST
from pipelines.reading.text_sheets import column_letter
from schemas.returns import columns_of
from tests import worlds

MONTH = worlds.FIRST + 3
WARD = worlds.WARDS["Z01"][0]
Build = Callable[[], bytes]
CELLS = MOST["cells"] - 200
ROWS = MOST["rows"] - 10
PARTS = MOST["parts"] - 2_000
BYTES = MOST["bytes"] - 200_000

_BOOK = '<workbook xmlns:r="r"><sheets>{}</sheets></workbook>'
_SHEET = "<worksheet>{}<sheetData>{}</sheetData>{}</worksheet>"


def packed(parts: dict[str, str | bytes], how: int = ZIP_DEFLATED) -> bytes:
    """A ZIP of these parts, with a fixed date."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(ZipInfo(name), part, how, 9)
    return content.getvalue()


def book(sheets: dict[str, str], **more: str) -> bytes:
    """A workbook of sheets given as XML, and other parts of it."""
    named = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = {f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets.values(), 1)}
    return packed(
        {
            "xl/workbook.xml": _BOOK.format(named),
            "xl/_rels/workbook.xml.rels": f"<Relationships>{links}</Relationships>",
            **parts,
            **{f"xl/{name}.xml": xml for name, xml in more.items()},
        }
    )


def rows_of(rows: list[list[str]], first: int = 1) -> str:
    """Rows of texts as the XML of a sheet."""
    return "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{column_letter(column)}{number}" t="str"><v>{text}</v></c>'
            for column, text in enumerate(row, 1)
            if text
        )
        + "</row>"
        for number, row in enumerate(rows, first)
    )


def sheet(inside: str, before: str = "", after: str = "") -> str:
    return _SHEET.format(before, inside, after)


@cache
def cover() -> str:
    """The cover of a return for the example trust."""
    asked, answers = columns_of("cover"), worlds.cover_row("Z01", MONTH)
    lines = [[asked[name].title, str(answer)] for name, answer in answers.items()]
    return sheet(rows_of([["Field", "Answer"], *lines]))


def table(name: str, rows: Iterator[list[str]] | list[list[str]]) -> str:
    """A sheet of the return with its header and these rows."""
    return sheet(rows_of([[column.title for column in columns_of(name).values()], *rows]))


def with_rows(name: str, row: list[str], cells: int = CELLS) -> bytes:
    """A return with as many rows like this as there may be, in one of its sheets."""
    filled = sum(bool(text) for text in row)
    most = 6_000 if name in ("standards", "confidence") else 500
    many = [row] * min(most, (cells - 200) // max(1, filled))
    sheets = {"cover": cover(), "monthly": table("monthly", [])}
    return book({**sheets, name: table(name, many)})


def _row(name: str, text: str, **fields: str) -> list[str]:
    return [fields.get(column, text) for column in columns_of(name)]


def _of_csv(text: str) -> bytes:
    return text.encode()


def _many_named(text: str, times: int) -> bytes:
    """One shared text used in as many cells."""
    used = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, times))
    return book({"monthly": sheet(used)}, sharedStrings=f"<sst><si><t>{text}</t></si></sst>")


def _one_part_often(times: int) -> bytes:
    named = "".join(f'<sheet name="s{n}" r:id="r"/>' for n in range(times))
    part = sheet(rows_of([["1"] * 50] * 500))
    return packed(
        {
            "xl/workbook.xml": _BOOK.format(named),
            "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r" '
            'Target="worksheets/s.xml"/></Relationships>',
            "xl/worksheets/s.xml": part,
        }
    )


def _lying(stated: int) -> bytes:
    """A ZIP whose directory states a size that is not that of the file."""
    content = bytearray(packed({"monthly.csv": "1" * 30_000_000}))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.index(signature) + place, stated)
    return bytes(content)


def _overlapping(times: int) -> bytes:
    """A ZIP whose directory names one file many times."""
    content = packed({"0001.csv": "1,2\n" * 200_000})
    start = content.index(b"PK\x01\x02")
    entry, end = (
        content[start : content.index(b"PK\x05\x06")],
        content[content.index(b"PK\x05\x06") :],
    )
    entries = entry * times
    end = bytearray(end)
    struct.pack_into("<HHII", end, 8, times, times, len(entries), start)
    return content[:start] + entries + bytes(end)


def _styles(codes: int, code: str, used: int) -> str:
    formats = "".join(
        f'<numFmt numFmtId="{n}" formatCode="{code}"/>' for n in range(200, 200 + codes)
    )
    uses = '<xf numFmtId="200"/>' * used
    return f"<styleSheet><numFmts>{formats}</numFmts><cellXfs>{uses}</cellXfs></styleSheet>"


def _nested(depth: int) -> str:
    return "<a>" * depth + "</a>" * depth


_PERIOD = str(MONTH)
_LONG = "a" * 32_000

BUILT: dict[str, Build] = {
    "bomb of one sheet": lambda: packed({"xl/workbook.xml": " " * 60_000_000}),
    "sheet of spaces, just allowed": lambda: book({"monthly": sheet(" " * BYTES)}),
    "size understated": lambda: _lying(1_000),
    "size overstated": lambda: _lying(4_000_000_000),
    "one file named 400 times": lambda: _overlapping(400),
    "60,000 files": lambda: packed({f"{n}": "" for n in range(60_000)}),
    "compressed with LZMA": lambda: packed({"monthly.csv": "1,2\n"}, ZIP_LZMA),
    "one part as 99 sheets": lambda: _one_part_often(99),
    "one part as 5,000 sheets": lambda: _one_part_often(5_000),
    "one text in every cell": lambda: _many_named("a" * 60, CELLS),
    "one long text in every cell": lambda: _many_named(_LONG, CELLS),
    "a million shared texts": lambda: book({}, sharedStrings=f"<sst>{'<si/>' * 1_000_000}</sst>"),
    "one shared text in a million runs": lambda: book(
        {}, sharedStrings=f"<sst><si>{'<r><t>a</t></r>' * 400_000}</si></sst>"
    ),
    "a million empty cells": lambda: book(
        {"monthly": sheet("<row>" + "<c/>" * 1_000_000 + "</row>")}
    ),
    "empty cells, just allowed": lambda: book(
        {"monthly": sheet("<row>" + "<c/>" * PARTS + "</row>")}
    ),
    "hidden rows, just allowed": lambda: book({"monthly": sheet('<row hidden="1"/>' * PARTS)}),
    "every column hidden 10,000 times": lambda: book(
        {"monthly": sheet("", '<cols><col min="1" max="16384" hidden="1"/></cols>' * 10_000)}
    ),
    "long references": lambda: book(
        {"monthly": sheet(f'<row><c r="{"Z" * 100_000}1"><v>1</v></c></row>' * 20)}
    ),
    "long merged references": lambda: book(
        {"monthly": sheet("", after=f'<mergeCell ref="{"Z" * 100_000}1:B2"/>' * 20)}
    ),
    "a row number of 4,000 digits": lambda: book(
        {"monthly": sheet(f'<row r="{"9" * 4_000}"/>' * 2_000)}
    ),
    "a thousand merged sheets": lambda: book(
        {"monthly": sheet(rows_of([["1"]]), after='<mergeCell ref="A1:XFD1048576"/>' * 1_000)}
    ),
    "merged far below many rows": lambda: book(
        {
            "monthly": sheet(
                rows_of([["1"]] * 50_000), after='<mergeCell ref="A1:XFD1048576"/>' * 1_000
            )
        }
    ),
    "merged far below rows, just allowed": lambda: book(
        {
            "monthly": sheet(
                rows_of([["1"]] * ROWS), after='<mergeCell ref="A1:XFD1048576"/>' * 1_000
            )
        }
    ),
    "a cell in the last corner": lambda: book(
        {"monthly": sheet('<row><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>')}
    ),
    "one attribute of 20 MB": lambda: book({"monthly": f'<worksheet a="{"a" * 20_000_000}"/>'}),
    "a million attributes": lambda: book(
        {"monthly": "<worksheet " + " ".join(f'a{n}=""' for n in range(1_000_000)) + "/>"}
    ),
    "attributes of the workbook": lambda: packed(
        {"xl/workbook.xml": "<a " + " ".join(f'a{n}=""' for n in range(700_000)) + "/>"}
    ),
    "nested 3 million deep": lambda: book({"monthly": _nested(3_000_000)}),
    "styles nested as deep as they may": lambda: book({}, styles=_nested(PARTS // 2)),
    "one text of 20 MB": lambda: book(
        {"monthly": sheet(f'<row><c t="str"><v>{"a" * 20_000_000}</v></c></row>')}
    ),
    "one text of 3 million characters": lambda: book(
        {"monthly": sheet(f'<row><c t="str"><v>{"a " * 1_500_000}</v></c></row>')}
    ),
    "a long format used often": lambda: book({}, styles=_styles(1, "[" * 2_000_000, 60_000)),
    "60,000 formats": lambda: book({}, styles=_styles(60_000, "&quot;" * 20, 60_000)),
    "long names of sheets": lambda: book({f"{n}{'n' * 200_000}": sheet("") for n in range(20)}),
    "entities within entities": lambda: book(
        {
            "monthly": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
            + sheet('<row><c t="str"><v>&b;</v></c></row>')
        }
    ),
    "numbers of 4,000 digits": lambda: book(
        {"monthly": sheet(f"<row><c><v>{'9' * 4_000}</v></c></row>" * 900)}
    ),
    "monthly full of words": lambda: with_rows("monthly", _row("monthly", "x")),
    "monthly full of spaces and words": lambda: with_rows("monthly", _row("monthly", "x y " * 12)),
    "one ward in every row": lambda: with_rows(
        "monthly", _row("monthly", "", period=_PERIOD, ward_code=WARD, return_status="data")
    ),
    "ward codes alone": lambda: with_rows("monthly", _row("monthly", "", ward_code=WARD)),
    "wards full of words": lambda: with_rows("wards", _row("wards", "x")),
    "one ward in every row of wards": lambda: with_rows("wards", _row("wards", "", ward_code=WARD)),
    "standards full of words": lambda: with_rows("standards", _row("standards", "x")),
    "charters full of words": lambda: with_rows("charter", _row("charter", "x")),
    "events full of words": lambda: with_rows("events", _row("events", "x")),
    "events of one day": lambda: with_rows(
        "events", ["ALL", f"{_PERIOD}-01", "training", "Training"]
    ),
    "dates that are nearly dates": lambda: with_rows(
        "events", ["ALL", "1 january-" * 9, "other", "x"]
    ),
    "explanations that look like addresses": lambda: with_rows(
        "monthly", _row("monthly", "", ward_code=WARD, explain="a@" * 100)
    ),
    "explanations that look like telephone numbers": lambda: with_rows(
        "monthly", _row("monthly", "", ward_code=WARD, explain="(0(0 " * 40)
    ),
    "explanations far too long": lambda: book(
        {"cover": cover(), "monthly": table("monthly", [_row("monthly", "", explain=_LONG)] * 120)}
    ),
    "a column for every cell": lambda: book(
        {"cover": cover(), "monthly": sheet(rows_of([[f"x{n}" for n in range(16_384)]] * 3))}
    ),
    "5 million lines": lambda: _of_csv("a,b\n" + "\n" * 5_000_000),
    "5 million separators": lambda: _of_csv("a,b\n" + "," * 5_000_000),
    "as many lines as cells": lambda: _of_csv("a,b\n" + "1\n" * CELLS),
    "lines, just allowed": lambda: _of_csv("a,b\n" + "1\n" * ROWS),
    "empty lines, just allowed": lambda: _of_csv("a,b\n" + "\n" * (PARTS - 10)),
    "a quotation mark that never ends": lambda: _of_csv('a,b\n"' + "x,\n" * 1_500_000),
    "one CSV value of 5 million letters": lambda: _of_csv("a,b\n" + "x" * 5_000_000),
    "short values between quotation marks": lambda: _of_csv("a,b\n" + '"""",' * 900_000),
    "NUL and letters": lambda: _of_csv("\0a" * 2_500_000),
    "UTF-16 of one letter": lambda: b"\xff\xfe" + "é\n".encode("utf-16-le") * 1_200_000,
    "400 CSV files": lambda: packed({f"s{n}.csv": "a,b\n" * 10_000 for n in range(400)}),
    "monthly CSV full of words": lambda: _of_csv(
        ",".join(["trust_code", *columns_of("monthly")])
        + "\n"
        + f"{','.join(['Z01', *_row('monthly', 'x', period=_PERIOD)])}\n" * (CELLS // 50)
    ),
}
