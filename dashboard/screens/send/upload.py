"""The uploaded file of one person for one month: taken, kept on the disk at once, and checked."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from dashboard.access import Scope
from dashboard.page import session
from pipelines.accepting.preview import Preview, preview, refused
from pipelines.keeping.carried_forward import explanations_from
from pipelines.keeping.home import Home
from pipelines.keeping.uploads import Upload
from pipelines.reading.file_kind import LARGEST_FILE
from pipelines.sending import inbox
from schemas.london_time import london_day
from schemas.periods import Month

_MEGABYTES = LARGEST_FILE // 2**20


@dataclass(frozen=True)
class Sending:
    """Who is sending what: one trust's month."""

    home: Home
    scope: Scope
    trust: str
    month: Month

    @property
    def place(self) -> tuple[str, str, str]:
        """Where an upload waits in the inbox."""
        return self.scope.email, self.trust, str(self.month)

    @property
    def key(self) -> str:
        """Tells this month's things on the screen from those of other months."""
        return f"{self.trust} {self.month}"

    def upload(self) -> Upload | None:
        """The file that waits to be sent."""
        return inbox(self.home).waiting(*self.place)


def take(sending: Sending, label: str) -> None:
    """A place to drop a file; a dropped one is on the disk before anything else is done with it."""
    turn = st.session_state.get(f"turn {sending.key}", 0)
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
            "You have uploaded many files in a short time, so this one has not been looked at. "
            f"Nothing you sent is lost. Upload it again {wait.words}."
        )
        return
    upload = Upload(file.name, file.getvalue(), session.now())
    inbox(sending.home).put(*sending.place, upload)
    with st.spinner("Checking your return"):
        _look(sending, upload)
    st.session_state[f"turn {sending.key}"] = turn + 1  # the next file starts from an empty place
    st.rerun()


def waiting(sending: Sending) -> Preview | None:
    """What a check says of the file that waits, or of the one that was refused just now."""
    upload, look = sending.upload(), st.session_state.get(f"look {sending.key}")
    if upload is None:
        return look if look and not look.may_be_sent else None
    same = look and look.checked.sha256 == upload.sha256
    if same and london_day(look.at) == london_day(session.now()):
        return look
    with st.spinner("Checking your return"):
        return _look(sending, upload)


def forget(sending: Sending) -> None:
    """Let go of the file and of what was found in it."""
    inbox(sending.home).remove(*sending.place)
    st.session_state.pop(f"look {sending.key}", None)


def remember(sending: Sending, look: Preview, reasons: Mapping[str, str]) -> None:
    """Keep what was said of a file in mind, for another one that is chosen in its place."""
    st.session_state[f"said {sending.key}"] = explanations_from(look.checked, reasons)


def finish(sending: Sending) -> None:
    """The file has been sent: nothing of it waits any more."""
    forget(sending)
    st.session_state.pop(f"said {sending.key}", None)


def look_again(sending: Sending, why: str) -> None:
    """Check the file anew, because something else has changed, and say so."""
    st.session_state.pop(f"look {sending.key}", None)
    st.session_state[f"say {sending.key}"] = why


def say(sending: Sending) -> None:
    """What must be told once, before anything else."""
    if why := st.session_state.pop(f"say {sending.key}", None):
        st.warning(why)


def move(sending: Sending, look: Preview) -> None:
    """Go on with the trust and month that the file itself names."""
    upload = sending.upload()
    trust, month = look.checked.trust, look.checked.month
    if upload and month and trust in sending.scope.trusts:
        inbox(sending.home).put(sending.scope.email, trust, str(month), upload)
        st.query_params.update(trust=trust, month=str(month))
    forget(sending)


def _look(sending: Sending, upload: Upload) -> Preview:
    earlier = st.session_state.get(f"said {sending.key}")
    look = preview(sending.home, upload, session.now(), sending.scope.trusts, earlier)
    st.session_state[f"look {sending.key}"] = look
    if refused(sending.home, look, sending.scope.email):
        inbox(sending.home).remove(*sending.place)
    return look
