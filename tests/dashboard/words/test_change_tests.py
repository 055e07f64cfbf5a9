from datetime import date

import pytest

from dashboard.words import change_tests as words


def seen(name="Patients feel safe", **changes):
    about = {
        "short_name": name,
        "points": 6,
        "judged": 6,
        "before": "common",
        "kind": None,
        "as_before": False,
    }
    return {**about, "month": None, **changes}


SIGNAL = {"kind": "improvement", "month": date(2026, 3, 1)}
SENTENCES = [
    ([], "No figures after its start yet"),
    ([seen(points=0, judged=0)], "No figures after its start yet"),
    ([seen()], "Patients feel safe: no signal"),
    ([seen(judged=0)], "Patients feel safe: no limits to judge by"),
    ([seen(**SIGNAL)], "Patients feel safe: improvement from March 2026"),
    (
        [seen(before="improvement", as_before=True)],
        "Patients feel safe: improvement, already before it started",
    ),
    (
        [seen(before="concern", as_before=True, **SIGNAL)],
        "Patients feel safe: improvement from March 2026",
    ),
    (
        [seen("Reported incidents", **SIGNAL | {"kind": "neutral_high"}), seen(), seen("Other")],
        "Reported incidents: higher than usual from March 2026; no signal on 2 other charts",
    ),
    (
        [seen(), seen("Other"), seen("Rare", judged=0), seen("Rarer", judged=0)],
        "No signal on 2 charts; no limits to judge by on 2 other charts",
    ),
]


@pytest.mark.parametrize(("rows", "sentence"), SENTENCES)
def test_what_the_charts_did_is_said_without_a_cause(rows, sentence):
    assert words.charts_did(rows) == sentence


def test_the_headline_counts_what_runs_and_what_is_overdue():
    assert words.headline([], 0) == "No test of change has been recorded yet."
    assert words.headline(["adopt"], 1) == (
        "1 test of change recorded on 1 ward: none still running and none needs an outcome."
    )
    assert words.headline(["overdue", "running", "running", "abandon"], 3) == (
        "4 tests of change recorded on 3 wards: 2 still running and 1 needs an outcome."
    )
