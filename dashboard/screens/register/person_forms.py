"""The forms that give, change and end a person's access."""

from datetime import date
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.screens.register import pickers
from dashboard.screens.register.save import Desk, offer
from dashboard.words import register as words
from pipelines.registers import people_acts
from pipelines.registers.effective import Row
from schemas.vocabularies import REGIONS


def give(desk: Desk) -> None:
    """Access for a person who has none."""
    left, right = st.columns(2)
    email = left.text_input("E-mail address they sign in with", key="register_email", max_chars=200)
    name = right.text_input("Name", key="register_person", max_chars=80)
    person = {"email": email, "name": name, **sees(desk, None, "new")}
    left, right = st.columns(2)
    with left:
        day = pickers.day(desk, "From", "register_day", desk.visit.today)
    with right:
        until = pickers.last_day(desk, "Last day (leave empty for none)", "register_until")
    make = partial(
        people_acts.give_access, person=person, day=day, until=until, today=desk.visit.today
    )
    ready = email.strip() and name.strip() and complete(person)
    offer(desk, "give access", make if ready else None)


def change(desk: Desk) -> None:
    """Another role, other trusts or another last day."""
    now = pickers.person(desk, "register_person_chosen")
    if now is None:
        return
    person = sees(desk, now, now["email"])
    left, right = st.columns(2)
    first = max(desk.visit.today, now["valid_from"])
    with left:
        day = pickers.day(desk, "From", "register_day", first)
    with right:
        until = pickers.last_day(
            desk,
            "Last day (leave empty for none)",
            f"register_until_{now['email']}",
            now["valid_to"],
        )
    make = partial(
        people_acts.change_access,
        email=now["email"],
        person=person,
        day=day,
        until=until,
        today=desk.visit.today,
    )
    offer(desk, "change access", make if changed(now, person, until) and complete(person) else None)


def end(desk: Desk) -> None:
    """A person who leaves."""
    now = pickers.person(desk, "register_person_chosen")
    if now is None:
        return
    at_once = pickers.yesterday(desk)
    day = pickers.day(desk, "Last day (yesterday ends it at once)", "register_day", at_once)
    make = partial(people_acts.end_access, email=now["email"], last_day=day, today=desk.visit.today)
    offer(desk, "end access", make)


def sees(desk: Desk, now: Row | None, key: str, which: str = "") -> Row:
    """A role, and the trusts or groups it covers; labels begin with `which`."""
    left, right = st.columns(2)
    roles = list(words.ROLES)
    role = left.selectbox(
        f"{which}Role",
        roles,
        roles.index(now["role"]) if now else None,
        format_func=words.ROLES.__getitem__,
        placeholder="Choose a role",
        key=f"register_role_{key}",
    )
    names = dict(
        desk.register.trusts.sort("valid_from").select("trust_code", "trust_name").iter_rows()
    )
    trusts: list[str] = []
    if role in ("trust", "region"):
        trusts = right.multiselect(
            f"{which}Trusts",
            sorted(names, key=names.__getitem__),
            (now["trusts"] or "").split() if now else [],
            format_func=lambda code: f"{names[code]} ({code})",
            placeholder="Choose trusts",
            key=f"register_trusts_{key}",
        )
    groups = _groups(desk, right, now, key, which) if role == "group" else []
    return {"role": role, "trusts": trusts, "groups": groups}


def _groups(desk: Desk, where: DeltaGenerator, now: Row | None, key: str, which: str) -> list[str]:
    """The groups that a group reader sees, regions among them."""
    own = (
        desk.register.groups.sort("group_name")
        .select("group_code", "group_name")
        .unique(maintain_order=True)
    )
    names = REGIONS | dict(own.iter_rows())
    return where.multiselect(
        f"{which}Groups",
        list(names),
        (now["groups"] or "").split() if now else [],
        format_func=lambda code: f"{names[code]} ({code})",
        placeholder="Choose groups",
        key=f"register_groups_{key}",
    )


def changed(now: Row, person: Row, until: date | None) -> bool:
    """Whether a person would see something else than now, or until another day."""
    codes = sorted((now["groups"] or now["trusts"] or "").split())
    was = (now["role"], codes, now["valid_to"])
    return (person["role"], sorted(person["trusts"] or person["groups"]), until) != was


def complete(person: Row) -> bool:
    """Whether it is said what a person sees."""
    chosen = person["trusts"] or person["groups"]
    return person["role"] == "programme" or bool(person["role"] and chosen)
