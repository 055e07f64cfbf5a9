"""Sentences about staff confidence by item say what the counts show, and no more."""

from datetime import date

import pytest

from dashboard.words import confidence as words

LEAST = 5


def item(before, after, text="Talk", **changes):
    """A row of `queries.confidence.items`; before and after are (confident, answered)."""
    row = {
        "question_id": "talk",
        "text": text,
        "before_confident": before[0],
        "before_answered": before[1],
        "after_confident": after[0],
        "after_answered": after[1],
        "confident": after[0],
        "answered": after[1],
        "first": date(2026, 1, 1),
        "last": date(2026, 3, 1),
    }
    return row | changes


CLEAR, OTHER, NOISE = (
    item((12, 40), (30, 40)),
    item((39, 40), (25, 40), "Ask"),
    item((5, 9), (6, 9)),
)


ASKED = "asked before and after a session"
NOTHING = "No item has enough answers both before and after a session in the last 12 months."


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [CLEAR],
            f"Of 1 item {ASKED}, 1 differs by more than chance would explain. It is “Talk”: 30% "
            "before, 75% after.",
        ),
        (
            [CLEAR, OTHER, NOISE],
            f"Of 3 items {ASKED}, 2 differ by more than chance would explain. The largest "
            "difference is in “Talk”: 30% before, 75% after.",
        ),
        ([NOISE], f"Of 1 item {ASKED}, none differs by more than chance could explain."),
        ([item((1, 4), (4, 4)), item((None, None), (4, 9))], NOTHING),
        ([], NOTHING),
    ],
)
def test_the_sentence_names_what_changed_most_only_if_chance_is_unlikely(rows, told):
    assert words.sentence(rows, LEAST) == told


def test_a_row_has_shares_counts_and_ranges_or_words_in_their_place():
    unasked = item((None, None), (0, 9), text=None, question_id="x")
    clear, few, never = words.rows([CLEAR, item((1, 4), (4, 4)), unasked], LEAST)
    assert clear["before"] == "30% (18% to 45%), 12 of 40"
    assert clear["all"] == "75%, 30 of 40"
    assert clear["apart"] == "+45 points (from +23 to +61)"
    assert clear["when"] == "January 2026 to March 2026"
    assert few["before"] == few["after"] == few["all"] == "Too few people for a percentage"
    assert (never["item"], never["before"], never["apart"]) == (
        "x",
        "Not asked",
        "Can’t be compared",
    )
    assert never["after"].startswith("0% (0% to ")
    fell = words.rows([OTHER], LEAST)[0]["apart"]
    assert fell == "−35 points (from −51 to −18)"
