"""The forms for groups: new ones, their names, and who joins and leaves them."""

from functools import partial

import streamlit as st

from dashboard.screens.register import held_today, pickers
from dashboard.screens.register.save import Desk, offer
from pipelines.registers import group_acts
from schemas.vocabularies import OWN_GROUPS

_REGIONS = (
    "Regions are not made here: each trust has its own on “Trusts”. A trust or ward can be in "
    "several groups at once. A month counts towards a group if the trust or ward belongs to it on "
    "the last day of that month."
)


def add(desk: Desk) -> None:
    """A group of some trusts and wards."""
    st.html(f'<p class="fs-note">{_REGIONS}</p>')
    left, right = st.columns(2)
    code = left.text_input("Code", key="register_group_code", max_chars=12)
    name = right.text_input("Name", key="register_group_name", max_chars=group_acts.LONGEST_NAME)
    kind = left.selectbox(
        "Kind",
        list(OWN_GROUPS),
        index=None,
        format_func=OWN_GROUPS.__getitem__,
        placeholder="Choose a kind",
        key="register_group_kind",
    )
    with right:
        day = pickers.day(desk, "First day", "register_day")
    members = _members(desk, "new")
    ready = code.strip() and name.strip() and kind and members
    make = partial(group_acts.add_group, code=code, name=name, kind=kind, members=members, day=day)
    offer(desk, "add group", make if ready else None)


def rename(desk: Desk) -> None:
    """Another name, for all the days of a group."""
    group = pickers.group(desk, "register_group")
    if group is None:
        return
    code = group["group_code"]
    name = st.text_input(
        "Name",
        group["group_name"],
        key=f"register_group_name_{code}",
        max_chars=group_acts.LONGEST_NAME,
    )
    changed = name.strip() and name.strip() != group["group_name"]
    make = partial(group_acts.rename, code=code, name=name)
    offer(desk, "rename group", make if changed else None)


def join(desk: Desk) -> None:
    """More trusts or wards from a day onwards."""
    group = pickers.group(desk, "register_group")
    if group is None:
        return
    day = pickers.day(desk, "First day in the group", "register_day")
    members = _members(desk, group["group_code"])
    make = partial(group_acts.join, code=group["group_code"], members=members, day=day)
    offer(desk, "join group", make if members else None)


def leave(desk: Desk) -> None:
    """A trust or ward that no longer belongs to a group."""
    group = pickers.group(desk, "register_group")
    if group is None:
        return
    member = pickers.member(desk, group["group_code"], "register_member")
    if member is None:
        return
    day = pickers.day(desk, "Last day in the group", "register_day", member["valid_from"])
    make = partial(
        group_acts.leave, code=group["group_code"], member=member["member"], last_day=day
    )
    offer(desk, "leave group", make)


def _members(desk: Desk, key: str) -> list[str]:
    names = held_today.member_names(desk.visit, desk.looking.version)
    return st.multiselect(
        "Trusts, with all their wards, and single wards",
        list(names),
        format_func=names.__getitem__,
        placeholder="Choose trusts or wards",
        key=f"register_members_{key}",
    )
