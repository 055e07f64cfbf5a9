"""F02, F03, F05: checks that the file is the right template, complete and filled in."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipelines.checking.parse import parse
from pipelines.checking.prechecks.cover import cell_of
from pipelines.checking.problem_at import Place, problem_at, problem_at_cover, problem_of_file
from pipelines.reading.compared import clean
from pipelines.reading.tables import Table, Tables
from pipelines.reading.text_sheets import Cell
from pipelines.reading.uneven_lines import Uneven
from schemas.problems import Problem
from schemas.returns import OPTIONAL, REQUIRED_SHEETS, TEMPLATE_VERSION, columns_of
from schemas.wording import listed, plain, quoted, some, starting

_NEW_TEMPLATE = "Download a new workbook for your trust and month and copy your figures into it."


def missing_sheets(missing: list[str], tables: Tables) -> Problem:
    """F03: a required sheet is missing."""
    found = [*tables.tables, *tables.other_sheets]
    there = f"It has {some([quoted(name) for name in found])}." if found else "It has none."
    sheets = listed((quoted(name) for name in missing), "or")
    return problem_of_file(
        "F03",
        f"This file has no sheet named {sheets}. {there}",
        "Give the sheet its original name, or copy your figures into a newly downloaded workbook.",
    )


def known_version(tables: Tables, version: str | None) -> Iterator[Problem]:
    """F02: the workbook was made from a template that is not in use."""
    if "template_version" not in tables["cover"].columns and tables.kind != "csv":
        return  # already reported as a missing line of the cover
    without = no_result(tables, "template_version")
    if without:
        yield without
    elif version not in (TEMPLATE_VERSION, str(int(float(TEMPLATE_VERSION)))):
        found = f"version {quoted(version)}" if version else "no version"
        yield problem_at_cover(
            tables,
            "F02",
            "template_version",
            f"This workbook says it was made from {found} of the template. "
            f"The version in use is {TEMPLATE_VERSION}.",
            _NEW_TEMPLATE,
        )


def no_result(tables: Tables, field: str) -> Problem | None:
    """F08: an answer on the cover that is a formula without its result, or ends in an error."""
    cell = cell_of(tables, field)
    if cell is None or cell.kind not in ("formula", "error"):
        return None
    found = parse(cell, columns_of("cover")[field], {}).finding
    return problem_at_cover(tables, found.code, field, found.message, found.fix) if found else None


def all_columns(tables: Tables) -> Iterator[Problem]:
    """F03: a required column is missing, or is there twice."""
    alone = tables.kind == "csv"  # one sheet, with the trust and month in its own columns
    for name, table in tables.tables.items():
        if alone and name == "cover":
            continue
        missing = _missing(tables["cover"], ("trust_code", "period")) if alone else []
        missing += [named for named in _missing(table, _needed(name)) if named not in missing]
        if missing and (name in REQUIRED_SHEETS or table.rows or table.columns):
            yield _missing_columns(name, missing) if table.columns else _no_column(name)
        for cell in table.repeated:
            yield problem_at(
                Place(name, cell),
                "F03",
                f"The sheet “{name}” has more than one column headed {quoted(cell.text)}, so it is "
                "not clear which one counts.",
                "Delete or rename the column that does not count.",
            )


def uneven_lines(tables: Tables) -> Iterator[Problem]:
    """F03: lines of a CSV file with more or fewer values than its header has columns."""
    for name, table in tables.tables.items():
        for uneven in table.uneven:
            yield _uneven(name, uneven)


def _uneven(sheet: str, uneven: Uneven) -> Problem:
    numbers = [str(row) for row in uneven.rows]
    rows = f"row {numbers[0]}" if len(numbers) == 1 else f"rows {some(numbers)}"
    has = "has" if len(numbers) == 1 else "have"
    found = f"{starting(rows)} {has} {uneven.values:,} values, but the header has {uneven.header:,}"
    place = Cell(uneven.rows[-1 if uneven.cut_off else 0], min(uneven.values, uneven.header), "")
    if uneven.cut_off:
        message = f"{found}, and the last line is not finished: the file seems to be cut off."
        fix = "Save the whole file again where it comes from and send that."
    elif uneven.values < uneven.header:
        message = f"{found}, so figures may stand under the wrong heading."
        fix = (
            f"Look in {rows} for a missing value or a line break. A blank value needs its comma "
            "too. Or send the workbook (.xlsx) instead."
        )
    else:
        message = f"{found}, so figures may stand under the wrong heading."
        fix = (
            f"Look in {rows} for a comma inside a number or a text; take it out. Or send the "
            "workbook (.xlsx) instead."
        )
        if uneven.split:
            first, second = uneven.split
            place = first
            fix = (
                f"{first.place} and {second.place} hold {quoted(first.text)} and "
                f"{quoted(second.text)}: they may be one number, {first.text},{second.text}, typed "
                f"with a comma. {fix}"
            )
    return problem_at(Place(sheet, replace(place, text="")), "F03", message, fix)


def _needed(sheet: str) -> list[str]:
    return [name for name, c in columns_of(sheet).items() if c.required != OPTIONAL]


def _missing(table: Table, needed: Iterable[str]) -> list[str]:
    columns = columns_of(table.name)
    return [f"“{columns[n].title}” ({n})" for n in needed if n not in table.columns]


def _missing_columns(sheet: str, missing: list[str]) -> Problem:
    what = ("lines", "line") if sheet == "cover" else ("columns", "column")
    these = what[0] if len(missing) > 1 else what[1]
    return problem_at(
        Place(sheet),
        "F03",
        f"The sheet “{sheet}” has no {these} {some(missing, 12, 'or')}.",
        f"Put the {these} back with exactly that name (order, capitals and spaces don't matter), "
        "or copy your figures into a newly downloaded workbook.",
    )


def _no_column(sheet: str) -> Problem:
    return problem_at(
        Place(sheet),
        "F03",
        f"The sheet “{sheet}” has no row of column names: none of its first rows names two columns "
        "of a return.",
        "Put the column names back, or copy your figures into a newly downloaded workbook.",
    )


def some_figures(tables: Tables) -> Iterator[Problem]:
    """F05: the template was sent back without figures."""
    if not tables["monthly"].columns:
        return  # already reported as missing columns
    keys, status = {"period", "ward_code"}, columns_of("monthly")["return_status"]
    as_downloaded = {"data", plain(status.in_words("data"))}
    for row in tables["monthly"].rows:
        for field, cell in row.cells.items():
            text = plain(clean(cell.text)) if field == status.name else clean(cell.text)
            untouched = field == status.name and text in as_downloaded
            if text and field not in keys and not untouched:
                return
    yield problem_at(
        Place("monthly"),
        "F05",
        "The sheet “monthly” has no figures: every row is still as it was downloaded, or there are "
        "no rows under the header.",
        "Fill in one row for each ward and save the file before you send it. If nothing was "
        "collected, choose “Nothing was collected” under “Row status”.",
    )
