"""Send a return: choose a month, download its workbook, upload it, correct it and confirm it."""

import os
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from html import escape
from pathlib import Path

import streamlit as st

from dashboard import audit
from dashboard.exports.order import MIME
from dashboard.page import page, session, url_state
from dashboard.page.session import Visit
from dashboard.queries.organisations import wards
from dashboard.screens.send import confirm, problems, receipt, upload, ward_part
from dashboard.screens.send.upload import Sending
from dashboard.words import sending as words
from pipelines.keeping.home import open_home
from pipelines.keeping.layout import ARCHIVE, decisions_in, registers_in, returns_in
from pipelines.sending import OpenMonth, open_months, workbook_for
from schemas.periods import Month


def show() -> None:
    """The steps of sending one return, for a person who may send it."""
    visit = session.admit("trust")
    if not visit.scope.can_send:
        st.error("You can look at figures but not send returns.")
        return
    if visit.facts["as_at"] is not None:
        sentence = "You can’t send a return while you are looking at an earlier day’s figures."
        page.open_screen(visit, "Send a return", sentence)
        page.only_today(visit)
    names = _names(visit)
    if receipt.show(visit, names):
        return
    if "version" in st.query_params:
        st.warning("The address of this page names no receipt of yours.")
    trust = min(names)
    if len(names) > 1:
        page.open_screen(visit, "Send a return", "Choose the trust, then the month.")
        trust = url_state.choose("Trust", names, "trust")
    elif st.query_params.get("trust", trust) != trust:
        st.warning(url_state.not_found("Trust", names[trust]))
    months = months_to_send(visit, trust)
    sentence = f"{names[trust]} ({trust}). {words.headline(months, visit.today)}"
    if len(names) > 1:
        st.html(f'<p class="fs-lead">{escape(sentence)}</p>')
    else:
        page.open_screen(visit, "Send a return", sentence)
    if not months:
        return
    labels = {str(choice.month): words.month(choice, visit.today) for choice in months}
    chosen = url_state.choose("Month", labels, "month", moves=True)
    _steps(visit, trust, next(choice for choice in months if str(choice.month) == chosen))


def _steps(visit: Visit, trust: str, choice: OpenMonth) -> None:
    sending = Sending(open_home(session.home()), visit.scope, trust, choice.month)
    upload.show_message(sending)
    look = upload.waiting(sending)
    if look is None:
        page.section("1. Fill in the workbook", words.workbook(choice))
        workbook_button(
            visit, trust, choice.month, f"Download the workbook for {choice.month.label}"
        )
        page.section(
            "2. Upload it",
            "It is checked straight away. Nothing is sent until you have seen the result and "
            "confirmed.",
        )
        upload.take(sending, "Upload the file you filled in")
    elif not look.is_for(trust, choice.month):
        problems.another_one(sending, look)
    elif look.may_be_sent:
        confirm.show(sending, look)
        ward_part.show(visit, sending, look, choice)
    else:
        problems.show(look)
        ward_part.show(visit, sending, look, choice)
        upload.take(sending, "Upload the corrected file")


def workbook_button(visit: Visit, trust: str, month: Month, label: str) -> None:
    """A button that downloads the workbook of a month, made when it is pressed."""
    home, release, scope = open_home(session.home()), str(visit.facts["release_id"]), visit.scope

    def content() -> bytes:
        audit.record("download_workbook", scope, release, trust=trust, month=str(month))
        return workbook_for(home, trust, month, scope.trusts)

    st.download_button(
        label,
        data=content,
        file_name=f"ssc_return_{trust}_{month}.xlsx",
        mime=MIME["xlsx"],
        on_click="ignore",
    )


def _names(visit: Visit) -> dict[str, str]:
    """The trusts this person sends for, by code, with their names."""
    named = dict(visit.ask(wards).select("trust_code", "trust_name").iter_rows())
    return {code: str(named.get(code) or code) for code in sorted(visit.scope.trusts)}


def months_to_send(visit: Visit, trust: str) -> list[OpenMonth]:
    """The months a trust may send (`open_months`), read again only once something was saved."""
    home = session.home()
    about = (session.programme(), *_kept(home / ARCHIVE, trust))
    return _open(home, trust, visit.today, visit.scope.trusts, about)


def _kept(root: Path, trust: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The names of all that decides which months are open: nothing is kept without a new one."""
    sent = returns_in(root) / trust
    months = sent.iterdir() if sent.is_dir() else ()
    for folder in (registers_in(root), decisions_in(root), *months):
        if folder.is_dir():
            yield folder.name, frozenset(os.listdir(folder))


@lru_cache(maxsize=256)
def _open(
    root: Path, trust: str, today: date, allowed: frozenset[str], about: tuple[object, ...]
) -> list[OpenMonth]:
    """Worked out again when a return, decision or register was saved, as `about` then changes."""
    return open_months(open_home(root), trust, today, allowed)
