"""The funnel of one peer group: which wards differ from similar ones by more than chance?"""

from collections.abc import Mapping
from functools import partial

import polars as pl
import streamlit as st

from dashboard import numbers
from dashboard.charts import funnel
from dashboard.charts.figure_links import linked
from dashboard.charts.table import Column, html
from dashboard.page import filters, measures, page, url_state
from dashboard.page.figure_reference import FigureReference
from dashboard.page.session import Visit
from dashboard.panels import figure_source
from dashboard.queries.organisations import wards
from dashboard.queries.peers import comparisons
from dashboard.words import alt, headlines, titles
from dashboard.words.could_find import funnel_could_find
from pipelines.releasing.comparisons import allowed_for
from schemas import wording
from schemas.periods import Month

OUTSIDE = ("higher", "lower")  # the categories of what lies outside the limits
GROUP, MARK = "compared", "mark"  # the choices in the address
_NOTHING = "none"
_GROUP = "group:"  # before the code of a group, as a trust may have the same code
_COLUMNS = (
    Column("name", "Ward", row_header=True),
    Column("read", "Value", number=True, markup=True),
    Column("based_on", "Based on", number=True),
    Column("category", "Compared with similar wards"),
)


def show(visit: Visit, measure: Mapping[str, object], among: pl.DataFrame) -> None:
    """A peer group of one's choice among those of some wards, with a ward or trust to mark.

    The group that most of the wards are in comes first.
    """
    code, compared = str(measure["measure"]), _peer_groups(visit, among)
    if not compared:
        page.lead("None of these wards is in a peer group.")
        return
    group, places = next(iter(compared)), iter(st.columns(2))
    if len(compared) > 1:
        with next(places):
            group = url_state.choose("Compare the wards of", compared, GROUP)
    name = str(among.filter(pl.col("peer_group") == group)["peer_group_name"][0])
    if visit.ask(comparisons, measure=code, peer_group=group).is_empty():
        page.section(name, f"{measure['name']} cannot be compared between {name.lower()} yet.")
        return
    with next(places):
        marked = url_state.choose("Mark on the chart", visit.keep(_to_mark), MARK)
    drawn = visit.keep(_picture, measure=code, group=group, name=name, marked=marked)
    figure_source.show_chart(visit, drawn, f"chart_funnel_{group}_{code}")


def linked_value(seen: Mapping[str, object], words: str) -> str:
    """The value of a ward that was compared, as a link to where it came from."""
    return linked(words, figure_source.address(_subject({}, seen)))


def ward_names(of: pl.DataFrame) -> dict[str, str]:
    """Each of some wards (rows of the query `wards`) with its own and its trust's name."""
    return {w["ward_id"]: f"{w['ward_name']}, {w['trust_name']}" for w in of.to_dicts()}


def _peer_groups(visit: Visit, among: pl.DataFrame) -> dict[str, str]:
    """The peer groups of some wards, the one that most of them are in first."""
    whole = dict(visit.ask(wards)["peer_group"].drop_nulls().value_counts().iter_rows())
    counts = among.drop_nulls("peer_group").group_by("peer_group", "peer_group_name").len()
    found = counts.sort("len", "peer_group", descending=[True, False])
    return {
        str(group): f"{name} ({_of_all(number, whole[group])})"
        for group, name, number in found.iter_rows()
    }


def _of_all(number: int, whole: int) -> str:
    every = wording.counted(whole, "ward")
    return every if number == whole else f"{number} of {every}"


def _to_mark(visit: Visit) -> dict[str, str]:
    """What can be marked: nothing, all wards of a group or of a trust, or one ward."""
    every = visit.ask(wards)
    trusts = every.select("trust_code", "trust_name").unique().sort("trust_name", "trust_code")
    of_groups = {_GROUP + code: name for code, name in filters.group_names(visit).items()}
    return {
        _NOTHING: "Nothing",
        **of_groups,
        **dict(trusts.iter_rows()),
        **ward_names(every),
    }


def _marked(visit: Visit, marked: str, every: pl.DataFrame) -> pl.DataFrame:
    """Those of some wards that are marked: by themselves, or with their trust or group."""
    if marked.startswith(_GROUP):
        its = visit.ask(wards, group=marked.removeprefix(_GROUP))["ward_id"]
        return every.filter(pl.col("ward_id").is_in(its.implode()))
    return every.filter((pl.col("ward_id") == marked) | (pl.col("trust_code") == marked))


def _picture(visit: Visit, measure: str, group: str, name: str, marked: str) -> page.Chart:
    about = measures.all_of(visit)[measure]
    found = visit.ask(comparisons, measure=measure, peer_group=group)
    every = visit.ask(wards, peer_group=group)
    names = ward_names(every)
    stands_out = found.filter(pl.col("category").is_in(OUTSIDE))["unit_id"]
    picked = _marked(visit, marked, every)
    ringed = frozenset(picked["ward_id"])
    rows = funnel.rows(found, about, names, frozenset(stands_out), ringed)
    window = wording.period(found["first_month"].min(), found["last_month"].max())
    notes = [titles.direction(about), *_notes(found), funnel_could_find(about, found, picked)]
    if marked != _NOTHING:
        of = visit.keep(_to_mark)[marked]
        notes.append(_unmarked(of, ringed, {row["unit"] for row in rows}))
    return page.chart(
        f"{name}. {headlines.compared(found)[:-1]}, {window}",
        page.Drawing(
            rows,
            funnel.spec(str(about["unit"]), funnel.drawn(rows)),
            alt.funnel(about, name, found, names, ringed),
        ),
        table=html(f"{about['name']}, {name}, {window}", _COLUMNS, _by_name(rows, found)),
        kind="funnel",
        notes=notes,
        figures={(s.unit,): (s,) for s in map(partial(_subject, names), found.to_dicts())},
    )


def _notes(found: pl.DataFrame) -> list[str]:
    first = found.row(0, named=True)
    if (found["category"] == "too_few").all():  # the title says that none can be compared, and why
        return []
    notes = [f"{wording.counted(first['units'], 'ward')} compared."]
    if first["left_out"]:
        notes.append(f"{first['left_out']} left out: too few months sent.")
    if allowed_for(first["phi"], first["tau2"], first["units"]):
        notes.append(
            "These wards differ more than chance alone explains: their variance is "
            f"{numbers.rounded(first['phi'], 1)} times what it would give. The limits have been "
            "widened to allow for it."
        )
    return notes


def _unmarked(name: str, picked: frozenset[str], drawn: set[object]) -> str:
    """What to say if a ward or trust was chosen and not all its wards have a ring; else empty."""
    if not picked:
        return f"Not in this peer group: {name}."
    if absent := len(picked - drawn):
        have = "has" if absent == 1 else "have"
        return f"{wording.counted(absent, 'marked ward')} {have} no figure to draw."
    return ""


def _by_name(rows: list[dict[str, object]], found: pl.DataFrame) -> list[dict[str, object]]:
    """The rows of the table, in order of name; each value leads to where it came from."""
    at = {row["unit_id"]: row for row in found.iter_rows(named=True)}
    own = [
        {**row, "read": linked_value(at[row["unit"]], row["read"])} for row in rows if row["unit"]
    ]
    return sorted(own, key=lambda row: str(row["name"]))


def _subject(names: dict[str, str], seen: Mapping[str, object]) -> FigureReference:
    """The figure of a ward that was compared: its months added up."""
    unit, code = str(seen["unit_id"]), str(seen["measure"])
    first, last = Month.of(seen["first_month"]), Month.of(seen["last_month"])
    return FigureReference("ward", unit, names.get(unit, unit), code, first, last - first + 1)
