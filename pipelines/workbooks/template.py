"""Makes the workbook a trust fills in, pre-filled from the register and what it has sent."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.registers.register import Register
from pipelines.registers.successors import merger_of
from pipelines.workbooks.template_lists import Reference
from pipelines.workbooks.template_sheets import write_workbook
from schemas.periods import Month
from schemas.programme import Programme
from schemas.returns import EVERY_WARD, SHEETS, TEMPLATE_VERSION
from schemas.sheets.confidence import QUESTION

Rows = dict[str, list[dict[str, Any]]]

CARRIED_ON = (  # cover answers that rarely change; the declaration must be made again each month
    "submitted_by_role",
    "contact_email",
    "incident_source",
    "category_mapping",
    "includes_leave_incidents",
    "staff_on_staff_source",
)

_OF_THIS_TEMPLATE = ("template_version", "trust_name")


def template(
    programme: Programme,
    register: Register,
    trust_code: str,
    month: Month,
    previous: pl.DataFrame | None = None,
    in_use: pl.DataFrame | None = None,
) -> bytes:
    """The workbook to fill in, with details from `previous`, the trust's return before this month.

    If the month was sent already, `in_use` is its version in use, and the workbook holds exactly
    what that holds: a correction starts from it, so nothing in it can be lost unseen. Both are
    frames of `schemas.cells`. Raises ValueError with a sentence if the trust was not in the
    register in that month.
    """
    if in_use is None:
        return filled(programme, register, trust_code, month, {}, previous)
    due = rows_to_fill_in(programme, register, trust_code, month, in_use=in_use)
    return filled(programme, register, trust_code, month, due)


def rows_to_fill_in(
    programme: Programme,
    register: Register,
    trust_code: str,
    month: Month,
    previous: pl.DataFrame | None = None,
    in_use: pl.DataFrame | None = None,
) -> Rows:
    """The rows of each sheet that `template` writes, by sheet; arguments and errors are the same.

    Of a version in use, the cover has only what was sent.
    """
    trust = _trust(register, trust_code, month)
    if in_use is None:
        return _prefilled(programme, register, trust, month, _rows_of(previous))
    due, sent = _prefilled(programme, register, trust, month, {}), _rows_of(in_use)
    return {sheet: _sent_and_due(sheet, sent.get(sheet, []), due[sheet]) for sheet in SHEETS}


def filled(
    programme: Programme,
    register: Register,
    trust_code: str,
    month: Month,
    values: Mapping[str, Sequence[Mapping[str, Any]]],
    previous: pl.DataFrame | None = None,
) -> bytes:
    """The same workbook with values in it.

    `values` gives rows by sheet, each a mapping of field to int, str, date or None; the cover is
    one row. Cover answers are added to the pre-filled ones; other sheets are replaced.
    """
    trust = _trust(register, trust_code, month)
    rows = _prefilled(programme, register, trust, month, _rows_of(previous))
    for sheet, given in values.items():
        new = [dict(row) for row in given]
        rows[sheet] = [rows["cover"][0] | new[0]] if sheet == "cover" and new else new
    wards = register.wards_open(trust_code, month)
    items = register.items_of(QUESTION, month)
    words = dict(items.select("question_id", "text").iter_rows())
    rows["confidence"] = [
        row | {"question_id": words.get(row["question_id"], row["question_id"])}
        for row in rows["confidence"]
    ]
    reference = Reference(
        choices=_choices(wards["ward_code"].to_list(), list(words.values())),
        statements=dict(
            _in_use(programme, register).select("statement_id", "short_text").iter_rows()
        ),
        beds=dict(wards.select("ward_code", "beds").iter_rows()),
        used=frozenset() if previous is None else _used(previous),
    )
    return write_workbook(programme, trust, month, rows, reference)


def _trust(register: Register, trust_code: str, month: Month) -> Mapping[str, Any]:
    trust = register.trust(trust_code, month)
    if trust is None:
        merged = merger_of(register, trust_code, month.first_day)
        why = f": {merged}" if merged else ""
        raise ValueError(f"Trust {trust_code} was not in the register in {month.label}{why}.")
    return trust


def _prefilled(
    programme: Programme, register: Register, trust: Mapping[str, Any], month: Month, last: Rows
) -> Rows:
    wards = list(register.wards_open(trust["trust_code"], month).iter_rows(named=True))
    codes = [ward["ward_code"] for ward in wards]
    return {
        "cover": [_cover(trust, month, last)],
        "wards": wards,
        "monthly": [
            {"period": str(month), "ward_code": code, "return_status": "data"} for code in codes
        ],
        "charter": _carried(last, "charter", [{"ward_code": code} for code in codes]),
        "confidence": [
            {"ward_code": code, "question_id": item}
            for code in codes
            for item in register.items_of(QUESTION, month)["question_id"]
        ],
        "standards": _carried(last, "standards", _statements(programme, register, trust, wards)),
        "events": [],
    }


def _cover(trust: Mapping[str, Any], month: Month, last: Rows) -> dict[str, Any]:
    before = (last.get("cover") or [{}])[0]
    return {field: before.get(field) for field in CARRIED_ON} | {
        "template_version": TEMPLATE_VERSION,
        "trust_code": trust["trust_code"],
        "trust_name": trust["trust_name"],
        "period": str(month),
        "data_status": "provisional",
    }


def _statements(
    programme: Programme,
    register: Register,
    trust: Mapping[str, Any],
    wards: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """A row for each statement of the programme's set and each organisation it applies to."""
    bodies = {
        "trust": [trust["trust_code"]],
        "ward": [ward["ward_code"] for ward in wards],
        "site": sorted({ward["site_code"] for ward in wards if ward["site_code"]}),
    }
    return [
        {
            "set_id": row["set_id"],
            "statement_id": row["statement_id"],
            "org_level": row["applies_to"],
            "org_code": body,
        }
        for row in _in_use(programme, register).iter_rows(named=True)
        for body in bodies[row["applies_to"]]
    ]


