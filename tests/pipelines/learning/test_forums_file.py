"""The list of forums, from a CSV file."""

from datetime import date

import pytest

from pipelines.learning.forums_file import read_forums
from pipelines.reading.tidy_cells import Unusable
from schemas.forums import Forum

HEADER = "forum,date,title,kind,materials,recording\n"


def test_a_list_is_read_by_the_names_and_words_that_people_use():
    text = "Code;Day;Theme;Type\nlf01;12/03/2026;Safety first;Learning set\n"
    assert read_forums("f.csv", text.encode()) == (
        [Forum(forum="LF01", day=date(2026, 3, 12), title="Safety first", kind="learning_set")],
        (),
    )


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("LF 01,2026-03-12,A,workshop,,", "Row 2: the code “LF 01” can't be used"),
        ("LF01,32/03/2026,A,workshop,,", "Row 2: the date “32/03/2026” can't be read"),
        ("LF01,2026-03-12,,workshop,,", "Row 2: the title must have 1 to 120 characters"),
        ("LF01,2026-03-12,A,party,,", "Row 2: the kind “party” is none of Learning forum,"),
        ("LF01,2026-03-12,A,workshop,http://a,", "Row 2: the link under materials must begin"),
        ("LF01,2026-03-12,A,workshop,,javascript:a", "Row 2: the link under recording must begin"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(row, sentence):
    with pytest.raises(Unusable) as error:
        read_forums("f.csv", (HEADER + row + "\n").encode())
    assert sentence in str(error.value)


def test_a_code_stands_for_one_forum():
    rows = "LF01,2026-03-12,A,workshop,,\nlf01,2026-04-12,B,workshop,,\n"
    with pytest.raises(Unusable, match="has the forum LF01 twice"):
        read_forums("f.csv", (HEADER + rows).encode())
