from datetime import date

import polars as pl
import pytest

from pipelines.keeping.edited_register import write_register
from pipelines.registers import register_table
from pipelines.registers.checks import problems_of
from pipelines.registers.files import kept_files, read_register
from pipelines.registers.register import RegisterError, empty_register, register_of
from pipelines.registers.successors import current_trusts, current_wards
from schemas.periods import Month
from schemas.register import REGISTER_FILES
from tests import worlds
from tests.returns import scene

SPRING = Month(2026, 3)


def register(trusts: list[dict], wards: list[dict]):
    frames = {"trusts": pl.DataFrame(trusts, infer_schema_length=None)}
    if wards:
        frames["wards"] = pl.DataFrame(wards, infer_schema_length=None)
    return register_of(frames)


def test_a_register_survives_being_written_and_read(tmp_path):
    before = register_of(worlds.register_frames())
    write_register(tmp_path, before)
    after = read_register(tmp_path)
    for name in REGISTER_FILES:
        assert getattr(after, name).equals(getattr(before, name)), name


def test_an_empty_register_can_be_written_read_and_kept(tmp_path):
    write_register(tmp_path, empty_register())
    assert read_register(tmp_path).trusts.is_empty()
    assert problems_of(empty_register()) == []


def test_every_unreadable_cell_is_told_at_once(tmp_path):
    write_register(tmp_path, register_of(worlds.register_frames()))
    path = tmp_path / "wards.csv"
    lines = path.read_text().splitlines()
    lines[1] = lines[1].replace(",16,", ",sixteen,").replace("2019-01-01", "1 Jan", 1)
    path.write_text("\n".join(lines))
    (tmp_path / "questions.csv").unlink()
    with pytest.raises(RegisterError) as error:
        read_register(tmp_path)
    assert error.value.sentences[:2] == [
        "wards.csv row 2, beds: “sixteen” is not a whole number.",
        "wards.csv row 2, open_from: “1 Jan” is not a date such as 2026-03-31.",
    ]
    assert "questions.csv is missing" in error.value.sentences[2]


def test_dates_as_a_spreadsheet_writes_them_are_read(tmp_path):
    before = register_of(worlds.register_frames())
    write_register(tmp_path, before)
    path = tmp_path / "wards.csv"
    path.write_text(path.read_text().replace("2019-01-01", "01/01/2019"))
    assert read_register(tmp_path).wards.equals(before.wards)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "trusts.csv can't be read. This file is empty."),
        (b"\x89PNG\r\n\x1a\n", "trusts.csv can't be read. This file is a picture."),
        ("trust_code\nCaf\xe9".encode("cp1252"), "trusts.csv is not UTF-8 text: save it as"),
        (b"trust_code,trust_name\nZ01,One", "trusts.csv has no columns region_code, joined"),
        (b"trust_code,Trust_Code\nZ01,Z01", "trusts.csv has two columns trust_code: remove one"),
        (b"trust_code,trust_name\n\nZ01,One", "trusts.csv row 2 is empty: delete it."),
        (b"trust_code,trust_name\nZ0", "trusts.csv row 2 has 1 value and the header 2: the file"),
        (b"trust_code,trust_name\nZ01,One, two", "trusts.csv row 2 has 3 values and the header 2"),
    ],
)
def test_a_file_that_is_no_register_file_is_told_so(tmp_path, content, said):
    write_register(tmp_path, empty_register())
    (tmp_path / "trusts.csv").write_bytes(content)
    with pytest.raises(RegisterError) as error:
        read_register(tmp_path)
    assert error.value.sentences[0].startswith(said)


