from datetime import date

import polars as pl

from dashboard.screens.tests_of_change import library


def tried(*ideas):
    about = [(idea, date(2025, month, 1), str(month)) for month, idea in enumerate(ideas, start=1)]
    return pl.DataFrame(about, ["idea", "starts", "test_id"], orient="row")


def test_the_same_idea_stands_together_the_most_tried_first():
    found = library.grouped(tried("Card", "Huddle", "A pod", "huddle", "HUDDLE ", "card"))
    assert found["test_id"].to_list() == ["5", "4", "2", "6", "1", "3"]


def test_the_caption_counts_ideas_and_times():
    assert library.caption("Charter", tried("Card")) == "Charter: 1 idea, tried once"
    both = tried("Card", "card", "Pod")
    assert library.caption("Charter", both) == "Charter: 2 ideas, tried 3 times"
