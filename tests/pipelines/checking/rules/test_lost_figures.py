"""Correcting a month: the workbook holds the version in use, and nothing is lost unseen."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
import polars as pl
import pytest

from pipelines.accepting.context import active_return
from pipelines.accepting.preview import Preview, preview
from pipelines.accepting.submission import Arrival
from pipelines.keeping.home import Home
from pipelines.keeping.uploads import Upload
from pipelines.sending import workbook_for
from pipelines.submit import submit
from schemas.problems import Severity
from tests import worlds

MONTH = worlds.LAST
AT = worlds.received(MONTH + 1)
OWN = frozenset({"Z01"})


def looked(home: Home, content: bytes, filename: str = "x.xlsx") -> Preview:
    return preview(home, Upload(filename, content, AT), AT, OWN)


def messages(look: Preview) -> list[str]:
    return [p.message for p in look.checked.problems if p.code == "W18"]


def sent_again(home: Home, **sheets: list[dict[str, Any]]) -> Preview:
    return looked(home, worlds.return_file("Z01", MONTH, **sheets), "x.zip")


def whole() -> dict[str, list[dict[str, Any]]]:
    """A return with something on every sheet, some of it text and some of it zeros."""
    wards = worlds.WARDS["Z01"]
    monthly = [worlds.monthly_row(ward, MONTH, restraint_n=0, seclusion_n=2) for ward in wards]
    monthly[0] |= {"explain": "Half closed in the first week"}
    return {
        "monthly": monthly,
        "charter": [worlds.charter_row(ward, MONTH) for ward in wards],
        "standards": [row for ward in wards for row in worlds.standards_rows(ward)],
        "events": [
            {"ward_code": ward, "date": str(MONTH.first_day), "kind": "training", "label": "Talks"}
            for ward in ("ALL", "BIRCH1")
        ],
    }


def values(cells: pl.DataFrame) -> set[tuple[object, ...]]:
    """Every value that a return holds, but for details that the register fills in."""
    kept = cells.filter(pl.col("text").is_not_null(), pl.col("field") != "trust_name")
    kept = kept.filter(pl.col("sheet") != "wards")
    return set(kept.select("sheet", "ward_code", "field", "text", "state").iter_rows())


def test_the_workbook_of_a_sent_month_sent_unchanged_changes_nothing(own_home: Home) -> None:
    worlds.send(own_home, "Z01", MONTH, **whole())
    active = active_return(own_home.archive.entries(), "Z01", str(MONTH))
    assert active is not None
    look = looked(own_home, workbook_for(own_home, "Z01", MONTH, OWN))
    assert look.checked.cells is not None, look.checked.as_dict()
    assert values(look.checked.cells) == values(own_home.archive.cells(active))
    asked = {(q.code, q.message) for q in active.queries if q.severity == "query"}
    again = {(p.code, p.message) for p in look.checked.problems if p.severity is Severity.QUERY}
    assert again <= asked


def without_ward(content: bytes, ward: str) -> bytes:
    """A workbook whose monthly sheet lost the row of a ward."""
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book["monthly"]
    row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 2).value == ward)
    for column in range(1, sheet.max_column + 1):
        sheet.cell(row, column).value = None
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_what_a_correction_loses_needs_an_explanation_by_name_and_number(own_home: Home) -> None:
    worlds.send(own_home, "Z01", MONTH, **whole())
    content = without_ward(workbook_for(own_home, "Z01", MONTH, OWN), "BIRCH1")
    assert messages(looked(own_home, content)) == [
        "Birch1 Ward (BIRCH1): 20 figures become blank, as it has no row here."
    ]
    arrival = Arrival(content, "x.xlsx", worlds.LEAD, AT, {}, OWN)
    refused = submit(own_home, arrival)
    assert (refused.receipt, refused.unanswered) == (None, ("W18",))
    why = {"W18": "Sent for another ward by mistake", "*": "Checked with the ward"}
    kept = submit(own_home, replace(arrival, answers=why))
    assert kept.receipt is not None
    assert [q.answer for q in kept.receipt.queries if q.code == "W18"] == [why["W18"]]


LOSES = {
    "a cell": (
        lambda sheets: sheets["monthly"][0].update(seclusion_n=None, restraint_n=None),
        ["Alder1 Ward (ALDER1): 2 figures become blank: “Restraint” and “Seclusion”."],
    ),
    "a column": (
        lambda sheets: [row.pop("trained_n") for row in sheets["monthly"]],
        [
            f"{ward.title()} Ward ({ward}): 1 figure becomes blank: “Staff trained”."
            for ward in worlds.WARDS["Z01"]
        ],
    ),
    "a ward's charter": (
        lambda sheets: sheets["charter"].pop(),
        [
            "Cedar1 Ward (CEDAR1): 3 answers become blank, as it has no row with an answer here.",
        ],
    ),
    "all charters": (
        lambda sheets: sheets["charter"].clear(),
        ["The sheet “charter” is empty or not in this file: 9 answers become blank."],
    ),
    "ratings": (
        lambda sheets: sheets["standards"].__delitem__(slice(1, 3)),
        ["Alder1 Ward (ALDER1): 2 ratings are missing."],
    ),
    "an event": (
        lambda sheets: sheets["events"].pop(),
        ["Birch1 Ward (BIRCH1): 1 event is missing."],
    ),
    "nothing": (lambda sheets: sheets["monthly"].reverse(), []),
    "another figure": (lambda sheets: sheets["monthly"][0].update(seclusion_n=0), []),
}


@pytest.mark.parametrize("what", LOSES)
def test_every_sheet_is_compared_with_the_version_in_use(own_home: Home, what: str) -> None:
    worlds.send(own_home, "Z01", MONTH, **whole())
    lose, asked = LOSES[what]
    sheets = whole()
    lose(sheets)
    assert messages(sent_again(own_home, **sheets)) == asked


def test_a_csv_after_a_workbook_says_what_it_has_no_place_for(own_home: Home) -> None:
    worlds.send(own_home, "Z01", MONTH, **whole())
    rows = [{"trust_code": "Z01", **row} for row in whole()["monthly"]]
    look = looked(own_home, pl.DataFrame(rows).write_csv().encode(), "monthly.csv")
    assert messages(look) == [
        "The sheet “charter” is empty or not in this file: 9 answers become blank.",
        "The sheet “standards” is empty or not in this file: 9 ratings are missing.",
        "The sheet “events” is empty or not in this file: 2 events are missing.",
    ]


def test_a_first_return_loses_nothing(own_home: Home) -> None:
    content = worlds.return_file("Z01", MONTH + 1, monthly=whole()["monthly"][:1])
    assert messages(looked(own_home, content, "x.zip")) == []


def ward_rows(**changes: object) -> list[dict[str, Any]]:
    left_out = ("trust_code", "valid_from", "valid_to", "successor_trust_code")
    left_out += ("successor_ward_code",)
    rows = [worlds.ward_row("Z01", ward) for ward in worlds.WARDS["Z01"]]
    rows[0] |= changes
    return [{k: v for k, v in row.items() if k not in left_out} for row in rows]


def test_a_detail_of_a_ward_that_only_the_return_held_is_not_lost_unseen(own_home: Home) -> None:
    worlds.send(own_home, "Z01", MONTH, **whole(), wards=ward_rows(beds=18))
    assert messages(sent_again(own_home, **whole(), wards=ward_rows())) == []
    assert messages(sent_again(own_home, **whole())) == [
        "The sheet “wards” is empty or not in this file: 1 figure becomes blank."
    ]


def test_a_ward_sent_as_closed_is_a_row_too(own_home: Home) -> None:
    closed = whole()
    closed["monthly"][2] = {
        "period": str(MONTH),
        "ward_code": "CEDAR1",
        "return_status": "ward_closed",
    }
    worlds.send(own_home, "Z01", MONTH, **closed)
    again = whole() | {"monthly": closed["monthly"][:2]}
    assert messages(sent_again(own_home, **again)) == [
        "Cedar1 Ward (CEDAR1) has no row; it was sent as “Closed all month”."
    ]
