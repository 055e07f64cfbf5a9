"""What the made-up survey says: two years, nothing too small, and more where little is said."""

import polars as pl

from pipelines.demo.cast import Size
from pipelines.demo.script import script
from pipelines.demo.story import Story
from pipelines.demo.yardsticks import yardsticks
from pipelines.registers.register import register_of
from pipelines.registers.yardsticks import shares, too_few
from schemas.periods import Month
from schemas.programme import DisclosurePolicy

STORY = Story(Size(), Month(2026, 10))


def test_the_silent_trusts_stand_out_and_the_survey_says_that_it_is_made_up():
    assert list(yardsticks(STORY, 0)) == []
    rows = pl.DataFrame(list(yardsticks(STORY, STORY.size.months - 1)), infer_schema_length=None)
    register = register_of({"yardsticks": rows})
    assert too_few(register, DisclosurePolicy()) == []
    assert rows.n_unique(["trust_code", "period_from"]) == rows.height
    assert rows["period_from"].n_unique() == 2
    assert "Made-up" in rows["source"][0]
    silent = [f"Z{number:02}" for number in script()["yardsticks"]["silent_trusts"]]
    found = shares(register.yardsticks).with_columns(silent=pl.col("trust_code").is_in(silent))
    least = found.filter("silent")["value"].min()
    assert least > found.filter(~pl.col("silent"))["value"].mean() + 0.08
    assert rows["percent"].is_not_null().any()
