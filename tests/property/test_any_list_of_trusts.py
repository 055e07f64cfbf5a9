"""Any list of trusts, or of what surveys say, is read exactly or refused in a sentence."""

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipelines.registers.files import as_csv, register_from
from pipelines.registers.register import RegisterError, register_of
from schemas.vocabularies import REGIONS
from tests import worlds

REGISTER = register_of(worlds.register_frames(), version=1)
NAME = "invitations.csv"
NAMES = (NAME, "yardsticks.csv")
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
ROW = st.fixed_dictionaries(
    {
        "trust_name": st.text("abc ,;\"'éß-", min_size=1, max_size=80).map(
            lambda text: text.strip() or "A"
        ),
        "region_code": st.sampled_from(list(REGIONS)),
        "valid_from": DAYS,
        "invited": st.none() | DAYS,
    }
)
LISTS = st.dictionaries(st.integers(1, 99).map("Z{:02}".format), ROW, max_size=20)


@given(sent=LISTS, lasts=st.booleans())
def test_a_list_is_read_as_it_was_written(sent, lasts):
    rows = [
        {"trust_code": code, **row, "valid_to": row["valid_from"] if lasts else None}
        for code, row in sent.items()
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None) if rows else REGISTER.invitations.clear()
    listed = register_of({**worlds.register_frames(), "invitations": frame})
    read = register_from({NAME: as_csv(listed)[NAME]}, [], otherwise=REGISTER)
    assert read.invitations.equals(listed.invitations)
    assert read.trusts.equals(REGISTER.trusts)


@given(content=st.binary(max_size=300), name=st.sampled_from(NAMES))
def test_any_bytes_are_a_list_or_refused_in_sentences(content, name):
    assert told(content, name)
    assert all(sentence.startswith(name) for sentence in told(content, name))


@given(cells=st.lists(st.text(max_size=30), min_size=9, max_size=9), name=st.sampled_from(NAMES))
def test_any_row_is_read_or_refused_in_sentences(cells, name):
    headings = as_csv(REGISTER)[name]
    columns = headings.splitlines()[0].count(b",") + 1
    row = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells[:columns])
    found = told(headings + row.encode("utf-8", "replace"), name)
    assert found
    assert all(sentence.startswith(name) for sentence in found)


def told(content, name):
    """What is said of a file: the sentences that refuse it, or that it can be used."""
    try:
        read = register_from({name: content}, [], otherwise=REGISTER)
    except RegisterError as refused:
        return refused.sentences
    return [f"{name} can be used: {getattr(read, name.removesuffix('.csv')).height}"]
