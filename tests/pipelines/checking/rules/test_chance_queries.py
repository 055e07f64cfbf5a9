"""The thresholds of queries: what they let through, and how many chance alone raises."""

import re
from math import sqrt
from pathlib import Path

import polars as pl
import pytest

from pipelines.checking.check import check
from pipelines.checking.rules import against_past
from tests.benchmark_scripts import script
from tests.returns import scene
from tests.returns.cases import last_months
from tests.returns.scene import with_figures

ROOT = Path(__file__).parents[4]
DOCUMENT = (ROOT / "docs" / "false-alarms.md").read_text(encoding="utf-8")
YEARS, SEED = 100, 7


CHANCE = script("chance_queries")


@pytest.fixture(scope="module")
def found() -> dict[str, float]:
    """Queries a year of other, fewer trusts than in the document."""
    return CHANCE.queries(YEARS, SEED)


@pytest.mark.parametrize("code", CHANCE.CODES)
def test_the_rates_in_the_document_can_be_reproduced(code: str, found: dict[str, float]) -> None:
    row = re.search(rf"^\| {code} \|.* \| ([\d.]+) \| ([\d.]+) \|$", DOCUMENT, re.M)
    assert row is not None
    a_year, a_month = map(float, row.groups())
    noise = sqrt(max(a_year, 0.01) * (1 / YEARS + 1 / CHANCE.YEARS))
    assert abs(found[code] - a_year) < 5 * noise + 0.005  # queries come in clusters, by ward
    assert a_month == pytest.approx(a_year / CHANCE.WARDS / 12 * CHANCE.PROGRAMME_WARDS, abs=0.06)


def test_a_rare_change_is_asked_about_less_than_once_in_two_years(found: dict[str, float]) -> None:
    assert 0 < found["W03"] < 0.5


@pytest.mark.parametrize(("before", "of"), [(4, 4), (5, 5), (7, 8), (11, 12), (13, 14)])
def test_patients_feeling_safe_falling_from_92_to_42_percent_is_asked(before: int, of: int) -> None:
    history = last_months(6, pt_answered=of, pt_safe=before)["history"]
    six_months = history.filter(pl.col("month") >= (scene.MONTH + -6).first_day)
    content = with_figures(pt_answered=12, pt_safe=5)
    checked = check(content, "return.xlsx", scene.context(history=six_months))
    asked = [p for p in checked.problems if p.code == "W03" and p.column == "pt_safe"]
    assert len(asked) == 1


def test_47_answers_are_enough_to_ask_about_half_as_many_who_feel_safe() -> None:
    chance = against_past.same_proportion(5, 12, 43, 47)
    assert 0.001 < chance < against_past.RARE
