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
    "cause": None,
    "high": None,
    "kind": "common",
    "since": date(2026, 3, 1),
    "trial": False,
    "assurance": None,
    "runs_signal": False,
    "longest_run": 4,
    "longest_run_max": 8,
    "crossings": 9,
    "crossings_min": 8,
    "gaps": 0,
    "silent": 0,
}
SHIFT = {"cause": "shift", "since": date(2025, 6, 1)}
INCIDENTS = {"numerator": 7.0, "denominator": 612.0, "value": 7 / 612}
CASES = [
    (
        "SS-O1",
        {"cause": "outside", "high": True, "kind": "improvement"},
        "Patients who feel safe from sexual harm rose above the usual range in March 2026 "
        "(10 of 12); this is unlikely to be chance. Find out what changed and keep it.",
    ),
    (
        "SS-O1",
        {"cause": "outside", "high": False, "kind": "concern"},
        "Patients who feel safe from sexual harm fell below the usual range in March 2026 "
        "(10 of 12); this is unlikely to be chance. Find out what changed and what would help.",
    ),
    (
        "SS-O2",
        SHIFT | {"high": True, "kind": "improvement", "gaps": 2},
        "Staff who feel safe from sexual harm at work stayed above the average from June 2025 on "
        "(10 of 12 in March 2026; 2 months in between without a figure); this is unlikely to be "
        "chance. Find out what changed and keep it.",
    ),
    (
        "SS-P3",
        {"cause": "trend", "high": False, "kind": "concern", "since": date(2025, 9, 1)},
        "Staff confident to address sexual safety fell month after month from September "
        "2025 on (10 of 12 in March 2026); this is unlikely to be chance. Find out what changed "
        "and what would help.",
    ),
    (
        "SS-O1",
        {"cause": "two_of_three", "high": False, "kind": "concern", "trial": True, "points": 9},
        "Patients who feel safe from sexual harm came near the bottom of the usual range twice in "
        "three months, the last time in March 2026 (10 of 12); this is unlikely to be chance. "
        "Find out what changed and what would help. The limits are trial limits, from 9 points.",
    ),
    (
        "SS-I1",
        INCIDENTS | {"cause": "outside", "high": True, "kind": "neutral_high"},
        "All reported sexual safety incidents rose above the usual range in March 2026 (7 in 612 "
        "bed days); this is unlikely to be chance. More reports can mean more trust in reporting: "
        "find out what changed.",
    ),
    (
        "SS-I3",
        INCIDENTS | SHIFT | {"high": False, "kind": "neutral_low"},
        "Reported sexual assault stayed below the average from June 2025 on (7 in 612 bed days in "
        "March 2026); this is unlikely to be chance. Check reporting: did less happen, or was less "
        "reported?",
    ),
    (
        "SS-I3",
        INCIDENTS | {"chart": "u", "months": 3, "date": date(2026, 1, 1)},
        "Reported sexual assault stayed within the usual range in January to March 2026 (7 in 612 "
        "bed days); ups and downs like these are likely to be chance. Nothing needs explaining.",
    ),
    (
        "SS-I3",
        INCIDENTS | {"chart": "points", "months": 12, "date": date(2025, 4, 1), "kind": None},
        "Reported sexual assault: 7 in 612 bed days in the 12 months to March 2026; too few to "
        "tell change from chance.",
    ),
    (
        "SS-O1",
        {"assurance": "hit_or_miss"},
        "Patients who feel safe from sexual harm stayed within the usual range in March 2026 (10 "
        "of 12); ups and downs like these are likely to be chance. It may or may not meet the "
        "target of 100%: that is chance too.",
    ),
    (
        "SS-O1",
        {"assurance": "pass", "lower": 1.0, "upper": 1.0, "numerator": 12.0},
        "Patients who feel safe from sexual harm did not vary (12 of 12 in March 2026). It can be "
        "expected to meet the target of 100%.",
    ),
    (
        "SS-P3",
        {"chart": "run", "lower": None, "upper": None, "silent": 2},
        "Staff confident to address sexual safety showed no sign of change (10 of 12 in March "
        "2026); ups and downs like these are likely to be chance. To improve it, try something "
        "new and watch this chart. There is no figure for 2 months since.",
    ),
    (
        "SS-O1",
        {"chart": "run", "lower": None, "upper": None, "runs_signal": True, "crossings": 1},
        "Patients who feel safe from sexual harm crossed the median only once in 24 points; this "
        "is unlikely to be chance. Find out when it changed, and why.",
    ),
    (
        "SS-O1",
        {"chart": "points", "n": 1, "kind": None},
        "Patients who feel safe from sexual harm: 10 of 12 in March 2026; 1 month so far, too few "
        "to tell change from chance.",
    ),
    (
        "SS-O1",
        {"n": 0, "chart": "points"},
        "Patients who feel safe from sexual harm: no figures yet.",
    ),
    (
        "SS-I7",
        {"chart": "points", "value": 1.0, "numerator": 1.0, "denominator": None},
        "Days since the last reported sexual assault: 1 day at the end of March 2026.",
    ),
    (
        "SS-I8",
        {"chart": "table", "months": 12, "date": date(2025, 4, 1), "value": 2.0, "numerator": 2.0},
        "Reported incidents in which a member of staff is alleged to be responsible: 2 in the 12 "
        "months to March 2026.",
    ),
]


@pytest.mark.parametrize(("measure", "changes", "said"), CASES)
def test_what_is_said(measure, changes, said):
    assert sentence(LATEST | changes, MEASURES[measure]) == said


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda m: m.id)
@pytest.mark.parametrize("kind", ["improvement", "concern", "neutral_high", "neutral_low"])
@pytest.mark.parametrize("cause", ["outside", "trend", "two_of_three", "shift"])
def test_no_colours_ranks_or_last_month(measure, kind, cause):
    changes = {"cause": cause, "kind": kind, "high": True, "since": date(2025, 9, 1)}
    said = sentence(LATEST | changes, measure).lower()
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
