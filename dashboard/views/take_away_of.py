"""Of which trust, ward and measure something is taken away: only those of one's own scope."""

import polars as pl
import streamlit as st

from dashboard.queries.wards import wards
from dashboard.views import address, measures
from dashboard.views.visit import Visit
from schemas.disclosure import may_be_shared
from schemas.measures import Measure

ALL = "all"
_MEASURES = ("figures", "chart")


def choose(visit: Visit, what: str, *, shared: bool) -> dict[str, str | None]:
    """The trust, ward and measure of an order, with a choice only of what fits it."""
    if what == "pack":
        return {}
    every = visit.ask(wards)
    columns = st.columns(3 if what in _MEASURES else 2)
    with columns[0]:
        trust = _trust(visit, every, what)
    about: dict[str, str | None] = {"trust": trust, "ward": None}
    if what != "sheets":
        with columns[1]:
            about["ward"] = _ward(every, trust, what)
    if what in _MEASURES:
        with columns[2]:
            about["measure"] = _measure(visit, what, shared=shared)
    return about


def _trust(visit: Visit, every: pl.DataFrame, what: str) -> str | None:
    """A trust; all of them where a file can hold more than one."""
    names = dict(every.select("trust_code", "trust_name").unique().sort("trust_name").rows())
    words = {"figures": "All trusts", "chart": "The whole programme", "sheet": "All trusts"}
    whole = what != "chart" or visit.scope.sees_everything
    if what in words and whole and len(names) > 1:
        names = {ALL: words[what], **names}
    chosen = address.choose("Trust", names, "trust")
    return None if chosen == ALL else chosen


def _ward(every: pl.DataFrame, trust: str | None, what: str) -> str | None:
    """A ward of the trust; all of them unless it is one ward's sheet."""
    found = every.filter(pl.col("trust_code") == trust) if trust else every
    names = {
        row["ward_id"]: row["ward_name"] if trust else f"{row['ward_name']}, {row['trust_name']}"
        for row in found.iter_rows(named=True)
    }
    if what != "sheet":
        names = {ALL: "All wards together" if what == "chart" else "All wards", **names}
    chosen = address.choose("Ward", names, "ward")
    return None if chosen == ALL else chosen


def _measure(visit: Visit, what: str, *, shared: bool) -> str | None:
    """A measure that may be taken away so; all of them where a file can hold more than one."""
    names = {
        code: str(about["name"])
        for code, about in measures.all_of(visit).items()
        if _allowed(about, what, shared=shared)
    }
    if what == "figures":
        names = {ALL: "All measures", **names}
    chosen = address.choose("Measure", names, "measure")
    return None if chosen == ALL else chosen


def _allowed(about: dict[str, object], what: str, *, shared: bool) -> bool:
    plain = {name: about[name] for name in Measure.model_fields if name in about}
    may = may_be_shared(Measure.model_construct(**plain))
    return may if shared else (what == "figures" or not about["restricted"])
