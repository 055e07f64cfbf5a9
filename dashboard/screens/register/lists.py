"""The register as it is today, to read and to search."""

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

import polars as pl
import streamlit as st

from dashboard.charts.table import Column, html
from dashboard.page import filters, page
from dashboard.page.session import Visit
from dashboard.queries.organisations import wards
from dashboard.screens.register import held_today
from dashboard.screens.register.save import Desk
from dashboard.words import register as words
from pipelines.registers.effective import Row
from pipelines.registers.successors import ward_id
from schemas import wording
from schemas.vocabularies import OWN_GROUPS, REGIONS, peer_group, peer_group_name

_SHOWN = 50
_NONE = "–"
_COLUMNS = {
    "trusts": (
        Column("name", "Trust", row_header=True, markup=True),
        Column("code", "Code"),
        Column("region", "Region"),
        Column("joined", "First month"),
        Column("wards", "Open wards", number=True),
        Column("since", "Unchanged since"),
        Column("note", "Note"),
    ),
    "wards": (
        Column("name", "Ward", row_header=True, markup=True),
        Column("code", "Code"),
        Column("trust", "Trust"),
        Column("group", "Peer group"),
        Column("sex", "Intended sex"),
        Column("beds", "Beds", number=True),
        Column("in", "In the collaborative"),
        Column("open", "Open"),
        Column("note", "Note"),
    ),
    "groups": (
        Column("name", "Group", row_header=True),
        Column("code", "Code"),
        Column("kind", "Kind"),
        Column("member", "Trust or ward"),
        Column("from", "From"),
        Column("until", "Until"),
        Column("note", "Note"),
    ),
    "access": (
        Column("name", "Person", row_header=True, markup=True),
        Column("email", "E-mail"),
        Column("role", "Role"),
        Column("trusts", "Trusts or groups"),
        Column("from", "From"),
        Column("until", "Until"),
        Column("note", "Note"),
    ),
}
_NAMES = {"trusts": "trusts", "wards": "wards", "groups": "groups", "access": "people"}
_ONE = {
    "trusts": ("trust",),
    "wards": ("ward",),
    "groups": ("member of a group", "members of groups"),
    "access": ("person", "people"),
}


def show(desk: Desk, file: str) -> None:
    """A searchable list; entries that have ended are shown only on request."""
    page.section(f"{_NAMES[file].capitalize()} in the register")
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    search = left.text_input("Search by name, code or trust", key=f"register_search_{file}")
    ended = right.toggle("Show ended", key=f"register_ended_{file}")
    rows = desk.visit.keep(_listed, version=desk.looking.version, file=file, ended=ended)
    wanted = search.strip().casefold()
    found = [row for row in rows if wanted in row["searched"]] if wanted else rows
    if not found:
        st.html('<p class="fs-note">Nothing in the register matches.</p>')
        return
    shown = filters.places(len(found), _SHOWN, _NAMES[file])
    caption = wording.of_them(len(found), len(rows), *_ONE[file])
    noted = any(row["note"] != _NONE for row in found)
    columns = [column for column in _COLUMNS[file] if noted or column.key != "note"]
    known = desk.visit.keep(_with_screens)
    page.html(html(caption, columns, [_named(found[place], known) for place in shown]))


def _with_screens(visit: Visit) -> frozenset[str]:
    """The addresses of the wards and trusts that have a screen: those with figures."""
    every = visit.ask(wards)
    its = {f"ward?ward={quote(ward)}" for ward in every["ward_id"]}
    return frozenset(its | {f"trust?trust={quote(code)}" for code in every["trust_code"]})


def _named(row: dict[str, object], known: frozenset[str]) -> dict[str, object]:
    """The same row with its name as markup, which leads to its screen if there is one."""
    name, address = escape(str(row["name"])), str(row.get("address", ""))
    linked = f'<a href="{address}" target="_self">{name}</a>' if address in known else name
    return row | {"name": linked}


