"""Queries whatever the version in use holds and the new file doesn't, so nothing goes unseen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.checking.cells import state_of
from pipelines.checking.typed_return import TypedReturn, TypedRow
from schemas.problems import Problem, Severity
from schemas.returns import EVERY_WARD, SHEETS, columns_of, sheets_of
from schemas.wording import counted, listed, some

_MOST_NAMED = 4
_ROWS = {
    "standards": "rating",
    "trust_standards": "rating",
    "confidence": "item",
    "events": "event",
}  # several rows for a ward: count them
_FILLED_IN = ("template_version", "trust_name")  # by the template, from the register
Key = tuple[str, ...]


@dataclass(frozen=True)
class _Lost:
    """What one row of the version in use held; `entry` is its row in the new file, if any."""

    sheet: str
    ward: str | None
    before: dict[str, str]
    entry: TypedRow | None
    fields: tuple[str, ...]

    def fields_of(self, *, count: bool) -> list[str]:
        """The fields that are lost: counts, or answers in words; never those that name the row."""
        aside = {*_named_by(self.sheet), "period", "return_status"}
        columns = columns_of(self.sheet)
        kept = [field for field in self.fields if field not in aside]
        return [field for field in kept if (columns[field].kind == "count") == count]


def lost_figures(sent: TypedReturn) -> Iterator[Problem]:
    """W18: figures, answers, rows or sheets of the version in use become blank."""
    if sent.past.in_use is None or _left_out(sent):
        return
    lost = list(_lost(sent.past.in_use, sent))
    for sheet in SHEETS:
        own = [row for row in lost if row.sheet == sheet]
        if own and not sent.rows(sheet):
            there = f"The sheet “{sheet}” is empty or not in this file"
            yield _query(sent, own[0], f"{there}: {_go(own)}.")
            continue
        for ward in dict.fromkeys(row.ward for row in own):
            of_ward = [row for row in own if row.ward == ward]
            yield from _of_one(sent, of_ward, _named(ward, sheet, sent))


def _left_out(sent: TypedReturn) -> bool:
    """Whether it is a month that a baseline leaves out, which is asked about as a whole."""
    return sent.baseline is not None and not sent.rows("monthly")


def _of_one(sent: TypedReturn, lost: list[_Lost], name: str) -> Iterator[Problem]:
    """One query for the rows that are gone, and one for the cells that became blank."""
    gone = [row for row in lost if row.entry is None]
    if gone:
        yield _query(sent, gone[0], f"{name}{_of_gone(gone)}.")
    blank = [row for row in lost if row.entry is not None]
    if blank:
        columns = columns_of(blank[0].sheet)
        titles = dict.fromkeys(columns[field].title for row in blank for field in row.fields)
        named = some([f"“{title}”" for title in titles], _MOST_NAMED)
        yield _query(sent, blank[0], f"{name}: {_go(blank)}: {named}.")


def _of_gone(gone: list[_Lost]) -> str:
    sheet, what = gone[0].sheet, _go(gone)
    if sheet in _ROWS:
        return f": {what}"
    if not what:
        status = columns_of("monthly")["return_status"].in_words(
            gone[0].before.get("return_status")
        )
        return f" has no row; it was sent as “{status}”"
    row = "no row" if sheet == "monthly" else "no row with an answer"
    return f": {what}, as it has {row} here"


def _query(sent: TypedReturn, lost: _Lost, message: str) -> Problem:
    workbook = (
        "the baseline’s workbook" if sent.baseline else f"the workbook for {sent.month.label}"
    )
    fix = (
        f"To keep what was sent, download {workbook} again: it holds the version in use. If it "
        "should go, say why."
    )
    if lost.entry is not None:
        return lost.entry.query("W18", lost.fields[0], message, fix)
    whole = not sent.rows(lost.sheet)
    ward = None if whole else lost.ward
    return Problem(Severity.QUERY, "W18", message, fix, sheet=lost.sheet, ward=ward)


def _lost(before: pl.DataFrame, sent: TypedReturn) -> Iterator[_Lost]:
    """Every row of the version in use that is gone, or of which a cell became blank."""
    now = {
        (sheet, _key(sheet, {field: str(entry[field] or "") for field in columns_of(sheet)})): entry
        for sheet, rows in sent.entries.items()
        for entry in rows
    }
    for entry in sent.rows("trust_standards"):  # its ratings may have stood among the wards'
        moved = {"org_level": "trust", "org_code": sent.trust}
        values = {field: str(entry[field] or "") for field in _named_by("trust_standards")}
        now.setdefault(("standards", _key("standards", values | moved)), entry)
    asked = sheets_of(sent.context.programme)
    filled = before.filter(pl.col("text").is_not_null(), pl.col("sheet").is_in(asked))
    for (name, _), cells in filled.group_by("sheet", _ROW, maintain_order=True):
        sheet, values = str(name), dict(cells.select("field", "text").iter_rows())
        entry = now.get((sheet, _key(sheet, values)))
        if entry is None and _is_unclear(sheet, sent):
            continue
        gone = [field for field in values if entry is None or _is_lost(entry, field, values)]
        ward = cells["ward_code"][0]
        known = sent.wards.get(ward or "", {}) if sheet == "wards" else {}
        row = _Lost(sheet, ward, values, entry, tuple(_unknown(gone, values, known)))
        if row.fields_of(count=True) or row.fields_of(count=False) or _is_a_row(row):
            yield row


_ROW = pl.when(sheet="cover").then(0).otherwise("row").alias("row")  # the cover is one row


def _unknown(gone: Iterable[str], before: dict[str, str], known: dict[str, Any]) -> Iterator[str]:
    """The fields that the register doesn't hold as well."""
    for field in gone:
        if field not in _FILLED_IN and str(known.get(field)) != before[field]:
            yield field


