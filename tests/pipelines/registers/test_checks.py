"""What no register may say."""

import polars as pl

from pipelines.registers.checks import problems_of
from pipelines.registers.register import register_of
from tests import worlds
from tests.pipelines.registers.acts import TODAY


def test_two_rows_for_one_day_are_a_problem():
    twice = [worlds.ward_row("Z01", "A1"), worlds.ward_row("Z01", "A1", valid_from=TODAY)]
    known = register_of(worlds.register_frames(wards=pl.DataFrame(twice)))
    assert problems_of(known) == [
        "wards.csv: Z01-A1 has two rows for 10 March 2026. End the first (valid_to) before the "
        "second begins."
    ]


def test_an_answer_counted_as_safe_is_one_that_is_offered():
    question = {
        "question_id": "patients_feel_safe",
        "asked_of": "patients",
        "text": "Did you feel safe?",
        "answers": "Yes, always; Mostly; No",
        "counts_as_safe": "Yes, always; Usually",
        "is_placeholder": True,
    }
    faulty = register_of(worlds.register_frames(questions=pl.DataFrame([question])))
    assert problems_of(faulty) == [
        "questions.csv: patients_feel_safe counts “Usually” as safe, but that is not one of its "
        "answers: Yes, always; Mostly; No."
    ]
    right = question | {"counts_as_safe": "Yes, always;Mostly"}
    assert problems_of(register_of(worlds.register_frames(questions=pl.DataFrame([right])))) == []
