"""Send a return: choose a month, download its workbook, upload it, correct it and confirm it."""

from html import escape

import streamlit as st

from dashboard import audit
from dashboard.exports.order import MIME
from dashboard.page import page, session, url_state
from dashboard.page.session import Visit
from dashboard.queries.organisations import wards
from dashboard.screens.send import confirm, enter, problems, receipt, upload, ward_part
from dashboard.screens.send.as_kept import months_to_send
from dashboard.screens.send.upload import Sending
from dashboard.words import sending as words
from pipelines.keeping.drafts import Drafts
from pipelines.keeping.home import open_home
from pipelines.sending import (
    OpenBaseline,
    OpenMonth,
    baseline_workbook,
    open_baselines,
    workbook_for,
)


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
    drafts = enter.drafts_of(visit, trust)
    enter.out_of_time(visit, drafts, [choice.month for choice in months])
    before = open_baselines(open_home(session.home()), trust, visit.today, visit.scope.trusts)
    if to_bring := [each for each in before if each.active is None]:
        st.html(f'<p class="fs-note">{escape(words.baselines(to_bring))}</p>')
    choices: list[OpenMonth | OpenBaseline] = [*months, *before]
    if not choices:
        return
    labels = {choice.slot: words.month(choice, visit.today) for choice in choices}
    chosen = url_state.choose("Month", labels, "month", moves=True)
    _steps(visit, trust, next(choice for choice in choices if choice.slot == chosen), drafts)


def _steps(
    visit: Visit, trust: str, choice: OpenMonth | OpenBaseline, drafts: Drafts | None
) -> None:
    home = open_home(session.home())
    if isinstance(choice, OpenBaseline):
        window = choice.window
        sending = Sending(home, visit.scope, trust, window.first_month, window)
    else:
        sending = Sending(home, visit.scope, trust, choice.month)
    upload.show_message(sending)
    look = upload.waiting(sending)
    by_month = isinstance(choice, OpenMonth)
    if look is None and by_month and enter.chosen():
        enter.show(visit, sending, drafts)
    elif look is None:
        if by_month:
            enter.offer(visit, sending, drafts)
        page.section("1. Fill in the workbook", words.workbook(choice))
        workbook_button(visit, trust, choice, f"Download the workbook for {choice.label}")
        page.section(
            "2. Upload it",
            "It is checked straight away. Nothing is sent until you have seen the result and "
            "confirmed.",
        )
        upload.take(sending, "Upload the file you filled in")
    elif not look.is_for(trust, choice.slot):
        problems.another_one(sending, look)
    elif look.may_be_sent:
        confirm.show(sending, look)
        if by_month:
            ward_part.show(visit, sending, look, choice)
    else:
        problems.show(look)
        if by_month:
            ward_part.show(visit, sending, look, choice)
        upload.take(sending, "Upload the corrected file")


def workbook_button(visit: Visit, trust: str, choice: OpenMonth | OpenBaseline, label: str) -> None:
    """A button that downloads the workbook of a month or baseline, made when it is pressed."""
    home, release, scope = open_home(session.home()), str(visit.facts["release_id"]), visit.scope

    def content() -> bytes:
        audit.record("download_workbook", scope, release, trust=trust, month=choice.slot)
        if isinstance(choice, OpenBaseline):
            return baseline_workbook(home, choice.window, scope.trusts)
        return workbook_for(home, trust, choice.month, scope.trusts)

    st.download_button(
        label,
        data=content,
        file_name=f"ssc_return_{trust}_{choice.slot}.xlsx",
        mime=MIME["xlsx"],
        on_click="ignore",
    )


def _names(visit: Visit) -> dict[str, str]:
    """The trusts this person sends for, by code, with their names."""
    named = dict(visit.ask(wards).select("trust_code", "trust_name").iter_rows())
    return {code: str(named.get(code) or code) for code in sorted(visit.scope.trusts)}
