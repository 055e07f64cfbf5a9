"""Two periods of one measure: the last twelve months and the twelve before, or any other two.

Everything here is added up from figures that the person may see month by month, so that no choice
of periods says more than the charts do. Peers are never compared over periods of one's choice.
"""

from dataclasses import dataclass

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts import icons
from dashboard.charts.table import Column, html
from dashboard.page import measures, page, url_state
from dashboard.page.session import Visit
from dashboard.panels import side_by_side
from dashboard.panels.process_chart import NamedUnit
from dashboard.queries.series import signals
from dashboard.queries.windows import Period, two_periods
from dashboard.words import periods
from schemas import wording
from schemas.periods import Month, months

_LONGEST = 12  # months in each period, unless a person chooses others
# The keys of the four choices in the address: the months of both periods.
_CHOICES = {
    "before-from": "Earlier period, from",
    "before-to": "Earlier period, to",
    "after-from": "Later period, from",
    "after-to": "Later period, to",
}


@dataclass(frozen=True)
class Periods:
    """Two periods that don't overlap, the earlier one first."""

    before: Period
    after: Period


def show(visit: Visit, about: dict[str, object], whole: NamedUnit | None) -> Periods | None:
    """A section on two periods of a total, and a choice of others; None if there are no two."""
    usual = visit.keep(_usual)
    if about["unit"] not in ("percent", "per_1000_bed_days") or usual is None:
        page.section("Two periods compared")
        page.lead(periods.TOO_SHORT if usual is None else periods.NOT_ADDED_UP)
        return None
    above, last = st.container(), Month.of(visit.facts["data_to"])
    of = _chosen(visit, usual)
    with above:
        if of is None:
            page.section("Two periods compared")
            st.warning("Choose an earlier period that ends before the later one begins.")
            return None
        page.section(periods.title(of.before, of.after, last))
        if whole is not None:
            page.lead(visit.keep(_totals, measure=about["measure"], whole=whole, of=of))
        page.html(f'<p class="fs-note">{periods.CHANCE}</p>')
    return of


def table(
    visit: Visit, names: side_by_side.Names, code: str, level: str, of: Periods | None
) -> None:
    """Some units of a level: what each shows now, its latest figure and, if chosen, two periods."""
    page.cached(visit, _table, names=names, measure=code, level=level, of=of)


def _usual(visit: Visit) -> Periods | None:
    """The last twelve months and the twelve before, or two shorter periods in a new programme."""
    first, last = Month.of(visit.facts["first_month"]), Month.of(visit.facts["data_to"])
    size = min(_LONGEST, (last - first + 1) // 2)
    if not size:
        return None
    return Periods(_period(last + (1 - 2 * size), last + -size), _period(last + (1 - size), last))


def _period(first: Month, last: Month) -> Period:
    return first.first_day, last.first_day


def _chosen(visit: Visit, usual: Periods) -> Periods | None:
    """The two periods in the address, or the usual ones; None if they overlap."""
    first, last = Month.of(visit.facts["first_month"]), Month.of(visit.facts["data_to"])
    names = {str(month): month.label for month in months(first, last)}
    usually = {
        key: f"{edge:%Y-%m}"
        for key, edge in zip(_CHOICES, (*usual.before, *usual.after), strict=True)
    }
    opened = page.EXPANDED or not _CHOICES.keys().isdisjoint(st.query_params)
    expander = st.expander("Choose other periods…", opened, key="periods", on_change="rerun")
    if expander.open:
        with expander:
            places = zip(st.columns(4), usually.items(), strict=True)
            found = [_one(place, key, names, edge) for place, (key, edge) in places]
    else:  # what was chosen before it was closed is still in the address
        found = [st.query_params.get(key, edge) for key, edge in usually.items()]
    if not names.keys() >= set(found):
        return usual
    begin, end, begin_after, end_after = (Month.parse(code).first_day for code in found)
    if not begin <= end < begin_after <= end_after:
        return None
    return Periods((begin, end), (begin_after, end_after))


def _one(place: DeltaGenerator, key: str, names: dict[str, str], usual: str) -> str:
    with place:
        return url_state.choose(_CHOICES[key], names, key, usual)


def _added_up(visit: Visit, measure: str, level: str, of: Periods) -> pl.DataFrame:
    least = measures.least_answers(measures.definition(visit, measure))
    return visit.ask(
        two_periods, level=level, measure=measure, before=of.before, after=of.after, least=least
    )


def _totals(visit: Visit, measure: str, whole: NamedUnit, of: Periods) -> str:
    about = measures.all_of(visit)[measure]
    found = _added_up(visit, measure, whole.level, of).filter(pl.col("unit_id") == whole.code)
    row = None if found.is_empty() else found.row(0, named=True)
    same = periods.same_wards(_added_up(visit, measure, "ward", of), about)
    return f"{periods.total(row, about, of.before, of.after)} {same}".strip()


def _table(
    visit: Visit, names: side_by_side.Names, measure: str, level: str, of: Periods | None
) -> str:
    about = measures.all_of(visit)[measure]
    columns = [
        Column("name", level.replace("_", " ").capitalize(), row_header=True, markup=True),
        Column("variation", "What it shows now", markup=True),
        Column("assurance", "Against its target", markup=True),
        Column("latest", "Latest", markup=True),
    ]
    if about["target"] is None:
        columns = [column for column in columns if column.key != "assurance"]
    several = visit.scope.has_several
    both, note = {}, ""
    if of is not None:
        both = {row["unit_id"]: row for row in _added_up(visit, measure, level, of).to_dicts()}
        columns += [
            Column("before", wording.period(*of.before)),
            Column("after", wording.period(*of.after)),
            Column("difference", "Difference"),
        ]
        note = "Differences are worked out before rounding."
    units = tuple(unit for unit, _ in names)
    now = visit.ask(signals, level=level, units=units, measures=(measure,))
    found = {row["unit_id"]: row for row in now.iter_rows(named=True)}
    rows = []
    for unit, name in names:
        row = {"name": side_by_side.linked_name(unit, name, level, measure)}
        if signal := found.get(unit):
            target = icons.assurance(signal)
            row |= {
                "variation": icons.variation(signal).beside_words(),
                "assurance": target.beside_words() if target else "Not judged",
                "latest": side_by_side.latest(signal),
            }
        if of is not None:
            sums = both.get(unit)
            for time in ("before", "after"):
                row[time] = wording.starting(periods.reading(sums, about, time))
            row["difference"] = periods.difference(sums, about) if sums else "–"
        rows.append(row)
    order = "in order of trust and ward" if level == "ward" and several else "in order of name"
    return html(f"{about['name']}, {order}", columns, rows, note)
