"""Lines of a CSV file with more or fewer values than its header has columns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.reading.compared import clean, normal
from pipelines.reading.text_sheets import Cell, Lines, Sheet
from schemas.returns import columns_of

_LINES_AT_A_TIME = 16


@dataclass(frozen=True)
class Uneven:
    """Lines of a CSV file that hold as many values as each other, but not as the header.

    `split` are two neighbouring cells that may be one number with a comma in it; `cut_off` says
    that the last of the lines is the file's last and doesn't end.
    """

    rows: tuple[int, ...]
    values: int
    header: int
    split: tuple[Cell, Cell] | None = None
    cut_off: bool = False


def uneven_lines(
    name: str,
    sheet: Sheet,
    header: int,
    data: Mapping[int, Mapping[int, Cell]],
    columns: Mapping[str, int],
) -> tuple[Uneven, ...]:
    """The lines of a CSV file that don't have one value for each column."""
    if sheet.lines is None or not columns:
        return ()
    lines = sheet.lines
    values, width, written = lines.values, max(sheet.rows[header]), lines.values[header]
    over = [row for row in data if values[row] > written and max(data[row]) <= written]
    if len({values[row] for row in data}) == 1 and not any(
        _split(name, data[row], columns) and _shifted(name, data[row], columns) for row in over
    ):
        over = []  # every line ends in the same separators: nothing has moved
    by_count: dict[int, list[int]] = {}
    for row, cells in data.items():
        short = values[row] < width and not _trimmed_by_excel(lines, row)
        if short or max(cells) > written or row in over:
            by_count.setdefault(values[row], []).append(row)
    unfinished = 0 if lines.ends else max(values)
    return tuple(
        Uneven(
            tuple(rows),
            count,
            width,
            _split(name, data[rows[0]], columns) if count > width else None,
            count < width and unfinished in rows,
        )
        for count, rows in by_count.items()
    )


def _trimmed_by_excel(lines: Lines, row: int) -> bool:
    """Whether Excel left out the separators of columns that are blank at the end of a line.

    It writes 16 lines at a time, each as long as the longest of these.
    """
    block = (row - 1) // _LINES_AT_A_TIME
    first = block * _LINES_AT_A_TIME + 1
    together = range(first, first + _LINES_AT_A_TIME)
    same = {lines.values[n] for n in together if n in lines.values} == {lines.values[row]}
    return block > 0 and same and lines.ends


def _split(
    name: str, cells: Mapping[int, Cell], columns: Mapping[str, int]
) -> tuple[Cell, Cell] | None:
    """Two neighbours that read like one number with a comma: 1 and 204."""
    known = columns_of(name)
    counts = {n for field, n in columns.items() if known[field].kind == "count"}
    for n, cell in cells.items():
        following = cells.get(n + 1)
        if n not in counts or following is None:
            continue
        if re.fullmatch(r"[1-9]\d{0,2} \d{3}", f"{clean(cell.text)} {clean(following.text)}"):
            return cell, following
    return None


def _shifted(name: str, cells: Mapping[int, Cell], columns: Mapping[str, int]) -> bool:
    """Whether a column that takes words of a list holds something else."""
    return any(
        normal(cells[n].text) not in {*column.allowed, *map(normal, column.words)}
        for field, n in columns.items()
        if n in cells and (column := columns_of(name)[field]).allowed
    )
