"""The grid of returns: trusts by months, each state as a letter in its own shape and in words."""

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

import polars as pl

from dashboard.charts import table
from schemas import wording

STATES = {
    "received": ("R", "Received"),
    "late": ("L", "Received late"),
    "missing": ("M", "Missing"),
    "not_yet_due": ("D", "Not yet due"),
    "not_expected": ("–", "Not expected"),
    "paused": ("P", "Programme paused"),
    "damaged": ("!", "Damaged in the archive: restore it, or ask for it again"),
}
# What else there is to know about a trust's month.
MARKS = {
    "queries_open": ("?", "queries to explain"),
    "provisional": ("p", "provisional"),
    "nil": ("0", "no incident on any ward"),
    "shut": ("c", "every ward closed"),
    "too_late": ("x", "too late to send"),
    "open_again": ("o", "reopened for now"),
}
_OF_MONTH = (
    table.Column("trust_name", "Trust", row_header=True),
    table.Column("state", "State"),
    table.Column("received", "Received"),
    table.Column("return_id", "Return", whole=True),
)


def rows(
    grid: pl.DataFrame, leads: Mapping[str, str] | None = None, last: int | None = None
) -> list[dict[str, object]]:
    """One row for each trust, in the order given, from trust_code, trust_name, month and state.

    Columns named in MARKS add what else there is to know. `leads` has an address, with {trust} in
    it, for each state that leads somewhere, and under “trust” that of the trust's name; `last` is
    how many of the latest months to keep. Names and cells are markup.
    """
    leads = leads or {}
    found = {(r["trust_code"], r["month"]): r for r in grid.iter_rows(named=True)}
    names = {row["trust_code"]: row["trust_name"] for row in grid.iter_rows(named=True)}
    months = sorted({month for _, month in found})[-(last or 0) :]
    return [
        {
            "name": _linked(escape(name or trust), leads.get("trust"), trust),
            **{
                month.isoformat(): _cell(
                    found.get((trust, month), {"state": "not_expected"}), leads, trust
                )
                for month in months
            },
        }
        for trust, name in names.items()
    ]


def html(caption: str, rows: Sequence[Mapping[str, object]], leads: str = "") -> str:
    """The grid as HTML, its key first; it scrolls sideways and the trusts stay in view.

    The heading of each month leads to an address with {month} in it, if there is one.
    """
    months = [key for key in rows[0] if key != "name"] if rows else []
    columns = [table.Column("name", "Trust", row_header=True, markup=True)]
    columns += [
        table.Column(month, _heading(month), markup=True, leads=leads.format(month=month[:7]))
        for month in months
    ]
    return f'{key()}<div class="fs-grid">{table.html(caption, columns, rows, scrolls=True)}</div>'


def of_month(caption: str, grid: pl.DataFrame) -> str:
    """One month as a table of words: each trust in the order given, and what it has sent."""
    rows = [
        {
            **row,
            "trust_name": row["trust_name"] or row["trust_code"],
            "state": _words(row),
            "received": wording.moment(row["received_at"]) if row["received_at"] else "–",
            "return_id": row["return_id"] or "–",
        }
        for row in grid.iter_rows(named=True)
    ]
    return table.html(caption, _OF_MONTH, rows)


def key() -> str:
    """What each letter means."""
    items = "".join(
        f'<li><span class="fs-badge fs-{state}" aria-hidden="true">{letter}</span>{words}</li>'
        for state, (letter, words) in STATES.items()
    )
    items += "".join(
        f'<li><span class="fs-mark" aria-hidden="true">{letter}</span>{words.capitalize()}</li>'
        for letter, words in MARKS.values()
    )
    return f'<ul class="fs-key">{items}</ul>'


def _heading(month: str) -> str:
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{names[int(month[5:7]) - 1]} {month[:4]}"


def _cell(row: Mapping[str, object], leads: Mapping[str, str], trust: str) -> str:
    state = str(row["state"])
    letter, words = STATES[state][0], _words(row)
    marks = [mark for name, (mark, _) in MARKS.items() if row.get(name)]
    badge = (
        f'<span class="fs-badge fs-{state}" aria-hidden="true" title="{words}">{letter}</span>'
        f'{_marks(marks)}<span class="fs-hidden">{words}</span>'
    )
    return _linked(badge, leads.get(state), trust)


def _linked(inner: str, address: str | None, trust: str) -> str:
    if not address:
        return inner
    return f'<a href="{escape(address.format(trust=quote(trust)))}" target="_self">{inner}</a>'


def _words(row: Mapping[str, object]) -> str:
    """The state of a trust's month, and what else there is to know."""
    _, words = STATES[str(row["state"])]
    return ", ".join([words, *(meaning for name, (_, meaning) in MARKS.items() if row.get(name))])


def _marks(letters: Sequence[str]) -> str:
    if not letters:
        return ""
    return f'<sup class="fs-mark" aria-hidden="true">{" ".join(letters)}</sup>'
