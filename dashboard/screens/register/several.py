"""The forms that change several trusts, wards or people at once: one save, and one undo."""

from collections.abc import Iterable
from datetime import date
from functools import partial

import polars as pl
import streamlit as st

from dashboard.screens.register import held_today, person_forms, pickers, trust_forms, ward_forms
from dashboard.screens.register.save import Desk, offer
from pipelines.registers import people_acts, trust_acts, ward_acts
from pipelines.registers.effective import Row
from pipelines.registers.register import Act, together

MOST = 20  # in one form; for more there are the files


def trusts(desk: Desk) -> None:
    """Other names or regions."""
    chosen = _choose(desk, "trusts", ("trust_code",), "trust_name")
    if not chosen:
        return
    day = _from(desk, chosen)
    acts = [act for now in chosen.values() for act in _trust(now, day)]
    _offer(desk, "change trusts", acts)


def wards(desk: Desk) -> None:
    """Other names, beds, classes and so on, and last days open."""
    chosen = _choose(desk, "wards", ("trust_code", "ward_code"), "ward_name")
    if not chosen:
        return
    day = _from(desk, chosen)
    acts = [act for name, now in chosen.items() for act in _ward(name, now, day)]
    _offer(desk, "change wards", acts)


def people(desk: Desk) -> None:
    """Other roles, trusts or last days."""
    chosen = _choose(desk, "access", ("email",), "name")
    if not chosen:
        return
    day = _from(desk, chosen, desk.visit.today)
    acts = [act for now in chosen.values() for act in _person(desk, now, day)]
    _offer(desk, "change access of several", acts)


_NAMES = {"trusts": "trust", "wards": "ward", "access": "person"}


def _choose(desk: Desk, file: str, key: tuple[str, ...], name: str) -> dict[str, Row]:
    """The entries to change, by their code or address; one that has ended is not offered."""
    every = held_today.held(desk.visit, desk.looking.version, file)
    open_now = every.filter(pl.col("state") != "ended").sort(name)
    rows = {"-".join(row[part] for part in key): row for row in open_now.iter_rows(named=True)}
    what = {"trusts": "Trusts", "wards": "Wards", "access": "People"}[file]
    codes = st.multiselect(
        f"{what} to change, {MOST} at most",
        list(rows),
        format_func=lambda code: f"{rows[code][name]} ({code})" if code in rows else code,
        max_selections=MOST,
        select_all=False,
        placeholder=f"Choose each {_NAMES[file]}",
        key=f"register_several_{file}",
    )
    return {code: rows[code] for code in codes if code in rows}


def _from(desk: Desk, chosen: dict[str, Row], earliest: date | None = None) -> date:
    """The day from which all of it applies: not before any of them is in the register."""
    first = max(row["valid_from"] for row in chosen.values())
    usual = max(first, earliest) if earliest else first
    return pickers.day(desk, "From, for all of them", "register_day", usual)


def _trust(now: Row, day: date) -> Iterable[tuple[str, Act]]:
    code = now["trust_code"]
    with st.container(border=True):
        name, region = trust_forms.name_and_region(now, f"{code}: ")
    if (name.strip(), region) != (now["trust_name"], now["region_code"]):
        change = partial(trust_acts.change_trust, code=code, day=day, name=name, region=region)
        yield code, change


def _ward(code: str, now: Row, day: date) -> Iterable[tuple[str, Act]]:
    which = {"trust": now["trust_code"], "code": now["ward_code"]}
    with st.container(border=True):
        values = ward_forms.values_of(now, f"{now['trust_code']}_{now['ward_code']}", f"{code}: ")
        last = now["open_to"] or st.date_input(
            f"{code}: Last day open (leave empty if it stays open)",
            None,
            min_value=pickers.FIRST,
            max_value=pickers.LAST,
            format=pickers.FORMAT,
            key=f"register_last_{code}",
        )
    if changes := {field: new for field, new in values.items() if new != now[field]}:
        yield code, partial(ward_acts.change_ward, **which, day=day, changes=changes)
    if last and last != now["open_to"]:
        yield code, partial(ward_acts.close_ward, **which, last_day=last)


def _person(desk: Desk, now: Row, day: date) -> Iterable[tuple[str, Act]]:
    email = now["email"]
    with st.container(border=True):
        person = person_forms.sees(desk, now, email, f"{now['name']}: ")
        until = pickers.last_day(
            desk,
            f"{now['name']}: Last day (leave empty for none)",
            f"register_until_{email}",
            now["valid_to"],
        )
    if person_forms.changed(now, person, until) and person_forms.complete(person):
        change = partial(people_acts.change_access, person=person, until=until)
        yield now["name"], partial(change, email=email, day=day, today=desk.visit.today)


def _offer(desk: Desk, what: str, acts: list[tuple[str, Act]]) -> None:
    offer(desk, what, partial(together, acts=acts) if acts else None)
