"""When figures are queried against a ward's past, and when they are not."""

from typing import Any

import polars as pl
import pytest

from pipelines.checking.check import check
from tests.returns import scene
from tests.returns.cases import NONE_HAPPENED, charter, history_with, last_months, wards
from tests.returns.scene import COVER, MONTH, WARDS, figures, with_figures, workbook


def codes(content: bytes, **context: Any) -> list[str]:
    checked = check(content, "return.xlsx", scene.context(**context))
    return [problem.code for problem in checked.problems]


def months_kept(count: int) -> dict[str, Any]:
    """A history of only the last few months."""
    first = (MONTH + -count).first_day
    return {"history": scene.history().filter(pl.col("month") >= first)}


@pytest.mark.parametrize(("months", "asked"), [(5, False), (6, True), (12, True)])
def test_a_change_is_judged_against_six_months_or_more(months: int, asked: bool) -> None:
    content = with_figures(inc_harassment=14)
    assert ("W03" in codes(content, **months_kept(months))) == asked


def test_a_ward_is_never_compared_with_another() -> None:
    history = scene.history().filter(
        pl.col("ward_code").is_null() | (pl.col("ward_code") != "ALDER1")
    )
    assert codes(with_figures(inc_harassment=14), history=history) == []


@pytest.mark.parametrize(
    ("months", "asked"), [(1, False), (2, True), (3, False), (4, False), (5, True)]
)
def test_silence_is_asked_about_every_third_month(months: int, asked: bool) -> None:
    silent = with_figures(**NONE_HAPPENED)
    assert ("W05" in codes(silent, **last_months(months, **NONE_HAPPENED))) == asked


def test_a_confirmed_nil_is_asked_about_too() -> None:
    nil = {"return_status": "nil_incidents", **NONE_HAPPENED}
    assert "W05" in codes(with_figures(**nil), **last_months(2, **nil))


def test_a_month_that_was_not_sent_ends_the_silence() -> None:
    history = last_months(3, **NONE_HAPPENED)["history"]
    gap = history.filter(pl.col("month") != (MONTH + -1).first_day)
    assert "W05" not in codes(with_figures(**NONE_HAPPENED), history=gap)


def test_new_beds_are_asked_about_once() -> None:
    rows = [scene.ward("Z01", code, name, beds=18) for code, name in WARDS.items()]
    history = history_with(MONTH + -1, wards=rows)
    assert codes(wards(beds=18), history=history) == []


def test_a_finished_review_is_no_step_back() -> None:
    before = [row | {"stage": "under_review"} for row in scene.values()["charter"]]
    history = history_with(MONTH + -1, charter=before)
    assert codes(charter(stage="displayed"), history=history) == []


@pytest.mark.parametrize(
    ("status", "safe", "asked"),
    [("final", 11, True), ("final", 13, False), ("provisional", 11, False)],
)
def test_only_final_figures_are_asked_about(status: str, safe: int, asked: bool) -> None:
    rows = [figures("ALDER1", st_safe=safe), figures("BIRCH2"), figures("CEDAR3")]
    history = history_with(MONTH, cover=[COVER | {"data_status": status}], monthly=rows)
    assert ("W12" in codes(workbook(), history=history)) == asked


def test_a_return_sent_again_is_not_late() -> None:
    late = scene.date(2026, 4, 27)
    assert codes(workbook(), today=late) == ["W11"]
    assert codes(workbook(), today=late, history=history_with(MONTH)) == []


def test_the_last_day_is_on_time() -> None:
    assert codes(workbook(), today=scene.date(2026, 4, 16)) == []
    assert codes(workbook(), today=scene.date(2026, 4, 17)) == ["W11"]


def test_closed_rows_are_asked_nothing() -> None:
    closed = {"period": str(MONTH), "ward_code": "ALDER1", "return_status": "ward_closed"}
    content = workbook(monthly=[closed, figures("BIRCH2"), figures("CEDAR3")])
    assert codes(content) == []
