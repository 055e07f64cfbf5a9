"""F02, F03, F05: is this the right template, whole, and filled in?"""

from collections.abc import Iterator

from pipelines.checking.phrases import listed, quoted, some
from pipelines.checking.prechecks.cover import at, at_cover, of_file
from pipelines.reading.tables import Tables, clean
from schemas.problems import Problem
from schemas.returns import OPTIONAL, REQUIRED_SHEETS, TEMPLATE_VERSION, columns_of

_NEW_TEMPLATE = "Download a new workbook for your trust and month and copy your figures into it."


def missing_sheets(missing: list[str], tables: Tables) -> Problem:
    """F03: a sheet that every return has is not there."""
    found = [*tables.tables, *tables.other_sheets]
    there = f"It has {some([quoted(name) for name in found])}." if found else "It has none."
    sheets = listed((quoted(name) for name in missing), "or")
    return of_file(
        "F03",
        f"This file has no sheet named {sheets}. {there}",
        "Give the sheet its name back, or copy your figures into a newly downloaded workbook.",
    )


def known_version(tables: Tables, version: str | None) -> Iterator[Problem]:
    """F02: made from a template that is not in use."""
    if "template_version" not in tables["cover"].columns and tables.kind != "csv":
        return  # already said as a missing line of the cover
    if version not in (TEMPLATE_VERSION, str(int(float(TEMPLATE_VERSION)))):
        found = f"version {quoted(version)}" if version else "no version"
        yield at_cover(
            tables,
            "F02",
            "template_version",
            f"This workbook says it was made from {found} of the template. "
            f"The version in use is {TEMPLATE_VERSION}.",
            _NEW_TEMPLATE,
        )


def all_columns(tables: Tables) -> Iterator[Problem]:
    """F03: a column that is needed is not there, or is there twice."""
    for name, table in tables.tables.items():
        needed = [column for column in columns_of(name).values() if column.required != OPTIONAL]
        if name == "cover" and tables.kind == "csv":
            needed = [columns_of("cover")["trust_code"], columns_of("cover")["period"]]
        missing = [f"“{c.title}” ({c.name})" for c in needed if c.name not in table.columns]
        if missing and (name in REQUIRED_SHEETS or table.rows or table.columns):
            yield _missing_columns("monthly" if tables.kind == "csv" else name, missing)
        for cell in table.repeated:
            yield at(
                name,
                cell,
                "F03",
                f"The sheet “{name}” has more than one column headed {quoted(cell.text)}, so it is "
                "not clear which one counts.",
                "Delete or rename the column that does not count.",
            )


def _missing_columns(sheet: str, missing: list[str]) -> Problem:
    what = ("lines", "line") if sheet == "cover" else ("columns", "column")
    these = what[0] if len(missing) > 1 else what[1]
    return at(
        sheet,
        None,
        "F03",
        f"The sheet “{sheet}” has no {these} {some(missing, 12, 'or')}.",
        f"Put the {these} back with exactly that name (order, capitals and spaces don't matter), "
        "or copy your figures into a newly downloaded workbook.",
    )


def some_figures(tables: Tables) -> Iterator[Problem]:
    """F05: the template came back as it was."""
    keys = {"period", "ward_code"}
    for row in tables["monthly"].rows:
        for field, cell in row.cells.items():
            text = clean(cell.text).lower()
            if text and field not in keys and (field, text) != ("return_status", "data"):
                return
    yield at(
        "monthly",
        None,
        "F05",
        "The sheet “monthly” holds no figures: every row is still as it was downloaded, or there "
        "is no row under the header.",
        "Fill in one row for each ward and save the file before you send it. If nothing was "
        "collected, choose not_collected under “Row status”.",
    )
