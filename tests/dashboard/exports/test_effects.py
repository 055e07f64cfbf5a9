"""The files of Did it help?: the answer row by row, and the figures it rests on."""

from datetime import date

import polars as pl
import pytest

from dashboard.exports import effects
from pipelines.effect.run import run
from tests.pipelines.effect.programmes import programme, saved


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return run(saved(programme(0.15), tmp_path_factory.mktemp("effect"))).content


def test_the_answer_is_a_row_for_the_average_each_month_and_each_trust(content):
    rows = pl.read_csv(effects.answer(content))
    assert rows.filter(pl.col("what") == "average")["value"].to_list() == pytest.approx(
        [content["effect"]["value"]]
    )
    months = rows.filter(pl.col("what").str.ends_with("by month"))["months_since_start"].to_list()
    assert months[-3:] == [-3, -2, -1]
    assert months[:-3] == list(range(len(months) - 3))
    without = rows.filter(pl.col("what") == "without one trust")
    assert dict(without.select("without_trust", "value").iter_rows()) == pytest.approx(
        content["checks"]["without_cluster"]
    )
    assert rows.filter(pl.col("what") == "pretend start").height == 1


def test_an_answer_without_a_pretend_start_has_no_row_for_it(content):
    checks = content["checks"] | {"placebo": None, "placebo_by_period": []}
    rows = pl.read_csv(effects.answer(content | {"checks": checks}))
    assert not rows["what"].str.contains("pretend").any()


def test_nothing_is_an_empty_cell_in_the_file_of_figures():
    row = {"unit": "Z01-A", "period": date(2026, 1, 1), "numerator": 9.0, "adopted": None}
    text = effects.figures(pl.DataFrame([row], schema_overrides={"adopted": pl.Date})).decode()
    assert text.splitlines() == ["unit,period,numerator,adopted", "Z01-A,2026-01-01,9.0,"]


@pytest.mark.parametrize(
    ("as_at", "ending"), [(None, ""), (date(2026, 2, 1), "_as-known-2026-02-01")]
)
def test_the_name_says_what_it_is_and_not_to_share_it(as_at, ending):
    facts = {"data_to": date(2026, 3, 1), "as_at": as_at}
    assert effects.name("figures", "charter", "SS-O1", facts) == (
        f"feeling-safe_did-it-help_figures_charter_SS-O1_to-2026-03{ending}_exact-do-not-share.csv"
    )
