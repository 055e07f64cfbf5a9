"""The forms for wards that open, change, close, reopen or move."""

from functools import partial

import streamlit as st

from dashboard.screens.register import pickers
from dashboard.screens.register.save import Desk, offer
from dashboard.words import register as words
from pipelines.registers import ward_acts
from pipelines.registers.effective import Row
from pipelines.registers.ward_values import LONGEST_NAME
from schemas.vocabularies import SECURITY_LEVEL, YES_NO, peer_group, peer_group_name

NEW: Row = {
    "ward_name": "",
    "site_code": None,
    "mh_class": "200",
    "security_level": "0",
    "intended_sex": "mixed",
    "age_group": "adult",
    "beds": 16,
    "in_collaborative": "yes",
}


def add(desk: Desk) -> None:
    """A ward that opens, or that joins the programme."""
    trust = pickers.trust(desk, "Trust", "register_trust")
    if trust is None:
        return
    left, right = st.columns(2)
    code = left.text_input("Ward code", key="register_ward_code", max_chars=12)
    with right:
        opens = pickers.day(desk, "First day open", "register_opens")
    values = values_of(NEW, "new")
    make = partial(
        ward_acts.add_ward,
        trust=trust["trust_code"],
        values={**values, "ward_code": code, "open_from": opens},
    )
    offer(desk, "add ward", make if code.strip() and values["ward_name"].strip() else None)


def change(desk: Desk) -> None:
    """Another name, number of beds, class or sex."""
    ward = pickers.ward(desk, "register_change")
    if ward is None:
        return
    values = values_of(ward, f"{ward['trust_code']}_{ward['ward_code']}")
    day = pickers.day(desk, "From", "register_day", ward["valid_from"])
    changed = {field: new for field, new in values.items() if new != ward[field]}
    make = partial(ward_acts.change_ward, **_of(ward), day=day, changes=changed)
    offer(desk, "change ward", make if changed else None)


def close(desk: Desk) -> None:
    """A ward that closes."""
    ward = pickers.ward(desk, "register_close")
    if ward is None:
        return
    day = pickers.day(desk, "Last day open", "register_day", ward["valid_from"])
    offer(desk, "close ward", partial(ward_acts.close_ward, **_of(ward), last_day=day))


def reopen(desk: Desk) -> None:
    """A closed ward that opens again."""
    ward = pickers.ward(desk, "register_reopen", closed=True)
    if ward is None:
        return
    day = pickers.day(desk, "First day open again", "register_day", ward["valid_from"])
    offer(desk, "reopen ward", partial(ward_acts.reopen_ward, **_of(ward), day=day))


def move(desk: Desk) -> None:
    """A ward that moves to another trust."""
    ward = pickers.ward(desk, "register_move")
    if ward is None:
        return
    left, right = st.columns(2)
    with left:
        to = pickers.trust(desk, "Trust it moves to", "register_to", besides=ward["trust_code"])
    if to is None:
        return
    free = ward_acts.free_code(
        desk.register, ward["ward_code"], ward["trust_code"], to["trust_code"]
    )
    key = f"register_code_{ward['trust_code']}_{ward['ward_code']}_{to['trust_code']}"
    with right:
        code = st.text_input("Its code there", free, key=key, max_chars=12)
    day = pickers.day(desk, "First day with that trust", "register_day", ward["valid_from"])
    make = partial(ward_acts.move_ward, **_of(ward), to=to["trust_code"], new_code=code, day=day)
    offer(desk, "move ward", make)


def _of(ward: Row) -> dict[str, str]:
    return {"trust": ward["trust_code"], "code": ward["ward_code"]}


def values_of(now: Row, key: str, which: str = "") -> Row:
    """The fields that describe a ward, filled in as they are now; labels begin with `which`."""

    def one(label: str, field: str, options: dict[str, str]) -> str | None:
        offered = list(options) if now[field] in options else [*options, now[field]]
        place = offered.index(now[field])
        return st.selectbox(
            f"{which}{label}",
            offered,
            place,
            format_func=lambda code: options.get(code, "Not known"),
            key=f"register_{field}_{key}",
        )

    first, second, third = st.columns(3)
    with first:
        called = f"{which}Name" if which else "Ward name"
        name = st.text_input(
            called, now["ward_name"], key=f"register_name_{key}", max_chars=LONGEST_NAME
        )
        # no bounds: Streamlit would ignore a number outside them, while the act reports it
        beds = st.number_input(
            f"{which}Beds", value=now["beds"], step=1, key=f"register_beds_{key}"
        )
        inside = one(
            "In the collaborative", "in_collaborative", {c: c.capitalize() for c in YES_NO}
        )
    with second:
        kind = one("Class", "mh_class", words.CLASSES)
        sex = one("Intended sex", "intended_sex", words.SEXES)
        site = st.text_input(
            f"{which}Site code (if known)",
            now["site_code"] or "",
            key=f"register_site_{key}",
            max_chars=5,
        )
    with third:
        security = one("Security level", "security_level", SECURITY_LEVEL)
        age = one("Age group", "age_group", words.AGES)
    group = peer_group_name(peer_group(str(kind), str(sex)))
    st.html(
        f'<p class="fs-note">Compared with: {group}. This depends on class and intended sex.</p>'
    )
    return {
        "ward_name": name,
        "site_code": site.strip().upper() or None,
        "mh_class": kind,
        "security_level": security,
        "intended_sex": sex,
        "age_group": age,
        "beds": int(beds),
        "in_collaborative": inside,
    }
