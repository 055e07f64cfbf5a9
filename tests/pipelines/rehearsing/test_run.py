"""A rehearsed programme: what it says, where it refuses, and that chance is what it says it is."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.reading.tidy_cells import Unusable
from pipelines.rehearsing.plan import Plan, Shape, shaped
from pipelines.rehearsing.rehearse import Mean, Share, Wish, false_alarms, tried
from pipelines.rehearsing.run import run
from pipelines.rehearsing.words import BECAUSE
from pipelines.rehearsing.worlds import RATES, Assumed, drawn
from pipelines.statistics.effect.panel import NEVER

A = Shape(wards=40, trusts=24, answers=12, first=4, last=11, never=0.15, together=False)
MONTHS, SEED = 14, 7
WISH = Wish("proportion", 0.12, 20, SEED)
ROOT = Path(__file__).parents[3]
CHANCE = pl.read_csv(ROOT / "data" / "chance" / "false_signals.csv")
pytestmark = pytest.mark.slow


def silent(what: str, done: int, total: int) -> None:
    """Nobody watches the progress of a test."""


@pytest.fixture(scope="module")
def rehearsal():
    return run(shaped(A, MONTHS, SEED), Assumed(), WISH, silent)


def test_a_rehearsal_says_what_would_be_found_and_its_own_error(rehearsal):
    content = json.loads(json.dumps(rehearsal.content))
    found = content["with_effect"]["found"]
    text = " ".join(rehearsal.sentences)
    assert rehearsal.sentences[0].startswith(
        "If starting makes figures 12 percentage points higher"
    )
    assert f"in {found['count']} of {found['of']} rehearsals" in text
    assert found["lower"] < found["count"] / found["of"] <= found["upper"]
    assert f"{found['lower']:.0%} and {found['upper']:.0%}" in text
    assert "first impression" in text
    assert {mean["error"] > 0 for mean in content["queries_a_trust_and_year"].values()} == {True}
    least = content["without_effect"]["detectable"]
    assert f"about {least * 100:.1f} percentage points or more" in text


def test_a_fixed_seed_gives_fixed_figures(rehearsal):
    content = rehearsal.content
    assert content["with_effect"]["found"]["count"] == FOUND
    assert content["without_effect"]["seen_either_way"]["count"] == BY_MISTAKE
    assert content["false_alarms_a_month"]["value"] == pytest.approx(ALARMS)
    queries = content["queries_a_trust_and_year"]
    assert {name: mean["value"] for name, mean in queries.items()} == pytest.approx(QUERIES)


FOUND, BY_MISTAKE, ALARMS = 19, 1, 0.39
QUERIES = {"trust 1": 82 / 60, "trust 17": 39 / 60}


def test_more_wards_and_larger_effects_are_never_found_less_often():
    small = replace(A, wards=24, trusts=24, answers=6)
    plans = [(small, 0.07), (replace(small, wards=72, answers=18), 0.07), (small, 0.25)]
    shares = [
        tried(shaped(shape, MONTHS, SEED), Assumed(), replace(WISH, effect=effect), silent).found
        for shape, effect in plans
    ]
    assert shares[1].interval[1] > shares[0].interval[0] + 0.2
    assert min(shares[1].count, shares[2].count) > shares[0].count


@pytest.mark.parametrize(
    ("shape", "months", "says"),
    [
        (replace(A, trusts=12), MONTHS, "Too few trusts: 12 can be compared and 20 are needed."),
        (replace(A, first=6, last=6, never=0), MONTHS, "Let wards start at different times"),
        (replace(A, first=1, last=1, never=0), MONTHS, "send figures for some months before"),
        (replace(A, never=0.999), MONTHS, "Let wards start within the programme."),
    ],
)
def test_a_plan_that_leaves_nothing_to_compare_is_refused_in_words(shape, months, says):
    found = run(shaped(shape, months, SEED), Assumed(), WISH, silent)
    assert not found.answered
    assert found.content["answered"] is False
    assert says in found.sentences[1]
    assert "20 of 20 rehearsals had no answer" in found.sentences[0]


@pytest.mark.parametrize(
    ("assumed", "wish", "says"),
    [
        (Assumed(), replace(WISH, worlds=5), "use 20 to 5,000"),
        (Assumed(), replace(WISH, effect=0.0), "--effect 0 is hardly any: say how large"),
        (Assumed(), replace(WISH, effect=1e-9), "from 0.1 up or from -0.1 down"),
        (Assumed(level=0.016), WISH, "A level of 1.6% with an effect of +12 percentage"),
        (Assumed(level=0.95), replace(WISH, effect=0.1), "95% with an effect of +10 percentage"),
        (Assumed(shock=0.9), WISH, "--ups-and-downs 90: use 0 to 50."),
        (Assumed(missing=0.95), WISH, "--missing 95: use 0 to 90."),
    ],
)
def test_what_cannot_be_drawn_is_refused(assumed, wish, says):
    with pytest.raises(Unusable, match=says.replace("+", r"\+")):
        run(shaped(A, MONTHS, SEED), assumed, wish, silent)


@pytest.mark.parametrize(
    ("kind", "size", "assumed"),
    [
        ("proportion", 12, Assumed(level=0.88, spread=0.0)),
        ("rate", 1.0, Assumed(spread=0.0)),
    ],
)
def test_stable_charts_signal_as_often_as_the_simulated_rate(kind, size, assumed):
    plan = Plan(np.zeros(40, int), np.full(40, NEVER), np.full(40, float(size)), 36, ("Z01",))
    found = false_alarms(plan, assumed, replace(WISH, kind=kind))
    known = (pl.col("unit") == kind, pl.col("months") == 36)
    mean = 12 * 0.12 if kind == "proportion" else 1.0
    told = CHANCE.filter(*known, pl.col("mean").is_close(mean))
    told = told.filter(pl.col("size").fill_null(12) == 12)["chance"].item()
    assert 0 < found.error < 0.4
    assert found.value / 40 == pytest.approx(told, abs=5 * found.error / 40)


def test_what_is_drawn_has_the_levels_and_the_effect_that_were_asked_for():
    plan = shaped(replace(A, wards=200, trusts=100, answers=200), MONTHS, SEED)
    calm = Assumed(spread=0, shock=0)
    gain = np.where(np.arange(MONTHS) >= plan.start[:, None], 0.1, 0.0)
    safe = drawn(plan, calm, "proportion", gain, np.random.default_rng(1)).panel
    month = (safe.month == 8) & (safe.size > 0)
    after, before = (safe.figure[month & which].mean() for which in (safe.started, ~safe.started))
    assert after - before == pytest.approx(0.1, abs=0.01)
    rate = replace(RATES, spread=0, shock=0)
    gain = np.where(gain > 0, np.log(2), 0.0)
    panel = drawn(plan, rate, "rate", gain, np.random.default_rng(1)).panel
    month = panel.month == 8
    after, before = (
        panel.figure[month & which].mean() for which in (panel.started, ~panel.started)
    )
    assert after / before == pytest.approx(2, rel=0.03)


def test_error_bars_are_those_of_the_textbook():
    assert Share(8, 10).interval == pytest.approx((0.4902, 0.9433), abs=1e-3)  # Wilson
    assert Mean.of([1, 2, 3, 4]) == Mean(2.5, pytest.approx(np.sqrt(5 / 3) / 2))
    assert all(text and not text.endswith(".") for text in BECAUSE.values())
