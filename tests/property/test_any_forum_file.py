"""Any CSV file about a learning forum is read exactly or refused in a sentence; nothing is lost."""

import csv
from collections import Counter
from datetime import date
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from pipelines.learning.attendance_file import read_attendance
from pipelines.learning.evaluation_file import read_evaluation
from pipelines.learning.forums_file import read_forums
from pipelines.reading.tidy_cells import Unusable
from pipelines.registers.register import register_of
from schemas.forums import GROUPS, SCALES
from tests import worlds

TODAY = date(2026, 3, 20)
REGISTER = register_of(worlds.register_frames())
UNITS = [(trust, ward) for trust, wards in worlds.WARDS.items() for ward in ("", *wards)]
COUNTS = st.one_of(st.none(), st.integers(0, 9999))
SHAPES = st.tuples(
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)


def as_bytes(shape, rows):
    separator, end, encoding = shape
    out = StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


@given(shape=SHAPES, sent=st.dictionaries(st.sampled_from(UNITS), st.tuples(*[COUNTS] * 3)))
def test_every_count_is_read_as_it_was_sent_and_a_blank_is_no_count(shape, sent):
    kept = {unit: counts for unit, counts in sent.items() if counts != (None,) * 3}
    rows = [(*unit, *("" if n is None else n for n in counts)) for unit, counts in kept.items()]
    content = as_bytes(shape, [("trust_code", "ward_code", *GROUPS), *rows])
    if not kept:
        return
    found, _ = read_attendance("came.csv", content, REGISTER)
    assert set(found.rows()) == {
        (trust, ward or None, group, number)
        for (trust, ward), counts in kept.items()
        for group, number in zip(GROUPS, counts, strict=True)
        if number is not None
    }


@given(
    shape=SHAPES,
    scale=st.sampled_from(list(SCALES)),
    places=st.lists(st.integers(0, 5), min_size=1, max_size=30),
    others=st.lists(st.sampled_from(["", "a huddle", "naïve; “quoted”", "1,5"]), max_size=30),
)
def test_every_answer_is_counted_once_and_a_blank_never(shape, scale, places, others):
    comments = (others + [""] * 30)[: len(places)]
    texts = ["" if place == 0 else SCALES[scale][place - 1] for place in places]
    rows = [("Useful?", "And now?"), *zip(texts, comments, strict=True)]
    said, expected = Counter(filter(None, places)), Counter(filter(None, comments))
    if not said and not expected:
        return
    found, _ = read_evaluation("form.csv", as_bytes(shape, rows), REGISTER, TODAY)
    scaled, own = found.filter(question=1), found.filter(question=2)
    assert dict(scaled.select("place", "people").rows()) == said
    assert dict(own.select("answer", "people").rows()) == expected


@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
        st.builds(
            as_bytes, SHAPES, st.lists(st.lists(st.text(max_size=8), max_size=4), max_size=5)
        ),
    )
)
def test_anything_else_is_refused_in_sentences(content):
    for read in (
        lambda: read_attendance("file.csv", content, REGISTER),
        lambda: read_evaluation("file.csv", content, REGISTER, TODAY),
        lambda: read_forums("file.csv", content),
    ):
        assert sentence_of(read).endswith(".")


def sentence_of(read):
    """What a reader says of a file that it refuses."""
    try:
        read()
    except Unusable as refused:
        return str(refused).strip()
    return "It can be used."
