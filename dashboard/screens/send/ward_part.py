"""One ward's findings and rows, to hand to somebody there who has no account."""

from collections.abc import Callable

import streamlit as st

from dashboard import audit
from dashboard.exports import ward_findings
from dashboard.exports.order import MIME, name_of
from dashboard.exports.ward_findings import KINDS, About
from dashboard.page import page
from dashboard.page.session import Visit
from dashboard.queries.organisations import wards
from dashboard.screens.send.upload import Sending
from dashboard.words import findings
from pipelines.accepting.preview import Preview
from pipelines.sending import OpenMonth
from pipelines.workbooks.ward_part import WardPart


def show(visit: Visit, sending: Sending, look: Preview, choice: OpenMonth) -> None:
    """Choose a ward, and download what concerns it: a workbook, or a page to print."""
    parts = {part.code: part for part in look.parts}
    if not parts:
        return
    page.section(
        "Ask a ward",
        "One ward’s findings and its rows, for someone on that ward, who needs no account. Nothing "
        "of any other ward is in it.",
    )
    code = st.selectbox(
        "Ward to ask",
        list(parts),
        format_func=lambda code: f"{parts[code].name} ({code}): {findings.found_in(parts[code])}",
        key=f"ward to ask {sending.key}",
    )
    names = dict(visit.ask(wards).select("trust_code", "trust_name").iter_rows())
    about = About(
        sending.trust,
        str(names.get(sending.trust) or sending.trust),
        sending.month,
        choice.due,
        look.at,
        bool(visit.facts["fictional"]),
    )
    with st.container(horizontal=True):
        for kind, label in KINDS.items():
            st.download_button(
                label,
                data=_content(visit, about, parts[code], kind),
                file_name=name_of(ward_findings.order(about, parts[code], kind), str(about.month)),
                mime=MIME[kind],
                key=f"part {kind}",
                on_click="ignore",
            )


def _content(visit: Visit, about: About, part: WardPart, kind: str) -> Callable[[], bytes]:
    """Makes the file when its button is pressed, and logs it as every exact download is."""

    def content() -> bytes:
        order = ward_findings.order(about, part, kind)
        audit.record(
            "export",
            visit.scope,
            str(visit.facts["release_id"]),
            what=order.what,
            audience=order.audience,
            kind=kind,
            unit=order.unit[1],
            measure=None,
        )
        return ward_findings.file(about, part, kind).content

    return content
