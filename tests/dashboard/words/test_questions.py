"""What to ask next: each question because of something that stands out, and none without it."""

import polars as pl
import pytest

from dashboard.words import questions
from dashboard.words.questions import Known, to_ask

SIGNALS = {
    "short_name": pl.String, "topic": pl.String, "variation": pl.String, "few_wards": pl.Boolean,
    "wards": pl.Int64, "wards_expected": pl.Int64,
}  # fmt: skip
CHANGED = dict.fromkeys(
    ("unit_id", "ward_name", "trust_code", "trust_name", "variation"), pl.String
)
USUAL = ("Patients feel safe", "feeling_safe", "common", False, 9, 9)


def known(signals=(USUAL,), changed=(), missing=0) -> Known:
    return Known(
        pl.DataFrame(list(signals), schema=SIGNALS, orient="row"),
        pl.DataFrame(list(changed), schema=CHANGED, orient="row"),
        missing,
    )


def test_where_nothing_stands_out_it_says_so() -> None:
    assert to_ask(known()) == (questions.NOTHING_STANDS_OUT,)
    unjudged = ("Staff feel safe", "feeling_safe", None, False, 3, 3)
    assert to_ask(known([unjudged])) == (questions.NOTHING_STANDS_OUT,)


@pytest.mark.parametrize(
    ("signal", "asked"),
    [
        (
            ("Staff feel safe", "feeling_safe", "concern_low", False, 9, 9),
            "Staff feel safe stands out as a concern. What changed at that time, and who is doing "
            "what about it?",
        ),
        (
            ("Sexual assault", "incidents", "neutral_high", False, 9, 9),
            "Sexual assault: higher than usual. Is more happening, or is more being reported?",
        ),
        (
            ("Sexual assault", "incidents", "neutral_low", False, 9, 9),
            "Sexual assault: lower than usual. Is less happening, or is less being reported?",
        ),
        (
            ("Staff trained", "practice", None, True, 2, 9),
            "Staff trained is based on only 2 of 9 wards. What would help the others to send?",
        ),
    ],
)
def test_a_measure_is_asked_about_by_what_it_shows(signal, asked) -> None:
    assert to_ask(known([USUAL, signal])) == (asked,)


def test_wards_that_changed_are_named_once_with_their_trust_if_there_are_several() -> None:
    worse = ("Z01-A", "Alder", "Z01", "North", "concern_low")
    better = ("Z02-B", "Birch", "Z02", "South", "improvement_high")
    one, other = to_ask(known(changed=[worse, worse, better]))
    assert one.startswith("Alder (North) got worse. Who has asked this ward what happened")
    assert other == "Birch (South) improved. What did it do, and who could learn from it?"
    (alone,) = to_ask(known(changed=[worse]))
    assert alone.startswith("Alder got worse.")


def test_returns_that_are_missing_are_asked_for() -> None:
    assert to_ask(known(missing=1)) == (
        "1 return is missing. What would help to send what is due?",
    )
    assert to_ask(known(missing=12))[0].startswith("12 returns are missing.")
