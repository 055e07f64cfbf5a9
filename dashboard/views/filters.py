"""Which wards to look at: filters that live in the address and offer only what is in scope."""

from collections.abc import Mapping

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.queries.wards import wards
from dashboard.views import address
from dashboard.views.door import Visit
from schemas.vocabularies import CHARTER_STAGE, INTENDED_SEX

_ALL = "all"
_SEXES = {sex: words.capitalize() for sex, words in INTENDED_SEX.items()}


def choose(visit: Visit) -> pl.DataFrame:
    """The wards a person has chosen by peer group, sex, region, trust and charter stage."""
    every = visit.ask(wards)
    groups = dict(every.select("peer_group", "peer_group_name").unique().sort("peer_group").rows())
    trusts = dict(every.select("trust_code", "trust_name").unique().sort("trust_name").rows())
    columns = st.columns(5)
    about = {
        "peer_group": _one(columns[0], "Peer group", "group", groups),
        "sex": _one(columns[1], "Sex of ward", "sex", _SEXES),
        "region": _one(columns[2], "Region", "region", {r: r for r in _known(every, "region")}),
        "trust": _one(columns[3], "Trust", "trust", trusts),
        "stage": _one(columns[4], "Charter stage", "stage", CHARTER_STAGE),
    }
    return visit.ask(wards, **about)


def paged(frame: pl.DataFrame, size: int, what: str, key: str = "page") -> pl.DataFrame:
    """One page of a long list; a choice of pages appears only where there is more than one.

    `key` tells lists on the same screen apart.
    """
    pages = max(1, -(-frame.height // size))
    if pages == 1:
        return frame
    words = {str(number): f"Page {number} of {pages}" for number in range(1, pages + 1)}
    number = int(address.choose(f"{frame.height:,} {what}, {size} on a page", words, key))
    return frame.slice((number - 1) * size, size)


def _one(column: DeltaGenerator, label: str, key: str, words: Mapping[str, str]) -> str | None:
    with column:
        chosen = address.choose(label, {_ALL: "All", **words}, key)
    return None if chosen == _ALL else chosen


def _known(frame: pl.DataFrame, column: str) -> list[str]:
    return frame[column].drop_nulls().unique().sort().to_list()
