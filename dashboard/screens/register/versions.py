"""Every version of the register: what it changed, who saved it and why, and restoring one."""

from functools import lru_cache
from pathlib import Path

import polars as pl
import streamlit as st

from dashboard.charts.table import Column, html
from dashboard.page import filters, page
from dashboard.screens.register import version_in_view
from dashboard.screens.register.save import Desk, offer
from dashboard.words import register as words
from pipelines.keeping.archive import Archive
from pipelines.keeping.edited_register import brought_back
from pipelines.registers.differences import Difference, between
from pipelines.registers.effective import Key
from pipelines.registers.register import Register, RegisterError
from schemas import wording
from schemas.receipts import RegisterReceipt

_SHOWN = 20
_VERSIONS = (
    Column("version", "Version", row_header=True),
    Column("reason", "Why"),
    Column("what", "What it changed"),
    Column("when", "Saved"),
    Column("by", "By"),
)


def show(desk: Desk) -> None:
    """The newest version first, each with what it changed from the one before."""
    archive = desk.home.archive
    kept = archive.registers()[::-1]
    page.section("Versions", "Nothing is ever lost: every version stays as it was saved.")
    places = filters.paged(pl.DataFrame({"place": range(len(kept))}), _SHOWN, "versions")["place"]
    rows = [
        {
            "version": f"{receipt.version}",
            "when": wording.moment(receipt.received_at),
            "by": receipt.received_by,
            "reason": receipt.reason,
            "what": words.in_short(_changes(archive, receipt)),
        }
        for receipt in (kept[place] for place in places)
    ]
    page.html(html("Versions of the register, newest first", _VERSIONS, rows))
    if not kept:
        return
    by_number = {receipt.version: receipt for receipt in kept}
    number = st.selectbox(
        "Everything that a version changed",
        list(by_number),
        format_func=lambda version: f"Version {version}",
        key="register_version_shown",
    )
    changed = _changes(archive, by_number[number])
    version_in_view.differences(f"What version {number} changed", changed)


def restore(desk: Desk) -> None:
    """An earlier version, saved again as the newest; the versions in between are kept."""
    earlier = [r.version for r in desk.home.archive.registers() if r.version < desk.looking.version]
    version = st.selectbox(
        "Version to restore",
        earlier[::-1],
        index=None,
        format_func=lambda number: f"Version {number}",
        placeholder="Choose a version",
        key="register_version_back",
    )
    if version is None:
        return
    may_forget: frozenset[Key] = frozenset()
    refused: RegisterError | None = None
    try:
        again, may_forget = brought_back(desk.home.archive, version)
    except RegisterError as problem:
        refused = problem

    def make(_: Register) -> Register:
        if refused:
            raise refused
        return again

    offer(desk, f"bring back version {version}", make, may_forget)


def _changes(archive: Archive, receipt: RegisterReceipt) -> list[Difference]:
    """What a version changed from the one before it."""
    return _worked_out(archive.root, receipt.version, receipt.sha256)


@lru_cache(maxsize=512)
def _worked_out(root: Path, version: int, sha256: str) -> list[Difference]:
    """Worked out once for each version, because a saved version never changes."""
    archive = Archive(root)
    return between(archive.register_version(version - 1), archive.register_version(version))
