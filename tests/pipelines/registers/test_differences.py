"""How versions of the register differ, and the register as files."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import polars as pl
import pytest

from dashboard.words import register as words
from pipelines.registers import bundle, people_acts, trust_acts, ward_acts
from pipelines.registers.differences import between
from pipelines.registers.effective import holding
from pipelines.registers.files import as_csv
from pipelines.registers.register import Register, RegisterError, empty_register, register_of
from tests import worlds

TODAY = date(2026, 3, 10)
DAY = date(2026, 4, 1)


@pytest.fixture
def register() -> Register:
    return register_of(worlds.register_frames(), version=3)


def said(before: Register, after: Register) -> list[str]:
    return [words.sentence(one) for one in between(before, after)]


def test_a_change_is_told_with_what_it_was_and_from_when(register):
    after = ward_acts.change_ward(
        register, "Z01", "ALDER1", DAY, {"beds": 14, "mh_class": "201", "intended_sex": "mixed"}
    )
    assert said(register, after) == [
        "Alder1 Ward (Z01-ALDER1): class Acute Adult Mental Health Care (200) → Acute Older Adult "
        "Mental Health Care (Organic and Functional) (201) from 1 April 2026.",
        "Alder1 Ward (Z01-ALDER1): intended sex women → mixed from 1 April 2026.",
        "Alder1 Ward (Z01-ALDER1): beds 16 → 14 from 1 April 2026.",
    ]
    assert said(register, register) == []
    assert said(after, register)[-1].endswith("beds 14 → 16 from 1 April 2026.")


def test_a_change_through_several_rows_is_told_once_and_one_that_stops_says_until_when(register):
    other = {"in_collaborative": "no"}
    planned = ward_acts.change_ward(register, "Z01", "ALDER1", date(2026, 6, 1), other)
    once = ward_acts.change_ward(planned, "Z01", "ALDER1", DAY, {"beds": 14})
    assert said(planned, once) == ["Alder1 Ward (Z01-ALDER1): beds 16 → 14 from 1 April 2026."]
    more = ward_acts.change_ward(register, "Z01", "ALDER1", date(2026, 6, 1), {"beds": 20})
    until = ward_acts.change_ward(more, "Z01", "ALDER1", DAY, {"beds": 14})
    assert said(more, until) == [
        "Alder1 Ward (Z01-ALDER1): beds 16 → 14 from 1 April 2026 until 31 May 2026."
    ]


def test_closing_opening_and_moving_are_told_in_words(register):
    closed = ward_acts.close_ward(register, "Z01", "ALDER1", DAY)
    assert said(register, closed) == [
        "Alder1 Ward (Z01-ALDER1) closes, last day open 1 April 2026."
    ]
    moved = ward_acts.move_ward(register, "Z01", "ALDER1", "Z02", "ALDER1", DAY)
    assert said(register, moved) == [
        "Alder1 Ward (Z01-ALDER1) becomes Z02-ALDER1 from 1 April 2026.",
        "Alder1 Ward (Z02-ALDER1) is added in place of Z01-ALDER1 from 1 April 2026.",
    ]
    merged = trust_acts.merge_trust(register, "Z02", "Z01", DAY)
    assert said(register, merged)[0] == "Tiny trust Z02 (Z02) becomes Z01 from 1 April 2026."
    added = trust_acts.add_trust(register, "Z03", "Third trust", "Y56", DAY)
    assert said(register, added) == ["Third trust (Z03) is added (London) from 1 April 2026."]
    assert said(added, register) == ["Third trust (Z03) is no longer in the register."]


def test_access_is_told_with_role_trusts_and_last_day(register):
    who = {"email": "new@trust.example", "name": "New", "role": "region", "trusts": ["Z02", "Z01"]}
    after = people_acts.give_access(register, who, TODAY, DAY, TODAY)
    assert said(register, after) == [
        "New (new@trust.example) has access as region reader for Z01 and Z02 from 10 March 2026 "
        "until 1 April 2026."
    ]
    ended = people_acts.end_access(register, worlds.LEAD, DAY, TODAY)
    assert said(register, ended) == [
        "Trust lead (lead@trust.example) loses access as trust lead for Z01, last day 1 April 2026."
    ]
    longer = people_acts.change_access(after, "new@trust.example", who, TODAY, None, TODAY)
    assert said(after, longer) == [
        "New (new@trust.example) has access as region reader for Z01 and Z02 from 2 April 2026."
    ]


def test_the_text_of_a_standard_is_told_too(register):
    text = pl.when(pl.col("statement_id") == "P2").then(pl.lit("New")).otherwise("short_text")
    after = replace(register, standards=register.standards.with_columns(short_text=text))
    assert said(register, after) == [
        "sexual_safety_placeholder-P2: short_text Placeholder P2 → New."
    ]


def test_every_row_of_the_first_register_is_new():
    first = register_of(worlds.register_frames())
    found = between(empty_register(), first)
    assert {one.kind for one in found} == {"added"}
    assert len(found) == 2 + 5 + 2 + 3 + 4


def test_what_holds_today_knows_what_has_ended_and_what_is_to_come(register):
    after = ward_acts.close_ward(register, "Z01", "ALDER1", date(2026, 3, 9))
    after = ward_acts.change_ward(after, "Z01", "BIRCH1", DAY, {"beds": 14})
    values = worlds.ward_row("Z01", "NEW1", open_from=DAY)
    after = ward_acts.add_ward(after, "Z01", values)
    found = {row["ward_code"]: row for row in holding(after.wards, "wards", TODAY).to_dicts()}
    assert {code: row["state"] for code, row in found.items()} == {
        "ALDER1": "ended", "BIRCH1": "now", "CEDAR1": "now", "DOGWD1": "now", "ELDER1": "now",
        "NEW1": "coming",
    }  # fmt: skip
    assert (found["BIRCH1"]["beds"], found["BIRCH1"]["changes"]) == (16, DAY)


def test_a_register_survives_the_zip(register):
    again, version = bundle.taken_in({"register.zip": bundle.as_zip(register)}, empty_register())
    assert as_csv(again) == as_csv(register)
    assert version == 3
    assert bundle.as_zip(register) == bundle.as_zip(register)


def test_one_edited_file_is_enough_and_the_rest_stays(register):
    wards = as_csv(register)["wards.csv"].replace(b",16,", b",14,")
    again, version = bundle.taken_in({"Wards.csv": wards}, register)
    assert again.wards["beds"].unique().to_list() == [14]
    assert again.trusts.equals(register.trusts)
    assert version is None


def test_a_file_with_many_mistakes_says_all_of_them(register):
    wards = as_csv(register)["wards.csv"].replace(b",16,", b",sixteen,")
    with pytest.raises(RegisterError) as error:
        bundle.taken_in({"wards.csv": wards, "notes.csv": b"x"}, register)
    assert len(error.value.sentences) == 6
    assert "“notes.csv” is not one of the register's files" in error.value.sentences[-1]


def test_bytes_that_are_no_zip_or_no_register_are_refused(register):
    for uploads, expected in (
        ({"register.zip": b"not a zip"}, "damaged"),
        ({"register.zip": _zip({"photo.png": b"x"})}, "not one of the register's files"),
        ({}, "choose at least one"),
        ({"wards.csv": "é".encode("latin-1")}, "not UTF-8"),
    ):
        with pytest.raises(RegisterError, match=expected):
            bundle.taken_in(uploads, register)


def _zip(files: dict[str, bytes]) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()
