"""Whatever is in a cell, it is either read or explained."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pipelines.checking.parse import LARGEST_COUNT, parse
from pipelines.checking.rules.personal_text import personal
from pipelines.reading.text_sheets import Cell
from schemas.returns import SHEETS, columns_of

COLUMNS = [column for sheet in SHEETS for column in columns_of(sheet).values()]
KINDS = st.sampled_from(["text", "number", "date", "percent", "boolean", "error", "blank"])
LIKELY = st.from_regex(r"[-+<'#A-Za-z0-9 .,/%:OlI]{0,24}", fullmatch=True)
TEXT = st.text(max_size=40) | LIKELY | st.text("0123456789", min_size=1, max_size=6000)


@given(st.sampled_from(COLUMNS), TEXT, KINDS)
def test_any_text_is_read_or_explained(column, text, kind):
    parsed = parse(Cell(1, 1, text, kind), column, {})
    assert parsed.finding is None or (parsed.finding.message and parsed.finding.fix)
    assert not (parsed.unreadable and parsed.value is not None)
    if column.kind == "count" and parsed.value is not None:
        assert 0 <= parsed.value <= LARGEST_COUNT


@given(
    st.integers(0, LARGEST_COUNT),
    st.sampled_from(["{}", " {} ", "'{}", "{}.0", "{:,}", "\u00a0{}"]),
)
def test_a_count_is_read_as_it_was_meant(number, written):
    column = columns_of("monthly")["occupied_bed_days"]
    assert parse(Cell(1, 1, written.format(number)), column, {}).value == number


@given(
    st.dates(date(1950, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%A %d %B %Y"]),
)
def test_a_day_is_read_as_it_was_meant(day, written):
    column = columns_of("charter")["agreed_on"]
    assert parse(Cell(1, 1, day.strftime(written)), column, {}).value == day


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%Y-%m", "%b %Y", "%B %Y", "%b-%y", "%m/%Y", "%Y/%m", "%b %y", "1/%m/%Y"]),
)
def test_a_month_is_read_as_it_was_meant(day, written):
    column = columns_of("monthly")["period"]
    assert parse(Cell(1, 1, day.strftime(written)), column, {}).value == day.replace(day=1)


@given(st.text(max_size=80) | LIKELY)
def test_any_text_can_be_asked_whether_it_names_somebody(text):
    assert personal(text, date(2026, 4, 9)) in (
        None,
        "a person's name",
        "an NHS number",
        "a telephone number",
        "a date of birth",
        "an e-mail address",
    )
