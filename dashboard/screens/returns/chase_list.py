"""The chase list: who to ask for an overdue return, with the e-mail ready to send."""

from datetime import date

import polars as pl
import streamlit as st

from dashboard.charts.table import Column, html
from dashboard.exports import chase_list
from dashboard.exports.chase_list import Chased
from dashboard.page import page, session
from dashboard.page.session import Visit
from dashboard.queries.organisations import people
from dashboard.queries.returns import receipts
from dashboard.words import chase as words
from pipelines.keeping.home import open_home
from pipelines.keeping.month_locks import closed_months
from schemas import wording

_COLUMNS = (
    Column("trust", "Trust", row_header=True),
    Column("months", "Missing"),
    Column("since", "Was due by"),
    Column("people", "Who to ask"),
    Column("closed", "Can it still be sent?"),
)
_NOBODY = "Nobody: add someone to the register"


def show(visit: Visit, grid: pl.DataFrame) -> None:
    """Who has not sent what is due, to download and to write to."""
    home = open_home(session.home())
    codes = grid["trust_code"].unique()
    closed = closed_months(codes, home.archive.decisions(), home.programme, visit.today)
    sent = visit.ask(receipts).group_by("trust_code").agg(pl.col("received_by").first())
    senders = dict(sent.iter_rows())
    found = chase_list.chased(grid, visit.ask(people), visit.today, closed, senders)
    page.section("Chase list", words.summary(len(found), sum(len(one.due) for one in found)))
    if not found:
        return
    page.html(html("Overdue returns", _COLUMNS, [_row(one, visit.today) for one in found]))
    writable = [one for one in found if one.open]
    about = {"programme": home.programme.name, "contact": home.programme.contact}
    with st.container(horizontal=True):
        st.download_button(
            "Download the list (CSV)",
            chase_list.as_csv(found, visit.today),
            f"chase-list-{visit.today}.csv",
            "text/csv",
            on_click="ignore",
        )
        if writable:
            st.download_button(
                "Download every e-mail (ZIP)",
                chase_list.as_zip(writable, visit.today, **about),
                f"chase-e-mails-{visit.today}.zip",
                "application/zip",
                on_click="ignore",
            )
    if writable:
        _letter(writable, visit.today, about)


def _letter(writable: list[Chased], today: date, about: dict[str, str]) -> None:
    page.section("An e-mail to one trust", "Read it, copy it, or open it in your e-mail program.")
    by_code = {one.trust_code: one for one in writable}
    code = st.selectbox(
        "Trust", list(by_code), format_func=lambda c: by_code[c].trust_name, key="chase_trust"
    )
    one = by_code[code]
    mail = chase_list.message(one, today, **about)
    page.facts({"To": mail["To"] or _NOBODY, "Subject": mail["Subject"]})
    st.code(mail.get_content().replace("\r\n", "\n"), language=None, wrap_lines=True)
    st.download_button(
        "Download this e-mail (.eml)",
        bytes(mail),
        f"{code}-{today}.eml",
        "message/rfc822",
        on_click="ignore",
    )


def _who(email: str, name: str) -> str:
    return email if name else f"{email}, who sent the last return"


def _row(one: Chased, today: date) -> dict[str, object]:
    shut = [wording.month_of(month) for month, _ in one.closed]
    return {
        "trust": one.trust_name,
        "months": wording.listed([wording.month_of(month) for month, _ in one.due]),
        "since": words.due_since(min(day for _, day in one.due), today),
        "people": wording.listed([_who(*person) for person in one.people], nothing=_NOBODY),
        "closed": words.still(shut, len(one.due)),
    }
