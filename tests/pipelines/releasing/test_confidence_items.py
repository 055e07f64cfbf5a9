"""Staff confidence item by item: each row has the words of its month, and merged wards one row."""

from datetime import date

import polars as pl

from pipelines.releasing.confidence_items import confidence_items, one_for_each_ward
from schemas.register import Questions
from schemas.release import ConfidenceItems, ReleaseCells
from schemas.typed import typed
from tests.returns.scene import question

QUESTIONS = typed(
    pl.DataFrame(
        [
            question("staff_confident", "Overall."),
            question("talk", "Old.", item_of="staff_confident", valid_to=date(2026, 2, 28)),
            question("talk", "New.", item_of="staff_confident", valid_from=date(2026, 3, 1)),
        ],
        infer_schema_length=None,
    ),
    Questions,
)


def sent(month: int, ward: str = "ALDER1", **values: object) -> pl.DataFrame:
    """The cells of one row of the sheet."""
    rows = [
        {
            "return_id": f"Z01/2026-{month:02}/1",
            "trust_code": "Z01",
            "month": date(2026, month, 1),
            "sheet": "confidence",
            "row": 2 + len(ward),
            "ward_id": f"Z01-{ward}",
            "field": field,
            "text": None if value is None else str(value),
        }
        for field, value in values.items()
    ]
    return typed(pl.DataFrame(rows, infer_schema_length=None), ReleaseCells)


def test_an_item_has_the_words_of_its_month_and_a_row_without_answers_is_none():
    cells = pl.concat(
        [
            sent(2, question_id="talk", item_answered=12, item_confident=7),
            sent(3, question_id="talk", item_answered=12, item_confident=9, before_answered=4),
            sent(3, "BIRCH12", question_id="talk", item_answered=None),
            sent(3, "CEDAR123", question_id="gone", item_answered=5, item_confident=5),
        ]
    )
    found = ConfidenceItems.validate(confidence_items(cells, QUESTIONS))
    assert found.select("ward_id", "month", "text", "item_answered", "before_answered").rows() == [
        ("Z01-ALDER1", date(2026, 2, 1), "Placeholder: Old.", 12, None),
        ("Z01-ALDER1", date(2026, 3, 1), "Placeholder: New.", 12, 4),
        ("Z01-CEDAR123", date(2026, 3, 1), None, 5, None),
    ]


def test_the_answers_of_wards_that_merged_are_added_up():
    both = [
        sent(3, ward, question_id="talk", item_answered=12, item_confident=confident)
        for ward, confident in (("ALDER1", 7), ("BIRCH12", 5))
    ]
    merged = confidence_items(pl.concat(both), QUESTIONS).with_columns(ward_id=pl.lit("Z01-NEW"))
    (row,) = ConfidenceItems.validate(one_for_each_ward(merged)).to_dicts()
    assert (row["item_answered"], row["item_confident"]) == (24, 12)
    assert row["before_answered"] is None