def _in_use(programme: Programme, register: Register) -> pl.DataFrame:
    """The statements of the programme's set, in their order."""
    return register.standards.filter(pl.col("set_id") == programme.standards_set).sort("sort")


def _carried(last: Rows, sheet: str, due: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each row that is due, with last time's answers."""
    keys = SHEETS[sheet].Config.unique
    before = {tuple(row.get(key) for key in keys): row for row in last.get(sheet, [])}
    return [before.get(tuple(row.get(key) for key in keys), {}) | row for row in due]


def _sent_and_due(
    sheet: str, sent: list[dict[str, Any]], due: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The rows that were sent, then the rows that may be added; never a row that must be filled."""
    if sheet == "cover":
        return [{k: v for k, v in row.items() if k not in _OF_THIS_TEMPLATE} for row in sent]
    if sheet == "monthly":
        return sent
    keys = getattr(SHEETS[sheet].Config, "unique", [])
    there = {tuple(row.get(key) for key in keys) for row in sent}
    return [*sent, *(row for row in due if tuple(row.get(key) for key in keys) not in there)]


def _rows_of(cells: pl.DataFrame | None) -> Rows:
    """The cells of a return as rows again; the cover is one row."""
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for cell in [] if cells is None else cells.iter_rows(named=True):
        number = 0 if cell["sheet"] == "cover" else cell["row"]
        row = rows.setdefault(cell["sheet"], {}).setdefault(number, {})
        row[cell["field"]] = cell["text"]
    return {sheet: list(numbered.values()) for sheet, numbered in rows.items()}


def _used(previous: pl.DataFrame) -> frozenset[str]:
    """The fields of the sheet “monthly” in which a return has anything."""
    filled = previous.filter(pl.col("sheet") == "monthly", pl.col("text") != "")
    return frozenset(filled["field"])


def _choices(wards: list[str], items: list[str]) -> dict[str, list[str]]:
    """Drop-downs that depend on the trust's wards and the items asked, by sheet and column."""
    return {
        "monthly.ward_code": wards,
        "charter.ward_code": wards,
        "confidence.ward_code": wards,
        "confidence.question_id": items,
        "events.ward_code": [EVERY_WARD, *wards],
    }
