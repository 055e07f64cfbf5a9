"""Fields to choose the trust, the ward, the person and the day that a change is about."""

from datetime import date, timedelta

import polars as pl
import streamlit as st

from dashboard.screens.register import held_today
from dashboard.screens.register.save import Desk
from pipelines.registers.effective import Row

FORMAT = "DD/MM/YYYY"
FIRST, LAST = date(2019, 10, 1), date(2100, 12, 31)
NOTHING = "There is nothing to choose."


def trust(
    desk: Desk, label: str, key: str, besides: str | None = None, among: set[str] | None = None
) -> Row | None:
    """A trust that has not ended; None if there is none, or none is chosen."""
    every = held_today.held(desk.visit, desk.looking.version, "trusts")
    rows = {
        row["trust_code"]: row
        for row in every.filter(pl.col("state") != "ended").sort("trust_name").iter_rows(named=True)
        if row["trust_code"] != besides and (among is None or row["trust_code"] in among)
    }
    names = {code: _named(row["trust_name"], code) for code, row in rows.items()}
    return _choose(label, rows, names, key)


def ward(desk: Desk, key: str, closed: bool = False) -> Row | None:
    """A ward, by its trust: one that is open or will open, or if `closed` one that has closed."""
    every = held_today.held(desk.visit, desk.looking.version, "wards")
    shut = pl.col("open_to").is_not_null()
    there = pl.col("valid_to").is_null() | (pl.col("valid_to") >= desk.visit.today)
    fitting = every.filter(there, shut if closed else ~shut)
    left, right = st.columns(2)
    with left:
        of = trust(desk, "Trust", f"{key}_trust", among=set(fitting["trust_code"]))
    if of is None:
        return None
    mine = fitting.filter(trust_code=of["trust_code"]).sort("ward_name")
    rows = {row["ward_code"]: row for row in mine.iter_rows(named=True)}
    with right:
        names = {code: _named(row["ward_name"], code) for code, row in rows.items()}
        return _choose("Ward", rows, names, f"{key}_ward_{of['trust_code']}")


def group(desk: Desk, key: str) -> Row | None:
    """A group, whether or not anyone is in it today."""
    every = held_today.held(desk.visit, desk.looking.version, "groups").sort("group_name")
    rows = {row["group_code"]: row for row in every.iter_rows(named=True)}
    names = {code: _named(row["group_name"], code) for code, row in rows.items()}
    return _choose("Group", rows, names, key)


def member(desk: Desk, code: str, key: str) -> Row | None:
    """A trust or ward that is in a group, or will be."""
    every = held_today.held(desk.visit, desk.looking.version, "groups")
    there = every.filter(pl.col("state") != "ended", group_code=code).sort("member")
    rows = {row["member"]: row for row in there.iter_rows(named=True)}
    names = held_today.member_names(desk.visit, desk.looking.version)
    return _choose("Member", rows, names, f"{key}_{code}")


def person(desk: Desk, key: str) -> Row | None:
    """A person whose access has not ended."""
    every = held_today.held(desk.visit, desk.looking.version, "access")
    rows = {
        row["email"]: row
        for row in every.filter(pl.col("state") != "ended").sort("name").iter_rows(named=True)
    }
    return _choose("Person", rows, {e: _named(row["name"], e) for e, row in rows.items()}, key)


def day(desk: Desk, label: str, key: str, first: date = FIRST) -> date:
    """A day, today by default; not before `first`."""
    usual = max(desk.visit.today, first)
    return st.date_input(label, usual, min_value=first, max_value=LAST, format=FORMAT, key=key)


def last_day(desk: Desk, label: str, key: str, usual: date | None = None) -> date | None:
    """A last day, or none."""
    return st.date_input(
        label,
        usual,
        min_value=min(desk.visit.today, usual or desk.visit.today),
        max_value=LAST,
        format=FORMAT,
        key=key,
    )


def yesterday(desk: Desk) -> date:
    """The day before today: access with that last day has ended already."""
    return desk.visit.today - timedelta(days=1)


def _choose(label: str, rows: dict[str, Row], names: dict[str, str], key: str) -> Row | None:
    if not rows:
        st.html(f'<p class="fs-note">{label}: {NOTHING[0].lower()}{NOTHING[1:]}</p>')
        return None
    chosen = st.selectbox(
        label,
        list(rows),
        index=None,
        format_func=lambda code: names.get(code, code),
        placeholder=f"Choose a {label.split()[0].lower()}",
        key=key,
    )
    return rows.get(chosen)


def _named(name: str, code: str) -> str:
    return f"{name} ({code})"
