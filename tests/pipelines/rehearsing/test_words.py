"""What a rehearsal says, from figures made up by hand: none, one and many."""

from dataclasses import replace
from math import log, sqrt

import numpy as np
import pytest

from pipelines.rehearsing.plan import Plan
from pipelines.rehearsing.rehearse import Mean, Share, Tried, Wish
from pipelines.rehearsing.words import Figures, no_answer, sentences
from pipelines.rehearsing.worlds import RATES, Assumed
from pipelines.statistics.effect.comparable import Unanswerable
from pipelines.statistics.effect.panel import NEVER

PLAN = Plan(
    trust=np.array([0, 0, 1]),
    start=np.array([4, NEVER, 7]),
    size=np.array([10.0, 12.0, 15.5]),
    months=24,
    trusts=("Z01", "Z02"),
)
WISH = Wish("proportion", 0.06, 200, 1)
USUAL = Assumed()


def tried(found: int, *refused: tuple[str, int], of: int = 200, detectable: float = 0.049) -> Tried:
    reasons = tuple((Unanswerable(reason), times) for reason, times in refused)
    return Tried(Share(found, of), Share(found, of), reasons, detectable)


FIGURES = Figures(
    some=tried(164),
    none=tried(9),
    alarms=Mean(1.38, 0.14),
    queries={"Z02": Mean(0.78, 0.11), "Z01": Mean(1.0, 0.15)},
)


def told(figures=FIGURES, wish=WISH, plan=PLAN, assumed=USUAL):
    return sentences(plan, assumed, wish, figures)


def wilson(count: int, of: int) -> tuple[float, float]:
    """The score interval, from its textbook formula."""
    z, share = 1.959963985, count / of
    middle = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    reach = z * sqrt(share * (1 - share) / of + z**2 / (4 * of**2)) / (1 + z**2 / of)
    return middle - reach, middle + reach


def test_each_sentence_says_its_figures():
    low, high = wilson(164, 200)
    least, most = wilson(9, 200)
    assert told() == (
        "If starting makes figures 6 percentage points higher, this plan would find it about 8 "
        f"times in 10: in 164 of 200 rehearsals, so in truth probably between {low:.0%} and "
        f"{high:.0%} of the time.",
        "To be found 8 times in 10, an effect has to be about 4.9 percentage points or more.",
        "If starting changes nothing, it would seem to have made a difference, one way or the "
        f"other, in 9 of 200 rehearsals, so in truth probably between {least:.0%} and {most:.0%} "
        "of the time. About 1 in 20 is what a 95% interval allows.",
        "Charts: expect 1.4 signals a month (give or take 0.3) from 3 wards although nothing has "
        "changed, on each measure of this kind.",
        "Queries: by chance alone a trust gets 0.78 queries a year (give or take 0.2) with 1 ward "
        "(Z02) and 1 query a year (give or take 0.3) with 2 wards (Z01).",
        "Taken for granted: 3 wards of 2 trusts; 2 wards start within 24 months; 12.5 answers a "
        "ward and month; 68% say yes before a start and wards differ by 8 points; the wards of a "
        "trust share ups and downs of 5 points; no months are missing. Once a ward has started, "
        "the effect is there at once and stays.",
        "Rehearsed 200 times from seed 1.",
    )


@pytest.mark.parametrize(
    ("found", "of", "said"),
    [
        (0, 200, "would never find it: in 0 of 200 rehearsals"),
        (9, 200, "would hardly ever find it: in 9 of"),
        (18, 200, "would find it about once in 10 times: in 18 of"),
        (191, 200, "would nearly always find it: in 191 of"),
        (200, 200, "would find it every time: in 200 of"),
        (0, 5000, "in 0 of 5,000 rehearsals, so in truth probably between 0.0% and 0.1% of"),
        (5000, 5000, "in truth probably between 99.9% and 100.0% of the time"),
    ],
)
def test_how_often_it_is_found(found, of, said):
    assert said in told(replace(FIGURES, some=tried(found, of=of)))[0]


@pytest.mark.parametrize(
    ("effect", "kind", "said"),
    [
        (-0.01, "proportion", "makes figures 1 percentage point lower, "),
        (0.0025, "proportion", "makes figures 0.25 percentage points higher, "),
        (log(0.7), "rate", "makes figures 30% lower, "),
        (log(1.004), "rate", "makes figures 0.4% higher, "),
    ],
)
def test_the_effect_that_is_looked_for_is_the_one_that_was_asked_for(effect, kind, said):
    assert said in told(wish=replace(WISH, effect=effect, kind=kind))[0]


def test_the_smallest_fall_of_a_rate_is_smaller_than_the_same_rise():
    figures = replace(FIGURES, none=tried(9, detectable=log(1.25)))
    for effect, said in ((log(2), "about 25% or more"), (log(0.5), "about 20% or more")):
        assert said in told(figures, replace(WISH, kind="rate", effect=effect))[1]
    figures = replace(FIGURES, none=tried(9, detectable=1.2))
    assert told(figures)[1] == "No effect, however large, would be found 8 times in 10."


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (
            (("before", 1),),
            "In 1 of 200 with the effect there was no answer, because figures seemed to change "
            "before the start, by chance; it counts as not found.",
        ),
        (
            (("before", 3), ("reporting", 2)),
            "In 5 of 200 with the effect there was no answer, most often because figures seemed to "
            "change before the start, by chance; they count as not found.",
        ),
    ],
)
def test_rehearsals_without_an_answer_are_counted(refused, said):
    assert told(replace(FIGURES, some=tried(150, *refused)))[3] == said


def test_where_chance_brings_nothing_no_number_is_said():
    none = replace(FIGURES, alarms=Mean(0.0, 0.0), queries={"Z01": Mean(0.0, 0.0)})
    assert told(none)[3:5] == (
        "Charts: none of 3 wards signals by chance alone.",
        "Queries: by chance alone a trust gets no queries a year with 2 wards (Z01).",
    )


def test_one_of_everything_and_what_was_typed_with_decimals():
    one = Plan(np.array([0]), np.array([2]), np.array([1.0]), 12, ("Z01",))
    figures = replace(FIGURES, alarms=Mean(1.0, 0.02), queries={"Z01": Mean(1.0, 0.02)})
    said = told(figures, plan=one, assumed=Assumed(0.675, 0.08, 0.025, 0.6, 0.004))
    assert said[3].startswith("Charts: expect 1 signal a month (give or take 0.04) from 1 ward ")
    assert said[5].startswith(
        "Taken for granted: 1 ward of 1 trust; 1 ward starts within 12 months; 1 answer a ward and "
        "month; 67.5% say yes before a start and wards differ by 8 points; the wards of a trust "
        "share ups and downs of 2.5 points; 0.4% of months are missing."
    )
    rate = told(wish=replace(WISH, kind="rate", effect=log(0.7)), assumed=RATES)[5]
    assert "12.5 incidents a ward and month; wards differ by 60%; " in rate
    assert "share ups and downs of 30%; no months" in rate


def test_why_most_had_no_answer_is_said_with_how_many():
    found = tried(0, ("clusters", 150), ("before", 20))
    assert no_answer(found, WISH)[0].endswith(
        "170 of 200 rehearsals had no answer, 150 of them for this reason."
    )
    found = tried(0, ("nobody", 200))
    assert no_answer(found, WISH)[0].endswith(
        "200 of 200 rehearsals had no answer, all of them for this reason."
    )
