"""The library of change ideas: which were tried, where, and with what outcome."""

import polars as pl
import streamlit as st

from dashboard.page import filters
from dashboard.words import change_tests as words
from schemas import wording
from schemas.tables.kinds import FOUNDATIONS

_LONGEST = 80
_TEXTS = ["idea", "prediction", "happened", "ward_name", "trust_name"]
# An idea by its name, however it is spaced and whatever its capitals.
_SAME = pl.col("idea").str.to_lowercase().str.strip_chars().str.replace_all(r"\s+", " ")


def choose(log: pl.DataFrame) -> pl.DataFrame:
    """The tests that a person has chosen by words, foundation and outcome."""
    first, second, third = st.columns(3)
    typed = first.text_input("Search for", key="idea", max_chars=_LONGEST).casefold().split()
    foundation = filters.one(second, "Foundation", "foundation", FOUNDATIONS)
    state = filters.one(third, "Outcome", "outcome", words.STATES)
    text = pl.concat_str(_TEXTS, separator=" ", ignore_nulls=True).str.to_lowercase()
    wanted = [text.str.contains(word, literal=True) for word in typed]
    if foundation:
        wanted.append(pl.col("foundation") == foundation)
    if state:
        wanted.append(pl.col("state") == state)
    return log.filter(wanted) if wanted else log


def grouped(tests: pl.DataFrame) -> pl.DataFrame:
    """The tests with the same ideas together, the most tried first."""
    times = pl.len().over(_SAME)
    return tests.sort(times, _SAME, "starts", "test_id", descending=[True, False, True, False])


def caption(foundation: str, tests: pl.DataFrame) -> str:
    """What the table of a foundation holds: how many ideas, tried how often."""
    ideas = tests.select(_SAME.n_unique()).item()
    times = "once" if tests.height == 1 else wording.counted(tests.height, "time")
    return f"{foundation}: {wording.counted(ideas, 'idea')}, tried {times}"
