"""Makes the workbook for a baseline: the months from before a trust or ward joined."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.registers.register import Register
from pipelines.workbooks.overview import Span
from pipelines.workbooks.template import CARRIED_ON, rows_of, used_in
from pipelines.workbooks.template_lists import Reference
from pipelines.workbooks.template_sheets import write_workbook
from schemas.baseline_window import BaselineWindow
from schemas.periods import Month, months
from schemas.programme import Programme
from schemas.returns import TEMPLATE_VERSION

Row = Mapping[str, Any]


def baseline_template(
    programme: Programme,
    register: Register,
    window: BaselineWindow,
    previous: pl.DataFrame | None = None,
    in_use: pl.DataFrame | None = None,
) -> bytes:
    """The workbook to fill in: a cover, and a row for each ward in each month before it joined.

    Cover answers come from `previous`, the trust's latest return. If the baseline was sent already,
    `in_use` is its version in use, and the workbook holds exactly what that holds. Both are frames
    of `schemas.cells`. Raises ValueError with a sentence if there is no ward to bring one.
    """
    if in_use is None:
        rows = {"cover": [_answers(previous)], "monthly": rows_to_fill_in(register, window)}
    else:
        sent = rows_of(in_use)
        rows = {sheet: sent.get(sheet, []) for sheet in ("cover", "monthly")}
    used = frozenset() if previous is None else used_in(previous)
    return filled_baseline(programme, register, window, rows, used)


def rows_to_fill_in(register: Register, window: BaselineWindow) -> list[dict[str, Any]]:
    """A row for each ward and month of a baseline; ValueError if there is none."""
    rows = [
        {"period": str(month), "ward_code": ward["ward_code"], "return_status": "data"}
        for month in months(window.first_month, window.last_month)
        for ward in wards_of(register, window, month)
    ]
    if not rows:
        raise ValueError(
            f"No ward of {window.trust} was open in {window.label} and had still to join. Check "
            "the dates in the register, and those of the baseline in programme.toml."
        )
    return sorted(rows, key=lambda row: (row["ward_code"], row["period"]))


def wards_of(register: Register, window: BaselineWindow, month: Month) -> list[dict[str, Any]]:
    """The wards that may bring a month: open then, in the collaborative now, and not yet joined."""
    wards = register.wards_then(window.trust, month).filter(
        pl.col("open_from") <= month.last_day,
        pl.col("open_to").is_null() | (pl.col("open_to") >= month.first_day),
    )
    joining = set(
        register.wards.filter(trust_code=window.trust, in_collaborative="yes")["ward_code"]
    )
    return [
        row
        for row in wards.iter_rows(named=True)
        if row["ward_code"] in joining
        and (not window.wards or row["ward_code"] in window.wards)
        and not register.takes_part(window.trust, row["ward_code"], month)
    ]


def filled_baseline(
    programme: Programme,
    register: Register,
    window: BaselineWindow,
    values: Mapping[str, Sequence[Row]],
    used: frozenset[str] = frozenset(),
) -> bytes:
    """The same workbook with values in it; rows by sheet, as `template.filled` takes them.

    `used` are the optional columns that the trust filled in last time.
    """
    names = register.trusts.filter(trust_code=window.trust).sort("valid_from")
    if names.is_empty():
        raise ValueError(f"Trust {window.trust} is not in the register.")
    trust = names.row(-1, named=True)
    cover = {
        "template_version": TEMPLATE_VERSION,
        "trust_code": window.trust,
        "trust_name": trust["trust_name"],
        "data_status": "provisional",
    }
    given = dict((values.get("cover") or [{}])[0])
    cover |= given | {"period": f"{window.first} to {window.last}"}
    span_of = list(months(window.first_month, window.last_month))
    codes = {ward["ward_code"] for month in span_of for ward in wards_of(register, window, month)}
    every = register.wards_then(window.trust, window.last_month).filter(
        pl.col("ward_code").is_in(list(codes))
    )
    reference = Reference(
        choices={"monthly.ward_code": every["ward_code"].to_list()},
        statements={},
        beds=dict(every.select("ward_code", "beds").iter_rows()),
        used=used,
    )
    days = max(month.days for month in span_of)
    span = Span(window.label, window.first_month, days, several=True)
    rows = {
        "cover": [cover],
        "wards": list(every.iter_rows(named=True)),
        "monthly": [dict(row) for row in values.get("monthly", [])],
    }
    return write_workbook(programme, trust, span, rows, reference)


def _answers(previous: pl.DataFrame | None) -> dict[str, Any]:
    before = (rows_of(previous).get("cover") or [{}])[0]
    return {field: before.get(field) for field in CARRIED_ON}