def test_semicolons_and_rows_of_blanks_below_make_no_difference(tmp_path):
    before = register_of(worlds.register_frames())
    write_register(tmp_path, before)
    path = tmp_path / "trusts.csv"
    path.write_text(path.read_text().replace(",", ";") + ";;;;\n;;;;\n")
    assert read_register(tmp_path).trusts.equals(before.trusts)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"beds": 90}, "wards.csv row 2, beds: “90” is not allowed. Use at most 60."),
        ({"intended_sex": "x"}, "wards.csv row 2, intended_sex: “x” is not allowed. Use one of "),
        ({"ward_name": "x" * 61}, f"wards.csv row 2, ward_name: “{'x' * 61}” is not allowed. Use "),
        ({"ward_code": "a b"}, "wards.csv row 2, ward_code: “a b” is not allowed. It does not"),
        ({"trust_code": "Z09"}, "wards.csv names trust Z09, which is not in trusts.csv."),
        ({"valid_to": date(2018, 1, 1)}, "wards.csv row 2: valid_to is before valid_from."),
        ({"ward_name": None}, "wards.csv row 2, ward_name: this is blank, but it is required."),
        (
            {"successor_ward_code": "A1", "successor_trust_code": "Z01"},
            "Ward Z01-A1 leads back to itself: correct its successors.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(changes, said):
    wards = [worlds.ward_row("Z01", "A1", **changes)]
    found = problems_of(register([worlds.trust_row("Z01")], wards))
    assert any(sentence.startswith(said) for sentence in found), found


def test_a_person_cannot_be_given_a_trust_that_is_not_there():
    frames = worlds.register_frames()
    frames["access"] = frames["access"].with_columns(trusts=pl.lit("Z01 Z77"))
    assert any("the trust Z77" in sentence for sentence in problems_of(register_of(frames)))


def test_wards_open_in_a_month_are_those_the_register_describes_for_it():
    wards = [
        worlds.ward_row("Z01", "OPEN"),
        worlds.ward_row("Z01", "SHUT", open_to=date(2026, 2, 28)),
        worlds.ward_row("Z01", "LASTDAY", open_to=date(2026, 3, 1)),
        worlds.ward_row("Z01", "LATER", open_from=date(2026, 4, 1)),
        worlds.ward_row("Z01", "GROWN", beds=10, valid_to=date(2026, 3, 14)),
        worlds.ward_row("Z01", "GROWN", beds=20, valid_from=date(2026, 3, 15)),
    ]
    found = register([worlds.trust_row("Z01")], wards).wards_open("Z01", SPRING)
    assert found["ward_code"].to_list() == ["GROWN", "LASTDAY", "OPEN"]
    assert found["beds"][0] == 20  # the later description of the month


def test_a_trust_exists_in_the_months_it_is_valid_for():
    known = register([worlds.trust_row("Z01", valid_to=date(2026, 2, 28))], [])
    assert known.trust("Z01", Month(2026, 2))["trust_name"] == "Tiny trust Z01"
    assert known.trust("Z01", SPRING) is None
    assert known.trust("Z02", SPRING) is None


def merged():
    trusts = [
        worlds.trust_row("Z01", valid_to=date(2026, 1, 31), successor_code="Z02"),
        worlds.trust_row("Z02", valid_to=date(2026, 3, 31), successor_code="Z03"),
        worlds.trust_row("Z03"),
    ]
    wards = [
        worlds.ward_row("Z01", "A1", valid_to=date(2026, 1, 31)),
        worlds.ward_row("Z01", "B1", valid_to=date(2026, 1, 31)),
        worlds.ward_row("Z02", "A1", valid_from=date(2026, 2, 1)),
        worlds.ward_row("Z02", "C1", valid_to=date(2026, 2, 1), successor_ward_code="A1"),
    ]
    return register(trusts, wards)


def test_a_chain_of_mergers_leads_to_the_trust_of_the_day():
    assert current_trusts(merged()) == {"Z01": "Z03", "Z02": "Z03", "Z03": "Z03"}
    assert current_trusts(merged(), date(2026, 2, 15))["Z01"] == "Z02"
    assert current_trusts(merged(), date(2026, 1, 15))["Z01"] == "Z01"


def test_wards_follow_their_trust_where_the_new_trust_has_them():
    found = {row[0]: row[1:] for row in current_wards(merged(), date(2026, 2, 15)).iter_rows()}
    assert found == {
        "Z01-A1": ("Z02-A1", "Z02"),
        "Z01-B1": ("Z01-B1", "Z02"),  # kept its name: the new trust holds no such ward
        "Z02-A1": ("Z02-A1", "Z02"),
        "Z02-C1": ("Z02-C1", "Z02"),
    }


def test_a_ward_that_joined_another_becomes_it():
    wards = [
        worlds.ward_row("Z01", "A1"),
        worlds.ward_row(
            "Z01",
            "B1",
            valid_to=date(2026, 1, 31),
            successor_trust_code="Z01",
            successor_ward_code="A1",
        ),
    ]
    found = current_wards(register([worlds.trust_row("Z01")], wards), SPRING.first_day)
    assert found["current_ward_id"].to_list() == ["Z01-A1", "Z01-A1"]


def test_a_folder_without_the_list_of_trusts_leaves_it_as_it_was(tmp_path):
    before = register_of(worlds.register_frames())
    write_register(tmp_path, before)
    (tmp_path / "invitations.csv").unlink()
    assert read_register(tmp_path, otherwise=before).invitations.equals(before.invitations)
    assert read_register(tmp_path).invitations.is_empty()


def test_a_register_without_a_list_of_trusts_is_kept_as_earlier_versions_kept_it():
    before = register_of(worlds.register_frames())
    assert "invitations.csv" in kept_files(before)
    without = register_of({**worlds.register_frames(), "invitations": before.invitations.clear()})
    assert list(kept_files(without)) == [
        f"{name}.csv" for name in ("trusts", "wards", "access", "standards", "questions")
    ]


def test_what_is_wrong_with_items_is_told_and_columns_nobody_uses_are_not_kept():
    rows = [
        scene.question("staff_confident", "Overall."),
        scene.question("a", "Talk.", item_of="staff_confident"),
        scene.question("b", "talk.", item_of="staff_confident"),
        scene.question("c", "x" * 400, item_of="nothing"),
        scene.question("a", "Talk to.", item_of="staff_confident", valid_from=date(2026, 3, 1)),
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    told = problems_of(register_of({**worlds.register_frames(), "questions": frame}))
    assert told == [
        "questions.csv: a has two rows for 1 March 2026. End the first (valid_to) before the "
        "second begins.",
        "questions.csv: a and b have the same words. Give each item words of its own, or it can't "
        "be told apart in a return.",
        "questions.csv: c is an item of nothing, which is not in the file.",
        "questions.csv: c has 413 characters. An item can have at most 300.",
    ]
    used = register_of({**worlds.register_frames(), "questions": frame})
    unused = register_of({**worlds.register_frames(), "questions": frame[:1].drop("item_of")})
    header = [kept_files(each)["questions.csv"].splitlines()[0] for each in (used, unused)]
    earlier = b"question_id,asked_of,text,answers,counts_as_safe,is_placeholder"
    assert header == [earlier + b",item_of,valid_from", earlier]
    assert register_table.parsed("questions", kept_files(unused)["questions.csv"].decode())[
        0
    ].equals(unused.questions)


def test_what_is_wrong_with_the_list_of_trusts_is_told_by_row():
    rows = [
        worlds.invitation_row("Z08", region_code="London"),
        worlds.invitation_row("Z08"),
        worlds.invitation_row("Z09", valid_to=date(2018, 1, 1)),
    ]
    told = problems_of(register_of({**worlds.register_frames(), "invitations": pl.DataFrame(rows)}))
    twice = "another row has the same trust_code."
    assert told[:2] == [f"invitations.csv row {row}: {twice}" for row in (2, 3)]
    assert told[2].startswith("invitations.csv row 2, region_code: “London” is not allowed. Use")
    assert len(told) == 3
    rows = [worlds.invitation_row("Z09", valid_to=date(2018, 1, 1))]
    backwards = register_of({**worlds.register_frames(), "invitations": pl.DataFrame(rows)})
    assert problems_of(backwards) == ["invitations.csv row 2: valid_to is before valid_from."]
