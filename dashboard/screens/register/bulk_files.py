"""The register as files: for many changes at once, and for the text of standards and questions."""

from functools import partial

import streamlit as st

from dashboard.page import page, session
from dashboard.screens.register.save import Desk, offer
from pipelines.registers import bundle
from pipelines.registers.register import Register, refusal
from schemas.register import REGISTER_FILES

_MEGABYTES = 10


def show(desk: Desk) -> None:
    """A ZIP of the register’s CSV files to download."""
    version = desk.register.version
    page.section(
        "The register as files",
        "For many changes at once, for the text of the standards and questions, and for the list "
        "of all trusts that could take part. Edit the CSV files and upload them under “Upload "
        "edited files”: they are checked, and you see what would change before anything is saved.",
    )
    st.download_button(
        f"Download version {version} (ZIP of {len(REGISTER_FILES)} CSV files)",
        bundle.as_zip(desk.register),
        f"register_version_{version}.zip",
        "application/zip",
        on_click="ignore",
    )
    page.html(
        '<p class="fs-note">The files hold names and e-mail addresses: keep them where only the '
        "programme team can open them. Never delete a row: fill in its last day instead.</p>"
    )


def upload(desk: Desk) -> None:
    """Edited files: every error at once, then what would change."""
    session.expect_upload()
    files = st.file_uploader(
        "The ZIP, or any of its CSV files",
        type=["zip", "csv", "txt"],
        accept_multiple_files=True,
        max_upload_size=_MEGABYTES,
        key=f"register_files_{desk.looking.turn}",
    )
    uploads = {file.name: file.getvalue() for file in files}
    make = partial(_edited, uploads=uploads)
    offer(desk, "upload files", make if uploads else None)


def _edited(register: Register, uploads: dict[str, bytes]) -> Register:
    """The register as the files give it, if they were made from the version in view."""
    edited, version = bundle.taken_in(uploads, register)
    if version is not None and version != register.version:
        raise refusal(
            f"These files were made from version {version}, but the register is now at version "
            f"{register.version}. Download it again and make your changes there, so that nobody "
            "else’s changes are lost."
        )
    return edited
