"""One person's upload for one month: received, stored on disk at once, and checked."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from dashboard.access import Scope
from dashboard.page import progress, session
from pipelines.accepting.preview import Preview, preview, refused
from pipelines.keeping.carried_forward import explanations_from
from pipelines.keeping.home import Home
from pipelines.keeping.uploads import Upload
from pipelines.reading.file_kind import LARGEST_FILE
from pipelines.sending import inbox
from schemas.baseline_window import BaselineWindow
from schemas.london_time import london_day
from schemas.periods import Month
from schemas.receipts import slot_of

CHECKING = "Checking your return"
_MEGABYTES = LARGEST_FILE // 2**20


@dataclass(frozen=True)
class Sending:
    """Who is sending what: one trust's month, or a baseline from that month."""

    home: Home
    scope: Scope
    trust: str
    month: Month
    window: BaselineWindow | None = None

    @property
    def slot(self) -> str:
        """What is sent (`schemas.receipts.slot_of`)."""
        return slot_of(str(self.month), baseline=self.window is not None)

    @property
    def label(self) -> str:
        """The month in words, or the months of a baseline."""
        return self.window.label if self.window else self.month.label

    @property
    def place(self) -> tuple[str, str, str]:
        """Where an upload is in the inbox."""
        return self.scope.email, self.trust, self.slot

    @property
    def key(self) -> str:
        """Distinguishes this month's parts of the screen from those of other months."""
        return f"{self.trust} {self.slot}"

    def upload(self) -> Upload | None:
        """The file waiting to be sent."""
        return inbox(self.home).waiting(*self.place)


def take(sending: Sending, label: str) -> None:
    """A field to upload a file, which is stored on disk before anything else is done with it."""
    turn = st.session_state.get(f"turn {sending.key}", 0)
    session.expect_upload()
    file = st.file_uploader(
        label,
        key=f"file {sending.key} {turn}",
        help=f"The Excel workbook, a CSV file, or a ZIP of CSV files; {_MEGABYTES} MB at most.",
        max_upload_size=_MEGABYTES,
    )
    if file is None:
        return
    if wait := session.rate_limits().ask("uploads", sending.scope.email):
        st.warning(
            "You have uploaded many files in a short time, so this one has not been checked. "
            f"Nothing you sent is lost. Upload it again {wait.words}."
        )
        return
    upload = Upload(file.name, file.getvalue(), session.now())
    with progress.working(CHECKING):
        put(sending, upload)
    st.session_state[f"turn {sending.key}"] = turn + 1  # the next file starts with an empty field
    st.rerun()


def put(sending: Sending, upload: Upload) -> Preview:
    """Store a file on disk, then check it; a refused one is removed again."""
    inbox(sending.home).put(*sending.place, upload)
    return _look(sending, upload)


def waiting(sending: Sending) -> Preview | None:
    """The check of the file that is waiting, or of the one that has just been refused."""
    upload, look = sending.upload(), st.session_state.get(f"look {sending.key}")
    if upload is None:
        return look if look and not look.may_be_sent else None
    same = look and look.checked.sha256 == upload.sha256
    if same and london_day(look.at) == london_day(session.now()):
        return look
    with progress.working(CHECKING):
        return _look(sending, upload)


def forget(sending: Sending) -> None:
    """Remove the file and what the check found in it."""
    inbox(sending.home).remove(*sending.place)
    st.session_state.pop(f"look {sending.key}", None)


def remember(sending: Sending, look: Preview, reasons: Mapping[str, str]) -> None:
    """Remember the explanations for a file, in case another is chosen in its place."""
    st.session_state[f"explanations {sending.key}"] = explanations_from(look.checked, reasons)


def finish(sending: Sending) -> None:
    """Clear up once the file has been sent."""
    forget(sending)
    st.session_state.pop(f"explanations {sending.key}", None)


def look_again(sending: Sending, why: str) -> None:
    """Check the file again, because something else has changed, and say so."""
    st.session_state.pop(f"look {sending.key}", None)
    st.session_state[f"message {sending.key}"] = why


def show_message(sending: Sending) -> None:
    """Show once, before anything else, why the file was checked again."""
    if why := st.session_state.pop(f"message {sending.key}", None):
        st.warning(why)


def move(sending: Sending, look: Preview) -> None:
    """Continue with the trust and month that the file itself names."""
    upload = sending.upload()
    trust, slot = look.checked.trust, look.checked.slot
    if upload and look.checked.month and trust in sending.scope.trusts:
        inbox(sending.home).put(sending.scope.email, trust, slot, upload)
        st.query_params.update(trust=trust, month=slot)
    forget(sending)


def _look(sending: Sending, upload: Upload) -> Preview:
    earlier = st.session_state.get(f"explanations {sending.key}")
    look = preview(sending.home, upload, session.now(), sending.scope.trusts, earlier)
    st.session_state[f"look {sending.key}"] = look
    if refused(sending.home, look, sending.scope.email):
        inbox(sending.home).remove(*sending.place)
    return look
