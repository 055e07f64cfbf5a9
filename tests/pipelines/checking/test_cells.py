"""Zero, nil, missing, not applicable and closed stay distinct in what is saved."""

from typing import Any

import pytest

from pipelines.checking.check import check
from schemas.cells import Cells
from tests.returns import scene
from tests.returns.scene import figures, workbook


def kept(**changes: Any) -> Any:
    """The cells of the first ward, with these changes to its row."""
    first = {k: v for k, v in (figures("ALDER1") | changes).items() if v is not None}
    content = workbook(monthly=[first, figures("BIRCH2"), figures("CEDAR3")])
    checked = check(content, "return.xlsx", scene.context(history=None))
    assert checked.cells is not None, checked.as_dict()
    Cells.validate(checked.cells)
    return checked.cells.filter(sheet="monthly", ward_code="ALDER1")


def cell(cells: Any, field: str) -> tuple[Any, ...]:
    return cells.filter(field=field).select("number", "text", "state").row(0)


BLANK = dict.fromkeys(
    field for field in figures("ALDER1") if field not in ("period", "ward_code", "return_status")
)
NIL = {"return_status": "nil_incidents", **BLANK, "occupied_bed_days": 440}


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"inc_assault": 0}, "inc_assault", (0.0, "0", "value")),
        ({}, "restraint_n", (None, None, "missing")),
        (NIL, "inc_assault", (0.0, "0", "nil")),
        (NIL | {"inc_assault": 0}, "inc_assault", (0.0, "0", "nil")),
        (NIL, "inc_affected_staff", (0.0, "0", "nil")),
        (NIL, "pt_answered", (None, None, "missing")),
        (NIL, "occupied_bed_days", (440.0, "440", "value")),
        (NIL, "support_offered_n", (None, None, "not_applicable")),
        ({}, "support_offered_n", (None, None, "missing")),
        ({"return_status": "ward_closed", **BLANK}, "inc_assault", (None, None, "closed")),
        ({"return_status": "not_collected", **BLANK}, "inc_assault", (None, None, "missing")),
        ({}, "period", (None, "2026-03", "value")),
        ({}, "explain", (None, None, "missing")),
    ],
)
def test_state(changes: dict[str, Any], field: str, expected: tuple[Any, ...]) -> None:
    assert cell(kept(**changes), field) == expected


def test_a_cell_says_where_it_stood_and_what_was_entered() -> None:
    found = kept(occupied_bed_days="0,449").filter(field="occupied_bed_days").row(0, named=True)
    assert (found["row"], found["column"], found["entered"]) == (2, "D", "0,449")
    assert (found["number"], found["text"]) == (449.0, "449")


def test_a_field_of_the_cover_stands_in_its_own_row() -> None:
    cells = check(workbook(), "return.xlsx", scene.context()).cells
    trust = cells.filter(sheet="cover", field="trust_code").row(0, named=True)
    assert (trust["row"], trust["column"], trust["text"], trust["ward_code"]) == (
        6,
        "C",
        "Z01",
        None,
    )


def test_an_event_for_every_ward_is_no_ward_s() -> None:
    event = {"ward_code": "all", "date": scene.TODAY, "kind": "training", "label": "Team day"}
    cells = check(workbook(events=[event]), "return.xlsx", scene.context()).cells
    found = cells.filter(sheet="events", field="ward_code").row(0, named=True)
    assert (found["ward_code"], found["text"]) == (None, "ALL")
