"""A table of cases: the sentence for a series' latest point."""

from datetime import date

import pytest

from pipelines.measures import load
from pipelines.releasing.steps.sentences import sentence, settled
from pipelines.statistics.rebase_proposals import Proposal

MEASURES = {m.id: m for m in load()}
LATEST = {
    "n": 24,
    "points": 24,
    "chart": "xmr",
    "months": 1,
    "date": date(2026, 3, 1),
    "value": 10 / 12,
    "numerator": 10.0,
    "denominator": 12.0,
    "lower": 0.4,
    "upper": 0.9,
    "headline": "no change that stands out in 24 months",
    "stands_out": False,
    "cause": None,
    "high": None,
    "kind": "common",
    "trial": False,
    "assurance": None,
    "target": None,
    "silent": 0,
}
NOW = {
    "headline": "higher than usual from June 2025 to March 2026, the latest month",
    "stands_out": True,
    "cause": "shift",
    "high": True,
}
PAST = {
    "headline": "higher than usual from October 2025 to January 2026; usual since",
    "stands_out": True,
}
INCIDENTS = {"numerator": 7.0, "denominator": 612.0, "value": 7 / 612}
CASES = [
    (
        "SS-O1",
        NOW | {"kind": "improvement", "headline": f"{NOW['headline']}: an improvement"},
        "Patients who feel safe from sexual harm: higher than usual from June 2025 to March 2026, "
        "the latest month: an improvement (10 of 12 in March 2026). Changes like these are "
        "unlikely to be chance. Find out what changed and keep it.",
    ),
    (
        "SS-O2",
        NOW | {"kind": "concern", "trial": True, "points": 9},
        "Staff who feel safe from sexual harm at work: higher than usual from June 2025 to March "
        "2026, the latest month (10 of 12 in March 2026). Changes like these are unlikely to be "
        "chance. Find out what changed and what would help. The limits are trial limits, from 9 "
        "points.",
    ),
    (
        "SS-O1",
        PAST | {"assurance": "fail", "silent": 2},
        "Patients who feel safe from sexual harm: higher than usual from October 2025 to January "
        "2026; usual since (10 of 12 in March 2026). Changes like these are unlikely to be chance. "
        "Find out what changed. It can't be expected to meet the target of 100% unless something "
        "changes. There is no figure for 2 months since.",
    ),
    (
        "SS-I1",
        INCIDENTS | NOW | {"kind": "neutral_high"},
        "All reported sexual safety incidents: higher than usual from June 2025 to March 2026, the "
        "latest month (7 in 612 bed days in March 2026). Changes like these are unlikely to be "
        "chance. More reports can mean more trust in reporting: find out what changed.",
    ),
    (
        "SS-I3",
        INCIDENTS | NOW | {"high": False, "kind": "neutral_low", "headline": "lower than usual"},
        "Reported sexual assault: lower than usual (7 in 612 bed days in March 2026). Changes like "
        "these are unlikely to be chance. Check reporting: did less happen, or was less reported?",
    ),
    (
        "SS-I3",
        INCIDENTS
        | {"months": 3, "date": date(2026, 1, 1)}
        | {"headline": "no change that stands out in 12 quarters"},
        "Reported sexual assault: no change that stands out in 12 quarters (7 in 612 bed days in "
        "January to March 2026). Ups and downs like these are likely to be chance. Nothing needs "
        "explaining.",
    ),
    (
        "SS-O1",
        {"assurance": "hit_or_miss"},
        "Patients who feel safe from sexual harm: no change that stands out in 24 months (10 of 12 "
        "in March 2026). Ups and downs like these are likely to be chance. It may or may not meet "
        "the target of 100%: that is chance too.",
    ),
    (
        "SS-O1",
        {"assurance": "pass", "stands_out": None, "numerator": 12.0}
        | {"headline": "no variation in 24 months"},
        "Patients who feel safe from sexual harm: no variation in 24 months (12 of 12 in March "
        "2026). It can be expected to meet the target of 100%.",
    ),
    (
        "SS-P3",
        {"chart": "run", "headline": "no sign of change in 8 months"},
        "Staff confident to address sexual safety: no sign of change in 8 months (10 of 12 in "
        "March 2026). Ups and downs like these are likely to be chance. To improve it, try "
        "something new and watch this chart.",
    ),
    (
        "SS-O1",
        {"chart": "points", "n": 1, "stands_out": None}
        | {"headline": "1 month so far, too few to tell change from chance"},
        "Patients who feel safe from sexual harm: 1 month so far, too few to tell change from "
        "chance (10 of 12 in March 2026).",
    ),
    (
        "SS-O1",
        {"n": 0, "chart": "points", "stands_out": None, "headline": "no figures yet"},
        "Patients who feel safe from sexual harm: no figures yet.",
    ),
    (
        "SS-I7",
        {"chart": "points", "value": 1.0, "numerator": 1.0, "denominator": None}
        | {"headline": "no change can be seen", "stands_out": None},
        "Days since the last reported sexual assault: no change can be seen (1 day at the end of "
        "March 2026).",
    ),
    (
        "SS-I8",
        {"chart": "table", "months": 12, "date": date(2025, 4, 1), "value": 2.0, "numerator": 2.0}
        | {"stands_out": None},
        "Reported incidents in which a member of staff is alleged to be responsible: 2 in the 12 "
        "months to March 2026.",
    ),
]


@pytest.mark.parametrize(("measure", "changes", "said"), CASES)
def test_what_is_said(measure, changes, said):
    assert sentence(LATEST | changes, MEASURES[measure]) == said


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda m: m.id)
@pytest.mark.parametrize("kind", ["improvement", "concern", "neutral_high", "neutral_low"])
def test_no_colours_ranks_or_last_month(measure, kind):
    said = sentence(LATEST | NOW | {"kind": kind}, measure).lower()
    for word in ("red", "amber", "green", "rank", "best", "worst", "last month", "%", "victim"):
        assert f" {word} " not in f" {said} "
    assert said.endswith((".", "?"))
    assert "unlikely to be chance" in said


@pytest.mark.parametrize(
    ("measure", "before", "after", "levels"),
    [
        ("SS-O1", 0.81, 0.924, "about 92%, after about 81% before"),
        ("SS-O1", 0.921, 0.924, "about 92.4%, after about 92.1% before"),
        (
            "SS-I1",
            0.0019,
            0.0042,
            "about 4.2 per 1,000 bed days, after about 1.9 per 1,000 bed days",
        ),
    ],
)
def test_a_new_level_is_proposed_with_its_levels_and_without_praise(measure, before, after, levels):
    said = settled(Proposal(1, date(2025, 3, 1), after > before, before, after), MEASURES[measure])
    assert said.startswith(f"Since March 2025 the points have settled at {levels}")
    assert said.endswith(
        "If you know of a change then, you may start new limits there, with a reason."
    )
    assert not set(said.lower().split()) & {"better", "worse", "improved", "improvement", "concern"}
