"""The receipt of a return that was sent, at its own address, with links to its charts."""

import json
from collections.abc import Mapping
from html import escape
from urllib.parse import quote

import polars as pl
import streamlit as st

from dashboard import audit, store
from dashboard.charts.table import Column, html
from dashboard.exports.receipt import facts, receipt_html
from dashboard.page import page, session
from dashboard.page.session import Visit
from dashboard.queries.organisations import wards
from dashboard.queries.returns import receipts
from dashboard.screens.send import ask_to_withdraw
from pipelines.keeping.home import open_home
from pipelines.sending import file_of, receipt_of
from schemas import wording
from schemas.periods import Month
from schemas.receipts import Receipt

_COLUMNS = (Column("what", "What", row_header=True), Column("value", "What was received"))

_WITHOUT_TEXT = "Exactly as sent, but without the text that seemed to identify someone."


def show(visit: Visit, names: Mapping[str, str]) -> bool:
    """Show the receipt named in the address; False if it names none that this person may see."""
    receipt = _named(visit)
    if receipt is None:
        return False
    name, month, since = names[receipt.trust_code], receipt.label, _since(visit, receipt)
    page.open_screen(
        visit,
        "Return received",
        f"The {'baseline' if receipt.baseline_to else 'return'} of {name} for {month} has been "
        f"received. Receipt {receipt.return_id}.{since}",
    )
    if explained := st.session_state.pop(f"explained {receipt.return_id}", 0):
        st.success(f"{wording.counted(explained, 'explanation')} saved with it.")
    shown = store.knows(visit.release, receipt.return_id)
    trouble = None if shown else session.builder().trouble
    if trouble:
        st.warning(f"{trouble} Nothing you sent is lost, and you don’t need to send it again.")
    archive = open_home(session.home()).archive
    proof = archive.proof(receipt)
    link = proof.link if proof else None
    rows = [{"what": what, "value": value} for what, value in facts(receipt, link).items()]
    page.html(f'<div class="fs-receipt">{html("Receipt", _COLUMNS, rows)}</div>')
    st.download_button(
        "Download the receipt, to print or save",
        data=receipt_html(receipt, name, month, bool(visit.facts["fictional"]), link),
        file_name=f"receipt_{receipt.return_id.replace('/', '_')}.html",
        mime="text/html",
        on_click="ignore",
    )
    st.download_button(
        "Download the receipt for checking",
        data=json.dumps(archive.given(receipt), ensure_ascii=False, indent=2),
        file_name=f"receipt_{receipt.return_id.replace('/', '_')}.json",
        mime="application/json",
        help="Your IT can check it with “feeling-safe verify-receipt”, without this service.",
        on_click="ignore",
    )
    _file(visit, receipt)
    ask_to_withdraw.show(visit, receipt, name)
    if shown and not since:
        _charts(visit, receipt)
    elif not shown and not trouble:
        _until_shown(receipt)
    st.button("Send another return", on_click=st.query_params.clear)
    return True


@st.fragment(run_every=0.5)
def _until_shown(receipt: Receipt) -> None:
    """Say that the charts don't show a return yet, and link to them as soon as they do."""
    release = store.current(session.home() / "releases")
    if store.knows(release, receipt.return_id) or session.builder().trouble:
        st.rerun()
    st.info("The charts don’t show this return yet. This page will link to them once they do.")


def _file(visit: Visit, receipt: Receipt) -> None:
    """A button to download the very file that was sent."""
    home, scope, release = open_home(session.home()), visit.scope, str(visit.facts["release_id"])

    def content() -> bytes:
        audit.record("download_return", scope, release, version=receipt.return_id)
        return file_of(home, receipt, scope.trusts)

    st.download_button(
        "Download the file you sent",
        data=content,
        file_name=receipt.filename,
        mime="application/octet-stream",
        help=_WITHOUT_TEXT if receipt.kept_sha256 != receipt.sha256 else None,
        on_click="ignore",
    )


def _named(visit: Visit) -> Receipt | None:
    address = {name: st.query_params.get(name, "") for name in ("trust", "month", "version")}
    if address["trust"] not in visit.scope.trusts or not address["version"].isdecimal():
        return None
    home, version = open_home(session.home()), int(address["version"])
    return receipt_of(home, address["trust"], address["month"], version, visit.scope.trusts)


def _since(visit: Visit, receipt: Receipt) -> str:
    """What has happened to it since, if it is no longer in use."""
    found = visit.ask(receipts, trust=receipt.trust_code).filter(return_id=receipt.return_id)
    status = found["status"][0] if found.height else "active"
    return {
        "superseded": " A newer version is in use now.",
        "withdrawn": " It has been withdrawn and is not in use.",
    }.get(status, "")


def _charts(visit: Visit, receipt: Receipt) -> None:
    last = Month.parse(receipt.month).first_day
    still_open = pl.col("open_to").is_null() | (pl.col("open_to") >= last)
    own = visit.ask(wards, trust=receipt.trust_code).filter(still_open)
    links = "".join(
        f'<li><a href="ward?ward={quote(row["ward_id"])}" target="_self">'
        f"{escape(str(row['ward_name']))}</a></li>"
        for row in own.iter_rows(named=True)
    )
    page.section("See it on the charts", "This return’s figures are on each ward’s screen.")
    st.html(f'<ul class="fs-key" aria-label="Wards">{links}</ul>')
