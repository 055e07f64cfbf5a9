"""Which free text counts as identifying someone, and which does not."""

from datetime import date

import pytest

from pipelines.checking.check import check
from pipelines.checking.rules.personal_text import nhs_number, personal
from tests.returns import scene
from tests.returns.scene import COVER, workbook

TODAY = date(2026, 4, 9)
PLACES = frozenset({"Alder", "Birch", "Holly", "Ward", "Victoria"})


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Mrs Kowalski complained", "a person's name"),
        ("Dr. Osei was on leave", "a person's name"),
        ("Sarah asked for help", "a person's name"),
        ("spoke with Grace Adeyemi", "a person's name"),
        ("seen by J. Whitcombe", "a person's name"),
        ("Karen's survey was lost", "a person's name"),
        ("id 943 476 5919", "an NHS number"),
        ("id 9434765919", "an NHS number"),
        ("born 12/03/1984", "a date of birth"),
        ("DOB in the notes", "a date of birth"),
        ("since 3 May 1979", "a date of birth"),
        ("mail a.b@nhs.example", "an e-mail address"),
        ("ring the ward on 01632 960 001", "a telephone number"),
    ],
)
def test_text_that_identifies_somebody(text: str, what: str) -> None:
    assert personal(text, TODAY, PLACES) == what


@pytest.mark.parametrize(
    "text",
    [
        "Ward half closed 10 to 20 April 2026",
        "Survey moved to May because of Easter",
        "Holly Ward and Victoria Ward share a team",
        "New welcome conversation on Alder Ward",
        "Will be asked again in June",
        "Refurbishment since 12/03/2024",
        "Incident numbers 1234567890 and 0000000001 were counted twice",
        "Two patients preferred not to say",
        "Grace period agreed with the programme team",
        "Hope and Recovery group started",
        "CQC visit; PALS leaflets in reception",
    ],
)
def test_text_that_does_not(text: str) -> None:
    assert personal(text, TODAY, PLACES) is None


def test_the_check_digit_of_an_nhs_number() -> None:
    assert nhs_number("943 476 5919")
    assert not nhs_number("943 476 5918")


@pytest.mark.parametrize(
    ("address", "kept"),
    [("sexual.safety@trust.example", True), ("jane.smith@trust.example", False)],
)
def test_a_persons_own_address_is_not_kept(address: str, kept: bool) -> None:
    checked = check(workbook(cover=[COVER | {"contact_email": address}]), "f", scene.context())
    found = checked.cells.filter(field="contact_email")["text"][0]
    assert (found == address) == kept
