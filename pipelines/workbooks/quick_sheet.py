"""A worksheet that writes what most cells hold by a short way, with the bytes of XlsxWriter."""

from functools import lru_cache
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellBlankTuple, CellStringTuple, Worksheet


class QuickSheet(Worksheet):
    """A worksheet that is written in two thirds of the time.

    A formula is prepared once for every cell and workbook that has the same: that is a hundred and
    more patterns for each. A cell with a text or with nothing, as most have, is written as it
    stands: XlsxWriter looks in each attribute for what must be escaped, and meets a whole number
    as an error.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return _prepared(formula, expand_future_functions)

    def _escape_attributes(self, attribute: Any) -> Any:
        if isinstance(attribute, int):
            return attribute
        return super()._escape_attributes(attribute)

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = cell.__class__
        if kind not in (CellStringTuple, CellBlankTuple) or not cell.format:
            super()._write_cell(row, col, cell)
            return
        start = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"'
        if kind is CellBlankTuple:
            self.fh.write(f"{start}/>")
        else:
            self.fh.write(f'{start} t="s"><v>{cell.string}</v></c>')


@lru_cache(4096)
def _prepared(formula: str, expand: bool) -> str:
    return str(Worksheet()._prepare_formula(formula, expand))
