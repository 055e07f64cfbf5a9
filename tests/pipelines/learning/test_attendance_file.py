"""Who came, from a CSV file: codes of the register, whole numbers, and blank is never 0."""

import pytest

from pipelines.learning.attendance_file import read_attendance
from pipelines.reading.tidy_cells import Unusable
from pipelines.registers.register import register_of
from tests import worlds

REGISTER = register_of(worlds.register_frames())


def read(text):
    return read_attendance("came.csv", text.encode(), REGISTER)


def refused(text):
    with pytest.raises(Unusable) as error:
        read(text)
    return str(error.value)


def test_blank_is_not_counted_and_0_is_nobody():
    found, notes = read("trust_code,ward_code,staff,lived_experience,carers\nZ01,ALDER1,3,0,\n")
    assert notes == ()
    assert found.rows() == [
        ("Z01", "ALDER1", "staff", 3),
        ("Z01", "ALDER1", "lived_experience", 0),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffTrust;Ward;Staff\nz01;Z01-ALDER1;3\n",
        "trust code\tWARD\tstaff\nZ01\talder1\t3\n",
        "staff,ward_code,trust\n3,ALDER1,Z01\n,,\n",
    ],
)
def test_titles_names_case_and_separators_do_not_matter(text):
    found, _ = read(text)
    assert found.rows() == [("Z01", "ALDER1", "staff", 3)]


def test_people_whose_ward_is_not_known_are_the_trusts():
    found, _ = read("trust,ward,People with lived experience\nZ01,,2\nZ01,ALDER1,1\n")
    assert found["ward_code"].to_list() == [None, "ALDER1"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("trust,staff,colour\nZ01,3,red\n", "came.csv has a column “colour”, which has no place"),
        ("ward,staff\nALDER1,3\n", "came.csv has no column trust_code"),
        ("trust,ward\nZ01,ALDER1\n", "came.csv counts nobody"),
        ("trust,Trust code,staff\nZ01,Z01,3\n", "came.csv has two columns for trust_code"),
        ("trust,staff\n", "came.csv has no row under its headings"),
        ("", "came.csv can't be read"),
        ("trust,staff\nZ99,3\n", "Row 2: there is no trust Z99 in the register"),
        ("trust,ward,staff\nZ01,ELDER1,3\n", "Row 2: there is no ward ELDER1 of Z01"),
        ("trust,staff\n,3\n", "Row 2: there is no trust: write its code"),
        ("trust,staff\nZ01,3.5\n", "Row 2: staff is not a whole number from 0 to 9,999"),
        ("trust,staff\nZ01,-1\n", "Row 2: staff is not a whole number"),
        ("trust,staff\nZ01,<5\n", "Row 2: staff is not a whole number"),
        ("trust,staff\nZ01,10000\n", "Row 2: staff is not a whole number"),
        ("trust,staff,carers\nZ01,,\nZ02,1,1\n", "Row 2: there is no number"),
        ("trust,staff\nZ01,3\nz01,4\n", "Row 3: Z01 without a ward is in row 2 too"),
        ("trust,staff\nZ01,3,4\n", "Row 2 has 3 values and the header 2"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(text, sentence):
    assert sentence in refused(text)


def test_every_row_that_is_wrong_is_named_at_once():
    assert len(refused("trust,staff\nZ99,3\nZ01,x\nZ98,y\n").splitlines()) == 4
