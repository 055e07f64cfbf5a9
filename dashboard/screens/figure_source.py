"""Where any one figure came from: the wards it adds up, the cells, and what its measure means."""

from html import escape

import polars as pl
import streamlit as st

from dashboard import numbers
from dashboard.charts.table import Column, html
from dashboard.charts.figure_links import traced
from dashboard.queries.trace import wards_in_total
from dashboard.queries.series import observed
from dashboard.queries.organisations import wards
from dashboard.page import session, filters, measures, page
from dashboard.panels import figure_source
from dashboard.screens import ward
from dashboard.page.figure_reference import FigureReference, CellsReference
from dashboard.page.session import Visit
from schemas import wording
from schemas.periods import Month
from schemas.returns import columns_of

_TITLE = "Where a figure came from"
_LONGEST = 120
_ROWS = 50
_SHEETS = {
    "charter": "What the return says of the charter",
    "standards": "The ratings against the standards in the return",
}
_EVERYWHERE = "ward_code"  # on every sheet, so it tells none apart
_ROLLING = (
    '<p class="fs-note">A ward that lacks one of the months has no figure of its own; what it sent '
    "for the others is in the total.</p>"
)
_WARDS = (
    Column("ward", "Ward", row_header=True, markup=True),
    Column("trust_name", "Trust"),
    Column("read", "Figure", number=True),
    Column("made_of", "Made of", number=True),
    Column("adds", "In the total"),
)


def show() -> None:
    """The figure that the address names: `level`, `unit`, `measure`, `month` and `months`.

    With `sheet` in the place of `measure`: what a ward's return said there in a month.
    """
    visit = session.admit("programme", "trust", "region")
    said = st.query_params
    named = _named(visit, said.get("level", ""), said.get("unit", ""))
    known = measures.all_of(visit)
    measure = known.get(said.get("measure", ""))
    month, months = _month(said.get("month", "")), _length(said.get("months", ""))
    if named and named[0] == "ward" and month and (sheet := said.get("sheet", "")) in _SHEETS:
        _sheet(visit, named[1], named[2], sheet, month)
        return
    if named is None or measure is None or month is None:
        page.headline(
            visit,
            _TITLE,
            "Choose a point on a chart or a figure in a table, and this screen tells you which "
            "cells of which workbook it came from.",
        )
        return
    subject = FigureReference(*named, str(measure["measure"]), month, months)
    page.headline(visit, _TITLE, visit.keep(headline, subject=subject))
    show_figure(visit, subject)


def headline(visit: Visit, subject: FigureReference) -> str:
    """The figure in words: “Patients who feel safe, Alder Ward, March 2026: 83% (10 of 12).”"""
    about, first, last = subject.measure, subject.window[0].first_day, subject.last.first_day
    seen = visit.ask(
        observed, level=subject.level, measures=(about.id,), units=(subject.unit,)
    ).to_dicts()
    begin = last if about.rolling_months > 1 else first
    inside = [row for row in seen if begin <= row["month"] <= last]
    valued = [row for row in inside if row["value"] is not None]
    what = f"{about.name}, {subject.name}, {wording.period(first, last)}"
    if not valued:
        states = {row["state"] for row in inside}
        words = numbers.STATES.get(states.pop(), "No data") if len(states) == 1 else "No data"
        return f"{what}: {words.lower()}."
    top = sum(row["numerator"] for row in valued)
    if not about.is_ratio:
        return f"{what}: {numbers.with_unit(top, about.unit)}."
    below = sum(row["denominator"] for row in valued)
    value = numbers.with_unit(numbers.scaled(top / below, about.multiplier), about.unit)
    return f"{what}: {value} ({numbers.out_of(top, below, about.unit)})."


def show_figure(visit: Visit, subject: FigureReference) -> None:
    """The cells of a ward's figure, or the wards of a larger one, and the measure's definition."""
    if subject.level != "ward":
        shown = filters.places(visit.keep(_adds_up, subject=subject).height, _ROWS, "wards")
        page.cached(visit, _wards, subject=subject, shown=shown)
    _typed(visit, subject.typed, subject.level == "ward")
    page.html(ward.meaning(measures.all_of(visit)[subject.code]))


def _sheet(visit: Visit, unit: str, name: str, sheet: str, month: Month) -> None:
    page.headline(visit, _TITLE, f"{_SHEETS[sheet]}, {name}, {month.label}.")
    fields = tuple(field for field in columns_of(sheet) if field != _EVERYWHERE)
    _typed(visit, CellsReference(unit, name, _SHEETS[sheet], fields, month))


def _typed(visit: Visit, typed: CellsReference, always: bool = True) -> None:
    """The cells; where there is none, a sentence if there `always` should be one."""
    if visit.scope.role == "region":
        page.html('<p class="fs-note">Region readers see figures, not what was typed.</p>')
    elif not figure_source.show_cells(visit, typed) and always:
        page.html('<p class="fs-note">Nothing was sent for this.</p>')


def _adds_up(visit: Visit, subject: FigureReference) -> pl.DataFrame:
    rolling = subject.measure.rolling_months > 1
    at = subject.month + (subject.months - 1) if rolling else subject.month
    return visit.ask(
        wards_in_total,
        measure=subject.code,
        month=at.first_day,
        months=1 if rolling else subject.months,
        trust=subject.unit if subject.level == "trust" else None,
    )


def _wards(visit: Visit, subject: FigureReference, shown: range) -> str:
    about = subject.measure
    names = {row["ward_id"]: row for row in visit.ask(wards).iter_rows(named=True)}
    found = visit.keep(_adds_up, subject=subject).slice(shown.start, len(shown))
    rows = []
    for row in found.iter_rows(named=True):
        ward = names.get(row["ward_id"], {})
        link = traced("ward", row["ward_id"], about.id, f"{subject.month}", subject.months)
        said = str(ward.get("ward_name") or row["ward_id"])
        rows.append(
            {
                "ward": f'<a href="{link}" target="_self">{escape(said)}</a>',
                "trust_name": ward.get("trust_name"),
                **_figure(row, about.unit, about.multiplier),
            }
        )
    table = html("The wards that this figure adds up. Choose one to see its cells.", _WARDS, rows)
    return table + _ROLLING if about.rolling_months > 1 else table


def _figure(row: dict[str, object], unit: str, multiplier: object) -> dict[str, object]:
    top, below = row["numerator"], row["denominator"]
    if not row["months_valid"]:
        words = numbers.STATES.get(str(row["state"]), "No data")
        return {"read": words, "made_of": "–", "adds": "No"}
    value = top if below is None else numbers.scaled(top / below, multiplier) if below else None
    return {
        "read": numbers.reading(value, unit),
        "made_of": numbers.out_of(top, below, unit) or "–",
        "adds": "Yes" if row["expected"] else "No: not in the programme then",
    }


def _named(visit: Visit, level: str, unit: str) -> tuple[str, str, str] | None:
    """The level, the unit and its name, if it is one that this person may see."""
    every = visit.ask(wards)
    if level == "programme" and visit.scope.sees_everything:
        return "programme", "programme", "the whole programme"
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
