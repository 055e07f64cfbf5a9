"""What people said: counted for each question, without names, whatever the file's shape."""

import csv
from datetime import date
from io import StringIO

import polars as pl
import pytest

from pipelines.learning.evaluation_file import read_evaluation
from pipelines.reading.tidy_cells import Unusable
from pipelines.registers.register import register_of
from tests import worlds

TODAY = date(2026, 3, 20)
REGISTER = register_of(worlds.register_frames())
USEFUL, SURE, WORDS = "It was useful", "How sure are you? 1 to 5", "What will you try?"


def as_csv(header, *rows, separator=","):
    out = StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows([header, *rows])
    return out.getvalue()


def read(text):
    content = text if isinstance(text, bytes) else text.encode()
    return read_evaluation("form.csv", content, REGISTER, TODAY)


def refused(*rows):
    with pytest.raises(Unusable) as error:
        read(as_csv(*rows))
    return str(error.value)


def test_answers_are_counted_for_each_question_in_its_words():
    answers, notes = read(
        as_csv(
            (USEFUL, SURE, WORDS),
            ("Agree", "4", "A huddle, every morning"),
            ("strongly  AGREE", "4", ""),
            ("Agree", "", "A huddle, every morning"),
        )
    )
    assert notes == ()
    assert answers.rows() == [
        (1, USEFUL, "agreement", 4, "Agree", 2),
        (1, USEFUL, "agreement", 5, "Strongly agree", 1),
        (2, SURE, "numbers", 4, "4", 2),
        (3, WORDS, "comment", None, "A huddle, every morning", 2),
    ]


def test_nothing_says_which_answers_came_from_one_person():
    one = as_csv((USEFUL, WORDS), ("Agree", "Alone"), ("Disagree", "Together"))
    other = as_csv((USEFUL, WORDS), ("Disagree", "Alone"), ("Agree", "Together"))
    assert read(one)[0].equals(read(other)[0])


@pytest.mark.parametrize(
    "written",
    [
        as_csv((USEFUL, SURE), ("Agree", "3")),
        "\ufeff" + as_csv((USEFUL, SURE), ("Agree", "3")),
        as_csv((USEFUL, SURE), ("Agree", "3"), separator=";"),
        as_csv((USEFUL, SURE), ("Agree", "3"), separator="\t"),
        "sep=;\r\n" + as_csv((USEFUL, SURE), ("Agree", "3"), separator=";"),
        as_csv((USEFUL, SURE, ""), ("Agree", "3", ""), ("", "", "")),
        as_csv((USEFUL, SURE), ("Agree", "3")).encode("utf-16"),
    ],
    ids=["plain", "byte order mark", "semicolons", "tabs", "sep=", "empty column", "utf-16"],
)
def test_a_file_is_read_however_a_program_writes_it(written):
    answers, _ = read(written)
    assert answers["answer"].to_list() == ["Agree", "3"]


def test_what_the_form_tool_adds_is_left_out_and_named():
    answers, notes = read(
        as_csv(("ID", "Start time", "Email", USEFUL), ("1", "09:00", "anonymous", "Agree"))
    )
    assert answers["text"].unique().to_list() == [USEFUL]
    assert notes == (
        "Column “ID” was left out: the form tool added it.",
        "Column “Start time” was left out: the form tool added it.",
    )


@pytest.mark.parametrize("heading", ["Name", "Email address", "IP Address", "your_name"])
def test_a_file_that_says_who_answered_is_refused(heading):
    said = refused((heading, USEFUL), ("somebody", "Agree"))
    assert said == (
        f"Column “{heading}” says who answered: delete it from the file. Evaluations are without "
        "names."
    )


@pytest.mark.parametrize("heading", ["Trust", "Your organisation", "ward"])
def test_a_file_that_says_where_people_work_is_refused(heading):
    assert f"Column “{heading}” says where people work" in refused(
        (heading, USEFUL), ("Z01", "Agree")
    )


@pytest.mark.parametrize(
    "comment",
    [
        "Sarah Jones was a great speaker",
        "Ring me on 07700 900123",
        "write to someone@trust.example",
        "Dr Patel said it best",
    ],
)
def test_a_comment_that_identifies_someone_is_left_out_and_counted(comment):
    answers, notes = read(as_csv((USEFUL, WORDS), ("Agree", comment), ("Agree", "A huddle")))
    assert answers.filter(scale="comment")["answer"].to_list() == ["A huddle"]
    assert len(notes) == 1
    assert notes[0].startswith("1 answer to “What will you try?” was left out: it seems to include")
    assert comment not in notes[0]


def test_the_name_of_a_ward_is_no_persons_name():
    frames = worlds.register_frames(
        wards=pl.DataFrame([worlds.ward_row("Z01", "SARAH1", ward_name="Sarah Ward")])
    )
    content = as_csv((USEFUL, WORDS), ("Agree", "Sarah Ward has a huddle")).encode()
    answers, notes = read_evaluation("form.csv", content, register_of(frames), TODAY)
    assert notes == ()
    assert "Sarah Ward has a huddle" in answers["answer"].to_list()


def test_an_answer_off_its_scale_is_named_by_its_row_and_never_quoted():
    said = refused((USEFUL,), ("Agree",), ("Disagree",), ("Agre",))
    assert said == (
        "Question 1 is answered with Strongly disagree, Disagree, Neither agree nor disagree, "
        "Agree or Strongly agree, but not in row 4: correct those, or leave them blank."
    )


def test_numbers_from_0_to_10_are_no_scale_of_1_to_5():
    assert "answered with 1, 2, 3, 4 or 5, but not in row 3" in refused((SURE,), ("4",), ("9",))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (((USEFUL, "it was  USEFUL"), ("Agree", "Agree")), "is there twice: reword or delete one"),
        (((USEFUL, ""), ("Agree", "Yes")), "Row 2 has 2 values and the header 1"),
        (((USEFUL,),), "has no row under its headings"),
        (((USEFUL,), ("",)), "has no row under its headings"),
        ((("ID",), ("1",)), "has no question"),
        ((("What did you think of Sarah Jones?",), ("Good",)), "Question 1 seems to include a"),
        (((WORDS,), ("x" * 4001,)), "has an answer of more than 4,000 characters"),
        (((WORDS,), ("Sarah Jones",)), "has no answer that can be kept"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(rows, sentence):
    assert sentence in refused(*rows)


def test_a_question_that_nobody_answered_is_named():
    answers, notes = read(as_csv((USEFUL, WORDS), ("Agree", "")))
    assert answers["question"].to_list() == [1]
    assert notes == ("Nobody answered “What will you try?”, so it was left out.",)
