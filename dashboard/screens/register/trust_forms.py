"""The forms for trusts that join, change, merge or leave."""

from datetime import date
from functools import partial

import streamlit as st

from dashboard.screens.register import pickers, ward_forms
from dashboard.screens.register.save import Desk, offer
from pipelines.registers import trust_acts, ward_acts
from pipelines.registers.effective import Row
from schemas.vocabularies import REGIONS

_MOST_WARDS = 20  # in one form; more can be added later, or as files


def add(desk: Desk) -> None:
    """A trust that joins the programme, with its wards and its lead."""
    left, right = st.columns(2)
    code = left.text_input("Trust code (ODS)", key="register_trust_code", max_chars=5)
    name = right.text_input("Name", key="register_trust_name", max_chars=trust_acts.LONGEST_NAME)
    region = left.selectbox(
        "Region",
        list(REGIONS),
        index=None,
        format_func=REGIONS.__getitem__,
        placeholder="Choose a region",
        key="register_trust_region",
    )
    with right:
        joined = pickers.day(
            desk, "First month with a return (any day of it)", "register_trust_joined"
        )
    trust = {"code": code, "name": name, "region": region, "joined": joined}
    wards, lead = _wards(), _lead()
    complete = all(ward["ward_code"].strip() and ward["ward_name"].strip() for ward in wards)
    ready = code.strip() and name.strip() and region and complete
    make = partial(trust_acts.join, trust=trust, wards=wards, lead=lead, today=desk.visit.today)
    offer(desk, "add trust", make if ready else None)


def _wards() -> list[Row]:
    """The wards that join with their trust, open from its first month."""
    number = st.number_input(
        "Wards to add with it, open from its first month",
        min_value=0,
        max_value=_MOST_WARDS,
        value=0,
        step=1,
        key="register_wards",
    )
    wards = []
    for place in range(1, number + 1):
        with st.container(border=True):
            code = st.text_input(f"Ward {place}: Code", key=f"register_ward_{place}", max_chars=12)
            values = ward_forms.values_of(ward_forms.NEW, f"ward{place}", f"Ward {place}: ")
            wards.append({**values, "ward_code": code})
    return wards


def _lead() -> Row | None:
    """The trust's lead, who has access from today; None if nobody was entered."""
    left, right = st.columns(2)
    email = left.text_input(
        "E-mail address of its lead (if known)", key="register_lead_email", max_chars=200
    )
    name = right.text_input("Name of its lead", key="register_lead_name", max_chars=80)
    return {"email": email, "name": name} if email.strip() or name.strip() else None


def change(desk: Desk) -> None:
    """Another name or region."""
    trust = pickers.trust(desk, "Trust", "register_trust")
    if trust is None:
        return
    code = trust["trust_code"]
    name, region = name_and_region(trust)
    day = pickers.day(desk, "From", "register_day", trust["valid_from"])
    changed = (name.strip(), region) != (trust["trust_name"], trust["region_code"])
    make = partial(trust_acts.change_trust, code=code, day=day, name=name, region=region)
    offer(desk, "change trust", make if changed else None)


def name_and_region(now: Row, which: str = "") -> tuple[str, str]:
    """A trust's name and region, filled in as they are now; labels begin with `which`."""
    code = now["trust_code"]
    left, right = st.columns(2)
    name = left.text_input(
        f"{which}Name",
        now["trust_name"],
        key=f"register_name_{code}",
        max_chars=trust_acts.LONGEST_NAME,
    )
    region = right.selectbox(
        f"{which}Region",
        list(REGIONS),
        list(REGIONS).index(now["region_code"]),
        format_func=REGIONS.__getitem__,
        key=f"register_region_{code}",
    )
    return name, region


def leave(desk: Desk) -> None:
    """A trust whose wards leave the collaborative."""
    st.html(
        '<p class="fs-note">Its wards stay in the register with their history; no return is '
        "expected from that day on. People keep their access until you end it.</p>"
    )
    trust = pickers.trust(desk, "Trust", "register_trust")
    if trust is None:
        return
    day = pickers.day(
        desk, "First day outside the collaborative", "register_day", trust["valid_from"]
    )
    offer(desk, "trust leaves", partial(trust_acts.leave, code=trust["trust_code"], day=day))


def merge(desk: Desk) -> None:
    """One trust that becomes part of another."""
    left, right = st.columns(2)
    with left:
        trust = pickers.trust(desk, "Trust that ends", "register_trust")
    if trust is None:
        return
    code = trust["trust_code"]
    with right:
        into = pickers.trust(desk, "Trust it becomes part of", "register_into", besides=code)
    if into is None:
        return
    day = pickers.day(desk, "First day as part of it", "register_day", trust["valid_from"])
    codes = _codes(desk, code, into["trust_code"], day)
    people = _people(desk, code, into)
    make = partial(
        trust_acts.merge_trust,
        code=code,
        into=into["trust_code"],
        day=day,
        codes=codes,
        people=people,
    )
    offer(desk, "merge trust", make)


def _codes(desk: Desk, code: str, into: str, day: date) -> dict[str, str]:
    """New codes for wards whose code the other trust already uses."""
    codes = {}
    for ward in ward_acts.to_move(desk.register, code, into, day):
        old = ward["ward_code"]
        free = ward_acts.free_code(desk.register, old, code, into)
        if free != old:
            codes[old] = st.text_input(
                f"{ward['ward_name']}: {into} already has a ward {old}. New code there",
                free,
                max_chars=12,
                key=f"register_code_{code}_{old}_{into}",
            )
    return codes


def _people(desk: Desk, code: str, into: Row) -> list[str]:
    """The people of the trust that ends who should see the other one."""
    names = {
        row["email"]: row["name"]
        for row in desk.register.access.iter_rows(named=True)
        if row["role"] != "programme" and _sees(row, code) and not _sees(row, into["trust_code"])
    }
    if not names:
        return []
    return st.multiselect(
        f"Which of its people should see {into['trust_name']} from then on?",
        list(names),
        format_func=lambda email: f"{names[email]} ({email})",
        placeholder="Nobody yet: you can also give access later",
        key=f"register_people_{code}_{into['trust_code']}",
    )


def _sees(row: Row, code: str) -> bool:
    return code in (row["trusts"] or "").split()