def _listed(visit: Visit, version: int, file: str, ended: bool) -> list[dict[str, object]]:
    """Every row of a list in words, with the text that a search looks in."""
    every = held_today.held(visit, version, file)
    shown = every if ended else every.filter(pl.col("state") != "ended")
    rows = list(_ROWS[file](visit, version, shown))
    return [row | {"searched": _searched(row)} for row in rows]


def _searched(row: dict[str, object]) -> str:
    return " ".join(str(value) for key, value in row.items() if key != "address").casefold()


def _trusts(visit: Visit, version: int, every: pl.DataFrame) -> Iterable[Row]:
    open_now = held_today.held(visit, version, "wards").filter(state="now")
    counts = dict(open_now.group_by("trust_code").len().iter_rows())
    for row in every.sort("trust_name").iter_rows(named=True):
        became = f"part of {row['successor_code']}" if row["successor_code"] else ""
        yield {
            "name": row["trust_name"],
            "address": f"trust?trust={quote(row['trust_code'])}",
            "code": row["trust_code"],
            "region": REGIONS[row["region_code"]],
            "joined": wording.month_of(row["joined"]),
            "wards": f"{counts.get(row['trust_code'], 0):,}",
            "since": wording.day_of(row["valid_from"]),
            "note": _note(row, became),
        }


def _wards(visit: Visit, version: int, every: pl.DataFrame) -> Iterable[Row]:
    trusts = held_today.held(visit, version, "trusts")
    names = dict(trusts.select("trust_code", "trust_name").iter_rows())
    named = sorted(
        every.iter_rows(named=True), key=lambda r: (names[r["trust_code"]], r["ward_name"])
    )
    for row in named:
        became = row["successor_ward_code"] and (
            f"now {row['successor_trust_code']}-{row['successor_ward_code']}"
        )
        open_to = f" to {wording.day_of(row['open_to'])}" if row["open_to"] else ""
        yield {
            "name": row["ward_name"],
            "address": f"ward?ward={quote(ward_id(row['trust_code'], row['ward_code']))}",
            "code": row["ward_code"],
            "trust": f"{names[row['trust_code']]} ({row['trust_code']})",
            "group": peer_group_name(peer_group(row["mh_class"], row["intended_sex"])),
            "sex": words.SEXES[row["intended_sex"]],
            "beds": f"{row['beds']}",
            "in": row["in_collaborative"].capitalize(),
            "open": f"From {wording.day_of(row['open_from'])}{open_to}",
            "note": _note(row, became or ""),
        }


def _groups(visit: Visit, version: int, every: pl.DataFrame) -> Iterable[Row]:
    names = held_today.member_names(visit, version)
    for row in every.sort("group_name", "member").iter_rows(named=True):
        yield {
            "name": row["group_name"],
            "code": row["group_code"],
            "kind": OWN_GROUPS[row["kind"]],
            "member": names[row["member"]],
            "from": wording.day_of(row["valid_from"]),
            "until": wording.day_of(row["valid_to"]) if row["valid_to"] else "No last day",
            "note": _note(row, ""),
        }


def _people(visit: Visit, version: int, every: pl.DataFrame) -> Iterable[Row]:
    for row in every.sort("name").iter_rows(named=True):
        yield {
            "name": row["name"],
            "email": row["email"],
            "role": words.value("role", row["role"]),
            "trusts": row["groups"]
            or row["trusts"]
            or ("All" if row["role"] == "programme" else "None"),
            "from": wording.day_of(row["valid_from"]),
            "until": wording.day_of(row["valid_to"]) if row["valid_to"] else "No last day",
            "note": _note(row, ""),
        }


def _note(row: Row, became: str) -> str:
    """Whether an entry has ended, has not started yet, or is about to change."""
    state = {"ended": "Ended", "coming": "Not started yet", "now": ""}[row["state"]]
    if row["state"] == "ended" and row["valid_to"]:
        state = f"Ended {wording.day_of(row['valid_to'])}"
    if row["changes"]:
        state = f"Changes {wording.day_of(row['changes'])}"
    return ", ".join(part for part in (state, became) if part) or _NONE


_ROWS = {"trusts": _trusts, "wards": _wards, "groups": _groups, "access": _people}
