"""Which wards to look at: filters kept in the address, offering only what is in scope."""

from collections.abc import Mapping

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.page import url_state
from dashboard.page.session import Visit
from dashboard.queries.groups import groups
from dashboard.queries.organisations import wards
from dashboard.words import titles
from schemas.vocabularies import CHARTER_STAGE, INTENDED_SEX, REGION

_ALL = "all"
_SEXES = {sex: words.capitalize() for sex, words in INTENDED_SEX.items()}


def choose(visit: Visit) -> pl.DataFrame:
    """The wards a person has chosen by peer group, sex, group, trust and charter stage."""
    known, columns = visit.keep(_known), st.columns(5)
    about = {
        "peer_group": one(columns[0], "Peer group", "group", known["peer_group"]),
        "sex": one(columns[1], "Sex of ward", "sex", _SEXES),
        "group": one(columns[2], "Region or other group", "region", known["group"]),
        "trust": one(columns[3], "Trust", "trust", known["trust"]),
        "stage": one(columns[4], "Charter stage", "stage", CHARTER_STAGE),
    }
    return visit.ask(wards, **about)


def _known(visit: Visit) -> dict[str, dict[str, str]]:
    """The peer groups, groups and trusts there are, by code, in the order to offer them."""
    every = visit.ask(wards)
    # Addresses have named regions by their names since before there were other groups.
    others = {
        row["group_name"] if row["kind"] == REGION else row["group_code"]: row["group_name"]
        for row in visit.ask(groups).iter_rows(named=True)
    }
    peers = every.select("peer_group", "peer_group_name").unique().sort("peer_group")
    trusts = every.select("trust_code", "trust_name").unique().sort("trust_name")
    return {
        "peer_group": dict(peers.iter_rows()),
        "group": others,
        "trust": dict(trusts.iter_rows()),
    }


def group(visit: Visit, key: str = "group") -> str | None:
    """The code of a group kept in the address, or None for everybody."""
    chosen = url_state.choose("Region or other group", {_ALL: "All", **group_names(visit)}, key)
    return None if chosen == _ALL else chosen


def group_names(visit: Visit) -> dict[str, str]:
    """What each group is called where one is chosen, by its code."""
    return {row["group_code"]: titles.group(row) for row in visit.ask(groups).iter_rows(named=True)}


def paged(frame: pl.DataFrame, size: int, what: str, key: str = "page") -> pl.DataFrame:
    """One page of a long list; there is a choice of pages only if there is more than one.

    `key` distinguishes lists on the same screen.
    """
    shown = places(frame.height, size, what, key)
    return frame.slice(shown.start, len(shown))


def places(count: int, size: int, what: str, key: str = "page") -> range:
    """The positions on the chosen page, out of `count`: like `paged`, for what isn't a frame."""
    pages = max(1, -(-count // size))
    number = 1
    if pages > 1:
        words = {str(page): f"Page {page} of {pages}" for page in range(1, pages + 1)}
        number = int(url_state.choose(f"{count:,} {what}, {size} per page", words, key))
    return range((number - 1) * size, min(number * size, count))


def one(column: DeltaGenerator, label: str, key: str, words: Mapping[str, str]) -> str | None:
    """One choice kept in the address under `key`; None for all of them."""
    with column:
        chosen = url_state.choose(label, {_ALL: "All", **words}, key)
    return None if chosen == _ALL else chosen
