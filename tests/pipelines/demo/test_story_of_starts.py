"""Did it help? The story has a real effect, one of nothing, and one that can't be said."""

import polars as pl
import pytest

from pipelines.demo.cast import Size
from pipelines.demo.sheets import Clerk
from pipelines.demo.story import Story
from pipelines.effect.answer import Answer, answer
from pipelines.effect.terms import Terms
from pipelines.effect.told import told_by_month
from schemas.periods import Month
from schemas.vocabularies import CHARTER_IN_PLACE

LAST = Month(2026, 10)
_TYPES = {"adopted": pl.Date, "numerator": pl.Float64, "denominator": pl.Float64}


@pytest.fixture(scope="module")
def sent() -> dict[str, pl.DataFrame]:
    """What the wards of the whole demonstration send, a frame for each kind of row."""
    story = Story(Size(), LAST)
    found: dict[str, list[dict[str, object]]] = {"monthly": [], "charter": [], "events": []}
    for trust in story.trusts:
        clerk = Clerk(story, trust)
        for month in story.expected(trust):
            sheets = clerk.sheets(month, 1, [])
            for name, rows in found.items():
                about = {"period": story.month(month).first_day, "cluster": trust.code}
                rows += [{**row, **about} for row in sheets[name]]
    return {
        name: pl.DataFrame(rows, infer_schema_length=None, strict=False).with_columns(
            unit=pl.format("{}-{}", "cluster", "ward_code")
        )
        for name, rows in found.items()
    }


def answered(sent: dict[str, pl.DataFrame], starts: pl.DataFrame) -> Answer:
    began = starts.group_by("unit").agg(adopted=pl.col("period").min())
    safe = sent["monthly"].filter(pl.col("pt_answered") > 0).join(began, on="unit", how="left")
    figures = safe.select(
        "unit", "cluster", "period", "adopted", numerator="pt_safe", denominator="pt_answered"
    ).cast(_TYPES)
    told = told_by_month(figures)
    return answer(told, Terms(told.periods, "proportion", "ward", "trust"))


def of_events(sent: dict[str, pl.DataFrame], kind: str) -> Answer:
    return answered(sent, sent["events"].filter(pl.col("kind") == kind))


def test_more_patients_feel_safe_where_a_charter_is_in_place(sent):
    """The story adds to the share of patients who feel safe, from the month it is displayed."""
    there = pl.col("stage").is_in(CHARTER_IN_PLACE) & (pl.col("coproduced_patients") == "yes")
    found = answered(sent, sent["charter"].filter(there))
    assert found.content["effect"]["lower"] > 0
    assert found.sentences[0].startswith("Once wards had started, their figures were ")


def test_training_makes_no_difference_to_them(sent):
    """Nothing in the story depends on training."""
    effect = of_events(sent, "training").content["effect"]
    assert effect["lower"] < 0 < effect["upper"]


def test_of_building_work_nothing_can_be_said(sent):
    found = of_events(sent, "building")
    assert found.content["reason"] == "starters"
