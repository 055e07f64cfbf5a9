"""What is said about who made a charter and what it led to."""

from datetime import date

import pytest

from dashboard.words.charters import led_to, took_part

NOBODY_COUNTED = {
    "patients_n": None,
    "staff_n": None,
    "carers_n": None,
    "coproduced_on": None,
    "conversations_n": None,
    "changes_n": None,
}
LAST = date(2025, 10, 21)


@pytest.mark.parametrize(
    ("counted", "sentence"),
    [
        ({}, ""),
        ({"patients_n": 6, "staff_n": 9, "carers_n": 2}, "6 patients, 9 staff and 2 carers "),
        ({"patients_n": 1, "staff_n": 1}, "1 patient and 1 member of staff took part."),
        ({"carers_n": 0}, "No carers took part."),
        ({"coproduced_on": LAST}, "They last worked on it together on 21 October 2025."),
        (
            {"patients_n": 6, "coproduced_on": LAST},
            "6 patients took part, most recently on 21 October 2025.",
        ),
    ],
)
def test_who_took_part(counted, sentence):
    said = took_part(NOBODY_COUNTED | counted)
    assert said.startswith(sentence)
    assert bool(said) == bool(counted)


@pytest.mark.parametrize(
    ("counted", "sentence"),
    [
        ({}, ""),
        ({"changes_n": 1}, "So far it has led to 1 change on the ward."),
        (
            {"conversations_n": 14, "changes_n": 0},
            "So far it has led to 14 conversations about sexual safety and no changes on the ward.",
        ),
    ],
)
def test_what_it_led_to(counted, sentence):
    assert led_to(NOBODY_COUNTED | counted) == sentence
