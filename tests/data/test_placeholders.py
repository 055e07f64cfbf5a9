"""The national Standards and the survey's wording are the programme's to fill in, and say so."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.registers.register_table import parsed
from schemas.register import REGISTER_FILES
from schemas.tables.kinds import FOUNDATIONS

DATA = Path(__file__).parents[2] / "data"


def loaded(name: str, path: Path) -> pl.DataFrame:
    found, wrong = parsed(name, path.read_text(encoding="utf-8"))
    assert wrong == []
    assert found.height > 0
    return REGISTER_FILES[name].validate(found)


@pytest.fixture(scope="module")
def standards() -> pl.DataFrame:
    return loaded("standards", DATA / "standards" / "sexual_safety_placeholder.csv")


@pytest.fixture(scope="module")
def questions() -> pl.DataFrame:
    return loaded("questions", DATA / "questions" / "questions_placeholder.csv")


def test_group_names_are_the_four_foundations_and_nothing_else(standards):
    groups = dict(standards.select("group_id", "group_title").unique().iter_rows())
    assert groups == FOUNDATIONS


def test_every_statement_says_that_it_is_a_placeholder(standards):
    assert standards["is_placeholder"].all()
    assert standards["short_text"].str.starts_with("Placeholder").all()
    assert (
        standards["short_text"].str.contains("to be replaced with the text of the Standards").all()
    )


def test_the_demo_says_of_each_standard_for_trusts_that_it_is_a_placeholder():
    of_trusts = loaded("standards", DATA / "demo_story" / "trust_standards.csv")
    assert of_trusts["is_placeholder"].all()
    assert of_trusts["set_title"].str.contains("placeholder").all()
    assert of_trusts["short_text"].str.starts_with("Placeholder").all()
    assert set(of_trusts["applies_to"]) == {"trust"}


def test_every_question_says_that_it_is_a_placeholder(questions):
    assert questions["is_placeholder"].all()
    assert questions["text"].str.starts_with("Placeholder wording").all()


def test_the_answers_that_count_are_among_those_offered(questions):
    for offered, counted in questions.select("answers", "counts_as_safe").iter_rows():
        assert set(counted.split("; ")) < set(offered.split("; "))
