"""Where any one figure came from: the wards it adds up, the cells, and what its measure means."""

import streamlit as st

from dashboard.page import measures, page, session
from dashboard.page.figure_reference import CellsReference, FigureReference
from dashboard.page.session import Visit
from dashboard.panels import figure_source, who_by_whom
from dashboard.panels.who_by_whom import Pair
from dashboard.queries.groups import groups
from dashboard.queries.organisations import wards
from schemas.periods import Month
from schemas.returns import columns_of

_TITLE = "Where a figure came from"
_LONGEST = 120
_SHEETS = {
    "charter": "What the return says about the charter",
    "standards": "The ratings against the standards in the return",
}
_NAMES = {"level", "unit", "measure", "month", "sheet", "pair"}
_NOT_FOUND = "The address of this page names no figure that exists and that you can see. "
_EVERYWHERE = "ward_code"  # on every sheet, so it says nothing about this one


def show() -> None:
    """The figure that the address names: `level`, `unit`, `measure`, `month` and `months`.

    With `sheet` in place of `measure`: what a ward's return says on that sheet for a month. With
    `pair`: one figure of who was affected, by whom, in the twelve months to a month.
    """
    visit = session.admit("programme", "trust", "region", "group")
    address = st.query_params
    named = _named(visit, address.get("level", ""), address.get("unit", ""))
    known = measures.all_of(visit)
    measure = known.get(address.get("measure", ""))
    month, months = _month(address.get("month", "")), _length(address.get("months", ""))
    if named and named[0] == "ward" and month and (sheet := address.get("sheet", "")) in _SHEETS:
        _sheet(visit, named[1], named[2], sheet, month)
        return
    if named and month and (kinds := who_by_whom.named(address.get("pair", ""))):
        pair = Pair(*named, *kinds, month)
        if about := who_by_whom.headline(visit, pair):
            page.open_screen(visit, _TITLE, about)
            who_by_whom.source(visit, pair)
            return
    if named is None or measure is None or month is None:
        asked = _NAMES.intersection(address)
        page.open_screen(
            visit,
            _TITLE,
            f"{_NOT_FOUND if asked else ''}Choose a point on a chart or a figure in a table, and "
            "this screen shows which cells of which workbook it came from.",
        )
        return
    subject = FigureReference(*named, str(measure["measure"]), month, months)
    page.open_screen(visit, _TITLE, visit.keep(figure_source.headline, subject=subject))
    figure_source.show_figure(visit, subject)


def _sheet(visit: Visit, unit: str, name: str, sheet: str, month: Month) -> None:
    page.open_screen(visit, _TITLE, f"{_SHEETS[sheet]}, {name}, {month.label}.")
    fields = tuple(field for field in columns_of(sheet) if field != _EVERYWHERE)
    figure_source.show_cells(visit, CellsReference(unit, name, _SHEETS[sheet], fields, month))


def _named(visit: Visit, level: str, unit: str) -> tuple[str, str, str] | None:
    """The level, the unit and its name, if it is one that this person may see."""
    every = visit.ask(wards)
    if level == "programme" and visit.scope.sees_everything:
        return "programme", "programme", "the whole programme"
    if level == "group":
        its = visit.ask(groups).filter(group_code=unit)
        return None if its.is_empty() else (level, unit, str(its["group_name"][0]))
    if level not in ("ward", "trust"):
        return None
    column = {"ward": "ward_id", "trust": "trust_code"}[level]
    found = every.filter(every[column] == unit)
    return None if found.is_empty() else (level, unit, str(found[f"{level}_name"][0]))


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None


def _length(text: str) -> int:
    return int(text) if text.isdigit() and 1 <= int(text) <= _LONGEST else 1
