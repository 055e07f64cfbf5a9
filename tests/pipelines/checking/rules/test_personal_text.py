"""Which free text counts as identifying someone, and which does not."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.checking.check import check
from pipelines.checking.rules.personal_text import nhs_number, personal, phone_number
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


GAPS = st.sampled_from(["", " ", "-", ".", " - ", "\u00a0", "\u2013"])


@pytest.mark.parametrize(
    "text",
    [
        "07700 900123",
        "07700900123",
        "07700 900 123",
        "077 00 90 01 23",
        "07700-900-123",
        "07700.900.123",
        "ring 07700 900123, ask for the nurse in charge.",
        "Tel:01632960001",
        "020 7946 0018",
        "0207 946 0018",
        "(020) 7946 0018",
        "(0113) 496 0000",
        "0131 496 0123 ext 12",
        "0808 157 0123",
        "0303 123 4567",
        "0800 123456",
        "01632 96001",
        "+44 7700 900123",
        "+447700900123",
        "+44 (0)7700 900 123",
        "(+44) 7700 900123",
        "0044 7700 900123",
        "+44 20 7946 0018",
        "open 24 hours: 07700 900123 10 beds",
        "07700 900123/07700 900456",
    ],
)
def test_a_number_is_found_as_people_write_it(text: str) -> None:
    assert phone_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "17 of 20 answered, 452 bed days",
        "1,204 of 2,300",
        "0.75 to 0.80",
        "01/02/2026 to 05/02/2026",
        "01.02.2026 09.30",
        "from 01-02-2026 10:30 to 05-02-2026 100 bed days",
        "2026-03-01 2026-03-31",
        "04 03 02 01 05 06",
        "0 1 0 2 0 0 1 0 3 0 0",
        "shift 0700-1500 and 0800-2000",
        "0800-2000 100 patients were seen",
        "0700 - 1930 and on 10 days",
        "id 943 476 5919",
        "Incident numbers 1234567890 and 0000000001 were counted twice",
        "INC-07700900123",
        "datix 00012345678",
        "W01632960001",
        "07700900123456",
        "0123 4567 8901 2345",
        "Z01/2026-03/2",
        "01632",
        "+12 incidents since 2025",
        "ISBN 978-0-14-103614-4",
    ],
)
def test_what_is_no_number_is_left_alone(text: str) -> None:
    assert not phone_number(text)


@given(
    st.sampled_from(["0", "+44", "+44 ", "0044", "+44 (0)"]),
    st.sampled_from(["7700", "7911", "1632", "20 79", "113 4", "808 1", "330 0"]),
    st.integers(0, 999_999),
    GAPS,
    GAPS,
    st.sampled_from(["", "ring ", "Tel.: ", "(", "on "]),
    st.sampled_from(["", " today", ".", ")", ", ask for the nurse", " x12"]),
)
def test_any_number_with_any_gaps_is_found(start, area, rest, one, two, before, after) -> None:
    digits = f"{rest:06}"
    assert phone_number(f"{before}{start}{area}{one}{digits[:3]}{two}{digits[3:]}{after}")


@given(
    st.dates(date(2019, 10, 1), date(2030, 12, 31)),
    st.integers(1, 60),
    st.integers(0, 5000),
    st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %m %Y", "%d %b %Y"]),
    st.sampled_from([" ", " to ", "-", " - ", ", "]),
)
def test_no_pair_of_dates_beside_a_count_is_taken_for_one(day, days, count, style, between) -> None:
    first, last = day.strftime(style), (day + timedelta(days)).strftime(style)
    for text in (f"{first}{between}{last}", f"{first}{between}{last} {count} bed days"):
        assert not phone_number(text), text


@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=12), st.sampled_from([" ", ", ", "/"]))
def test_no_row_of_counts_is_taken_for_one(counts, between) -> None:
    assert not phone_number(between.join(map(str, counts)))


@given(st.sampled_from(["0700", "0730", "0800", "1930", "2000", "2100"]), st.integers(0, 9999))
def test_no_shift_is_taken_for_one(until: str, count: int) -> None:
    assert not phone_number(f"nights 0700-{until} {count} hours")
