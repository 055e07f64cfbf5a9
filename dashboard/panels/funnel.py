"""The funnel of one peer group: which wards differ from similar ones by more than chance?"""

from functools import partial

import polars as pl

from dashboard import numbers
from dashboard.charts import funnel
from dashboard.charts.figure_links import linked
from dashboard.charts.table import Column, html
from dashboard.page import measures, page
from dashboard.page.figure_reference import FigureReference
from dashboard.page.session import Visit
from dashboard.panels import figure_source
from dashboard.queries.organisations import wards
from dashboard.queries.peers import comparisons
from dashboard.words import alt, headlines, titles
from schemas import wording
from schemas.periods import Month

_COLUMNS = (
    Column("name", "Ward", row_header=True),
    Column("read", "Value", number=True, markup=True),
    Column("based_on", "Based on", number=True),
    Column("category", "Compared with similar wards"),
)


def show(visit: Visit, measure: dict[str, object], chosen: pl.DataFrame) -> None:
    """The peer group that most of the chosen wards are in, with its wards named."""
    group, name = largest_group(chosen)
    of_group(visit, measure, group, name, several=chosen["peer_group"].n_unique() > 1)


def of_group(
    visit: Visit, measure: dict[str, object], group: str, name: str, *, several: bool
) -> None:
    """One peer group with its wards named; `several` if another could be chosen above."""
    code = str(measure["measure"])
    if visit.ask(comparisons, measure=code, peer_group=group).is_empty():
        page.section(name, f"{measure['name']} cannot be compared between {name.lower()} yet.")
        return
    drawn = visit.keep(_picture, measure=code, group=group, name=name, several=several)
    figure_source.show_chart(visit, drawn, f"chart_funnel_{group}_{code}")


def _picture(visit: Visit, measure: str, group: str, name: str, several: bool) -> page.Chart:
    about = measures.all_of(visit)[measure]
    found = visit.ask(comparisons, measure=measure, peer_group=group)
    every = visit.ask(wards, peer_group=group)
    names = {w["ward_id"]: f"{w['ward_name']}, {w['trust_name']}" for w in every.to_dicts()}
    stands_out = found.filter(pl.col("category").is_in(["higher", "lower"]))["unit_id"]
    rows = funnel.rows(found, about, names, frozenset(stands_out))
    window = wording.period(found["first_month"].min(), found["last_month"].max())
    return page.chart(
        f"{name}. {headlines.compared(found)[:-1]}, {window}",
        page.Drawing(rows, funnel.spec(str(about["unit"])), alt.funnel(about, name, found)),
        table=html(f"{about['name']}, {name}, {window}", _COLUMNS, _by_name(rows, found)),
        kind="funnel",
        notes=(titles.direction(about), *_notes(found, several)),
        figures={(s.unit,): (s,) for s in map(partial(_subject, names), found.to_dicts())},
    )


def largest_group(among: pl.DataFrame) -> tuple[str, str]:
    """The peer group that most of some wards are in, by its code and name."""
    counts = among.group_by("peer_group", "peer_group_name").len()
    row = counts.sort("len", "peer_group", descending=[True, False]).row(0, named=True)
    return row["peer_group"], row["peer_group_name"]


def _notes(found: pl.DataFrame, several: bool) -> list[str]:
    first = found.row(0, named=True)
    notes = [f"{wording.counted(first['units'], 'ward')} compared."]
    if first["left_out"]:
        notes.append(f"{first['left_out']} left out: too few months sent.")
    if first["phi"] is not None and first["phi"] > 1 and first["tau2"]:
        notes.append(
            "These wards differ more than chance alone explains: their variance is "
            f"{numbers.rounded(first['phi'], 1)} times what it would give. The limits have been "
            "widened to allow for it."
        )
    if several:
        notes.append("Wards are compared within one peer group at a time: choose another above.")
    return notes


def _by_name(rows: list[dict[str, object]], found: pl.DataFrame) -> list[dict[str, object]]:
    """The rows of the table, in order of name; each value leads to where it came from."""
    at = {row["unit_id"]: row for row in found.iter_rows(named=True)}
    linked = [{**row, "read": _read(row, at[row["unit"]])} for row in rows if row["unit"]]
    return sorted(linked, key=lambda row: str(row["name"]))


def _read(row: dict[str, object], seen: dict[str, object]) -> str:
    return linked(str(row["read"]), figure_source.address(_subject({}, seen)))


def _subject(names: dict[str, str], seen: dict[str, object]) -> FigureReference:
    """The figure of a ward that was compared: its months added up."""
    unit, code = str(seen["unit_id"]), str(seen["measure"])
    first, last = Month.of(seen["first_month"]), Month.of(seen["last_month"])
    return FigureReference("ward", unit, names.get(unit, unit), code, first, last - first + 1)