def _is_a_row(row: _Lost) -> bool:
    """Whether the row counts although nothing else was in it, such as that of a closed ward."""
    return row.entry is None and row.sheet not in ("cover", "wards")


def _is_unclear(sheet: str, sent: TypedReturn) -> bool:
    """Whether a row must be corrected before anyone can say what it is about."""
    return any(
        entry.unreadable.intersection(_named_by(sheet))
        or ((code := entry["ward_code"]) is not None and code not in (*sent.ward_names, EVERY_WARD))
        for entry in sent.rows(sheet)
    )


def _is_lost(entry: TypedRow, field: str, before: dict[str, str]) -> bool:
    """Whether a cell is blank where it had a value; 0 and “nothing to do” are the same."""
    if entry[field] is not None or field in entry.unreadable or field in entry.blocked:
        return False
    state = state_of(entry, field)
    return state != "nil" and (state != "not_applicable" or before[field] != "0")


def _named_by(sheet: str) -> tuple[str, ...]:
    """The columns that say what a row is about."""
    if sheet == "cover":
        return ()
    unique = getattr(SHEETS[sheet].Config, "unique", None) or columns_of(sheet)
    return tuple(field for field in unique if field != "period")


def _key(sheet: str, values: dict[str, str]) -> Key:
    return tuple(values.get(field) or "" for field in _named_by(sheet))


def _named(ward: str | None, sheet: str, sent: TypedReturn) -> str:
    if ward is None:
        return "The cover" if sheet == "cover" else "The whole trust"
    return f"{sent.ward_names[ward]} ({ward})" if ward in sent.ward_names else ward


def _go(rows: list[_Lost]) -> str:
    """How much is lost: 14 figures become blank; 2 ratings are missing."""
    several = _ROWS.get(rows[0].sheet)
    if several and all(row.entry is None for row in rows):
        return f"{counted(len(rows), several)} {'is' if len(rows) == 1 else 'are'} missing"
    figures = sum(len(row.fields_of(count=True)) for row in rows)
    answers = sum(len(row.fields_of(count=False)) for row in rows)
    lost = ((figures, "figure"), (answers, "answer"))
    parts = [counted(number, one) for number, one in lost if number]
    become = "becomes" if figures + answers == 1 else "become"
    return f"{listed(parts)} {become} blank" if parts else ""


RULES = (lost_figures,)
