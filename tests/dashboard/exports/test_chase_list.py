"""The chase list has what is overdue and nothing else, and its e-mails open in e-mail programs."""

import csv
from datetime import date
from email import message_from_bytes, policy
from io import BytesIO, StringIO
from zipfile import ZipFile

import polars as pl
import pytest

from dashboard.exports import chase_list
from schemas.periods import Month

TODAY = date(2026, 5, 20)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
DUE = {MARCH: date(2026, 4, 16), APRIL: date(2026, 5, 19)}
ABOUT = {"programme": "Safe wards", "contact": "team@example.org"}


def grid(*rows: tuple[str, date, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "trust_code": code,
                "trust_name": f"=Trust {code}",
                "month": month,
                "due": DUE[month],
                "state": state,
            }
            for code, month, state in rows
        ]
    )


def people(*rows: tuple[str, str, str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "email": email,
                "name": name,
                "role": role,
                "trusts": trusts,
                "valid_from": date(2025, 1, 1),
                "valid_to": date(2026, 1, 1) if name == "Gone" else None,
            }
            for email, name, role, trusts in rows
        ],
        schema_overrides={"trusts": pl.String, "valid_to": pl.Date},
    )


PEOPLE = people(
    ("lead1@example.org", "Léna Lead", "trust", "Z01"),
    ("both@example.org", "Bo Both", "trust", "Z01 Z02"),
    ("gone@example.org", "Gone", "trust", "Z01"),
    ("region@example.org", "Rosa", "region", "Z01"),
    ("team@example.org", "Team", "programme", None),
)


@pytest.fixture
def found() -> list[chase_list.Chased]:
    rows = [("Z01", APRIL, "missing"), ("Z01", MARCH, "missing"), ("Z03", APRIL, "missing")]
    return chase_list.chased(grid(*rows), PEOPLE, TODAY, {("Z01", Month(2026, 3))})


@pytest.mark.parametrize(
    "state", ["received", "late", "not_yet_due", "not_expected", "paused", "missing"]
)
def test_only_what_is_due_and_missing_is_chased(state):
    listed = chase_list.chased(grid(("Z01", APRIL, state)), PEOPLE, TODAY)
    assert bool(listed) == (state == "missing")
    assert chase_list.chased(grid(("Z01", APRIL, state)), PEOPLE, date(2026, 5, 19)) == []


def test_a_trust_is_listed_once_with_its_own_people_and_months(found):
    assert [one.trust_code for one in found] == ["Z01", "Z03"]
    first = found[0]
    assert [email for email, _ in first.people] == ["both@example.org", "lead1@example.org"]
    assert first.due == ((MARCH, DUE[MARCH]), (APRIL, DUE[APRIL]))
    assert first.open == ((APRIL, DUE[APRIL]),)
    assert first.closed == ((MARCH, DUE[MARCH]),)
    assert found[1].people == ()


@pytest.mark.parametrize(
    ("by", "asked"),
    [("last@example.org", (("last@example.org", ""),)), ("account7", ()), ("a@b, c@d.org", ())],
)
def test_where_nobody_is_in_the_register_the_last_sender_is_asked(by, asked):
    rows = grid(("Z03", APRIL, "missing"), ("Z01", APRIL, "missing"))
    one, other = chase_list.chased(rows, PEOPLE, TODAY, (), {"Z03": by, "Z01": by})
    assert one.people == asked
    assert by not in [email for email, _ in other.people]
    assert "Dear colleagues," in chase_list.message(one, TODAY, **ABOUT).get_content()


def test_the_list_as_csv_has_a_row_for_each_return(found):
    rows = list(csv.DictReader(StringIO(chase_list.as_csv(found, TODAY).decode())))
    assert [(row["Trust code"], row["Month"], row["Days overdue"]) for row in rows] == [
        ("Z01", "2026-03", "34"),
        ("Z01", "2026-04", "1"),
        ("Z03", "2026-04", "1"),
    ]
    assert rows[0]["Trust"] == "'=Trust Z01"
    assert [row["Can still be sent"] for row in rows] == ["no, closed", "yes", "yes"]
    assert rows[0]["Who to ask"] == "both@example.org; lead1@example.org"
    assert rows[2]["Who to ask"] == "nobody in the register"


def test_an_email_reads_back_as_it_was_written(found):
    mail = message_from_bytes(
        bytes(chase_list.message(found[0], TODAY, **ABOUT)), policy=policy.default
    )
    assert mail["To"] == "both@example.org, lead1@example.org"
    assert mail["Subject"] == "Sexual safety return for April 2026"
    assert mail["X-Unsent"] == "1"
    assert mail["From"] is None
    text = mail.get_content()
    assert "Dear Bo Both and Léna Lead," in text
    assert "“Send a return”" in text
    assert "March 2026" not in text


def test_an_email_to_nobody_has_no_address(found):
    assert chase_list.message(found[1], TODAY, **ABOUT)["To"] is None


def test_the_zip_holds_an_email_for_each_trust_that_can_still_send(found):
    shut = chase_list.chased(
        grid(("Z02", MARCH, "missing")), PEOPLE, TODAY, {("Z02", Month(2026, 3))}
    )
    packed = chase_list.as_zip([*found, *shut], TODAY, **ABOUT)
    with ZipFile(BytesIO(packed)) as folder:
        assert folder.namelist() == ["Z01.eml", "Z03.eml"]
    assert chase_list.as_zip([*found, *shut], TODAY, **ABOUT) == packed
