"""What was tried, joined to charts: which wards count, and what became of each."""

from datetime import date

import polars as pl
import pytest

from pipelines.effect.radar import ALREADY, NOT, ROSE, SOON, UNCHARTED, radar

MONTHS = pl.date_range(date(2025, 1, 1), date(2025, 12, 1), "1mo", eager=True).to_list()


def charts(**better: str) -> pl.DataFrame:
    """A ward for each name: a letter a month, + for better, . for not, x without limits."""
    return pl.DataFrame(
        [
            {
                "unit": unit,
                "cluster": unit[:2],
                "month": month,
                "better": None if letter == "x" else letter == "+",
            }
            for unit, letters in better.items()
            for month, letter in zip(MONTHS, letters, strict=True)
        ]
    )


def tried(idea: str, **months: int) -> pl.DataFrame:
    rows = [{"idea": idea, "unit": u, "month": MONTHS[m - 1]} for u, m in months.items()]
    return pl.DataFrame(rows)


CHARTS = charts(
    aa="......++++++",
    bb=".......+....",
    cc="............",
    dd="..++++......",
    ee="xxxxxx......",
    ff="............",
    gg="............",
    hh=".....+......",
)
HUDDLE = tried("huddle", aa=5, bb=5, cc=5, dd=5, ee=5, ff=11, zz=5)


def test_each_ward_that_tried_it_is_told_what_became_of_it():
    (one,) = radar(CHARTS, HUDDLE).ideas
    assert {ward["unit"]: ward["state"] for ward in one.wards} == {
        "aa": ROSE,
        "bb": ROSE,
        "cc": NOT,
        "dd": ALREADY,
        "ee": UNCHARTED,
        "ff": SOON,
        "zz": UNCHARTED,
    }
    began = {ward["unit"]: ward["rose"] for ward in one.wards if ward["rose"]}
    assert began == {"aa": date(2025, 7, 1), "bb": date(2025, 8, 1)}
    assert (one.rose, one.tried) == (2, 4)
    assert one.rose == sum(ward["state"] == ROSE for ward in one.wards)
    assert 0 < one.by_chance < 2
    assert one.alone <= one.adjusted <= 1


def test_an_idea_of_few_wards_is_not_looked_at_and_counted():
    few = tried("poster", aa=5, bb=5)
    found = radar(CHARTS, pl.concat([HUDDLE, few]))
    assert [one.idea for one in found.ideas] == ["huddle"]
    assert found.too_few == 1
    assert radar(CHARTS, few).ideas == ()
    assert radar(CHARTS.clear(), few).too_few == 1
    assert radar(CHARTS, few.clear()).too_few == 0


def test_the_order_of_rows_changes_nothing():
    one = radar(CHARTS, HUDDLE)
    other = radar(CHARTS.sample(fraction=1, shuffle=True, seed=3), HUDDLE.reverse())
    assert one == other


@pytest.mark.parametrize("month", [4, 7])
def test_a_rise_before_the_start_or_after_four_months_does_not_count(month):
    # aa rises in July: a start in March or in August comes too early or too late for it
    (one,) = radar(CHARTS, tried("huddle", aa=3 if month == 4 else 8, bb=2, cc=5)).ideas
    assert {ward["unit"]: ward["state"] for ward in one.wards}["aa"] != ROSE
