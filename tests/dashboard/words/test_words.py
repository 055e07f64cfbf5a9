"""The sentences around charts, case by case, and words that none of them may hold."""

import ast
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import numbers
from dashboard.words import alt, caveats, titles
from schemas import wording
from schemas.release import CHARTS, VARIATION

FORBIDDEN = re.compile(
    r"\b(rag|rank(s|ed|ing)?|league|best|worst|victims?|perpetrators?|red flag|up \d|down \d)\b"
    r"|last month|previous month",
    re.IGNORECASE,
)
SIGNAL = {
    "n": 24,
    "chart": "xmr",
    "months": 1,
    "variation": "common",
    "assurance": None,
    "runs_signal": False,
    "latest": date(2026, 3, 1),
    "value": 0.8333,
    "numerator": 10.0,
    "denominator": 12.0,
    "headline": "no change that stands out in 24 months",
    "sentence": "No change that stands out.",
}


def test_a_title_says_what_the_release_says(safe: dict) -> None:
    said = "higher than usual from October 2025 to January 2026; usual since"
    title = titles.process(safe, {**SIGNAL, "headline": said})
    assert title == f"Patients who feel safe: {said}"


def test_a_title_without_a_signal_says_so(safe: dict) -> None:
    assert titles.process(safe, None) == "Patients who feel safe: no figures yet"


def test_a_phase_starts_at_its_first_value(series: Callable[..., pl.DataFrame]) -> None:
    assert titles.phase_start(series((None, 0.9, 0.8))) == date(2024, 5, 1)
    later = {2: {"phase": 2}}
    assert titles.phase_start(series((0.9, 0.8, 0.7), later)) == date(2024, 6, 1)
    assert titles.phase_start(series((None,))) is None


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ({"direction": "up"}, "Higher is better."),
        ({"direction": "down"}, "Lower is better."),
        ({"direction": "none"}, "Neither higher nor lower is better by itself."),
        (
            {"direction": "none", "topic": "incidents"},
            "Neither higher nor lower is better by itself: a rise can mean better reporting.",
        ),
    ],
)
def test_direction_is_put_into_words(measure: dict, words: str) -> None:
    assert titles.direction(measure) == words


def test_the_text_alternative_says_what_when_between_where_and_why(
    series: Callable[..., pl.DataFrame], safe: dict
) -> None:
    points = series((0.9, None, None, 0.5), {1: {"state": "paused"}})
    assert alt.process("Alder Ward", points, safe, SIGNAL) == (
        "Process chart of Patients who feel safe from sexual harm, Alder Ward, April 2024 to "
        "July 2024. 2 values between 50% and 90%. The latest is 83% (10 of 12) in March 2026. "
        "No change that stands out. No data in 1 month and programme paused in 1 month."
    )


def test_the_text_alternative_of_nothing_says_so(
    series: Callable[..., pl.DataFrame], safe: dict
) -> None:
    text = "Chart of Patients who feel safe from sexual harm, Elm. There are no values to show yet."
    assert alt.process("Elm", series((None,)), safe, None) == text


def test_one_value_is_no_range(series: Callable[..., pl.DataFrame], reported: dict) -> None:
    text = alt.process("Elm", series((0.002, 0.002)), reported, {**SIGNAL, "chart": "run"})
    assert text.startswith("Run chart of")
    assert "Every value is 2.0 per 1,000 occupied bed days." in text


def test_a_funnel_is_described_by_how_many_are_outside(reported: dict) -> None:
    about = {"first_month": date(2025, 4, 1), "last_month": date(2026, 3, 1)}
    frame = pl.DataFrame([{"category": c, **about} for c in ("within", "within", "lower")])
    assert alt.funnel(reported, "acute wards", frame).endswith(
        "2 of 3 dots are within the range expected by chance. 0 higher, 1 lower, 0 with too little "
        "data."
    )
    units = frame.with_columns(unit_id=pl.Series([f"W{n}" for n in range(frame.height)]))
    names = {f"W{n}": f"Ward {n}" for n in range(frame.height)}
    outside = units.filter(pl.col("category") == "lower")["unit_id"][0]
    said = alt.funnel(reported, "acute wards", units, names, {outside})
    assert f"Lower than expected: {names[outside]}." in said
    assert f"Marked: {names[outside]}, lower than expected." in said
    hidden = alt.funnel(reported, "acute wards", units, {}, {outside})
    assert "Ward" not in hidden.replace("wards", ""), "nobody is named who may not be"
    assert "nothing to compare" in alt.funnel(reported, "acute wards", frame.clear())


def test_a_hidden_spread_is_described_as_hidden(safe: dict) -> None:
    bands = pl.DataFrame(
        [
            {"month": date(2026, 2, 1), "state": "value", "p10": 0.6, "p50": 0.8, "p90": 0.95},
            {"month": date(2026, 3, 1), "state": "suppressed"},
        ]
    )
    assert alt.peer_band(safe, "similar wards", bands).endswith(
        "In February 2026 the middle ward had 80%; eight in ten wards were between 60% and 95%."
    )
    hidden = bands.filter(pl.col("state") == "suppressed")
    assert "too few wards to compare" in alt.peer_band(safe, "similar wards", hidden)


def test_a_peer_title_counts_months_inside_the_spread(
    series: Callable[..., pl.DataFrame], safe: dict
) -> None:
    months = [date(2024, 4, 1), date(2024, 5, 1), date(2024, 6, 1)]
    bands = pl.DataFrame({"month": months, "p10": [0.6, 0.6, None], "p90": [0.95, 0.95, None]})
    assert titles.peer_band(safe, series((0.9, 0.5, 0.8)), bands) == (
        "Patients who feel safe: among the middle eight in ten of similar wards in 1 of 2 months"
    )
    assert titles.peer_band(safe, series((None,)), bands).endswith("similar wards yet")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (83.333, "83%"),
        (82.5, "83%"),
        (0.0, "0%"),
        (0.3, "under 1%"),
        (0.5, "1%"),
        (99.4, "99%"),
        (99.6, "over 99%"),
        (100.0, "100%"),
        (None, "No data"),
    ],
)
def test_percentages_are_whole_and_never_round_to_all_or_none(number, words) -> None:
    assert numbers.percent(number) == words


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        (1.25, "per_1000_bed_days", "1.3 per 1,000 occupied bed days"),
        (0.0, "per_1000_bed_days", "0.0 per 1,000 occupied bed days"),
        (0.049, "per_1000_bed_days", "under 0.1 per 1,000 occupied bed days"),
        (0.05, "per_1000_bed_days", "0.1 per 1,000 occupied bed days"),
        (1234.0, "count", "1,234"),
        (2.5, "count", "2.5"),
        (1.0, "days", "1 day"),
        (61.0, "days", "61 days"),
        (None, "per_1000_bed_days", "No data"),
    ],
)
def test_numbers_are_shown_in_their_unit(number, unit, words) -> None:
    assert numbers.with_unit(number, unit) == words


@pytest.mark.parametrize(
    ("numerator", "denominator", "unit", "words"),
    [
        (9.0, 12.0, "percent", "9 of 12"),
        (3.0, 1340.0, "per_1000_bed_days", "3 in 1,340 bed days"),
        (0.0, 12.0, "percent", "0 of 12"),
        (3.0, None, "count", ""),
        (None, 12.0, "percent", ""),
    ],
)
def test_what_a_value_is_made_of(numerator, denominator, unit, words) -> None:
    assert numbers.out_of(numerator, denominator, unit) == words


def test_dates_are_written_as_people_write_them() -> None:
    assert wording.month_of(date(2026, 3, 1)) == "March 2026"
    assert wording.day_of(date(2026, 3, 4)) == "4 March 2026"
    assert wording.moment(datetime(2026, 3, 14, 17, 0)) == "17:00 on 14 March 2026"  # noqa: DTZ001
    said = [
        wording.moment(datetime(2026, 10, 24 + (h > 23), h % 24, 30, tzinfo=UTC))
        for h in range(23, 27)
    ]
    assert said == [
        "00:30 on 25 October 2026",
        "01:30 BST on 25 October 2026",
        "01:30 GMT on 25 October 2026",
        "02:30 on 25 October 2026",
    ]
    assert wording.period(date(2026, 3, 1), date(2026, 3, 1)) == "March 2026"


@pytest.mark.parametrize(
    ("items", "words"),
    [([], "none"), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")],
)
def test_lists_end_in_and(items: list[str], words: str) -> None:
    assert wording.listed(items) == words


def test_counts_have_the_right_plural() -> None:
    assert wording.counted(1, "ward") == "1 ward"
    assert wording.counted(1204, "ward") == "1,204 wards"
    assert wording.counted(2, "query", "queries") == "2 queries"
    assert wording.of_them(9, 12, "ward") == "9 of 12 wards"


def test_every_caveat_can_and_cannot() -> None:
    for kind in caveats.CAVEATS:
        text = caveats.caveat(kind)
        assert text.can.startswith(("It can", "They can"))
        assert text.cannot.startswith(("It can't", "They can't"))
        assert text.read.endswith(".")


@given(
    n=st.integers(0, 60),
    months=st.sampled_from([1, 3, 12]),
    variation=st.sampled_from([None, *VARIATION]),
    chart=st.sampled_from(CHARTS),
    value=st.none() | st.floats(0, 1),
    direction_of=st.sampled_from(["up", "down", "none"]),
)
def test_no_sentence_holds_a_forbidden_word(n, months, variation, chart, value, direction_of):
    measure = {
        "name": "Patients who feel safe",
        "short_name": "Patients who feel safe",
        "topic": "incidents",
        "unit": "percent",
        "multiplier": 100,
        "direction": direction_of,
    }
    signal = {
        **SIGNAL,
        "n": n,
        "months": months,
        "variation": variation,
        "chart": chart,
        "value": value,
    }
    for text in (
        titles.process(measure, signal),
        titles.latest(measure, signal),
        titles.direction(measure),
    ):
        assert text
        assert not FORBIDDEN.search(text)
        assert "None" not in text
        assert "nan" not in text.lower().split()


def strings(file: Path) -> Iterator[str]:
    """Every string of a module that may be read by people: all but its documentation."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = [node.body[0] for node in ast.walk(tree) if isinstance(node, documented)]
    docs = {id(first.value) for first in docs if isinstance(first, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


@pytest.mark.parametrize("folder", ["screens", "panels", "page", "words", "exports", "charts"])
def test_no_text_in_charts_words_or_exports_holds_a_forbidden_word(folder) -> None:
    files = sorted((Path(numbers.__file__).parent / folder).rglob("*.py"))
    read = [(file.name, text) for file in files for text in strings(file)]
    assert len(files) > 5
    assert len(read) > 100
    # “About” says that there are no ranks, which has to name them.
    found = [(name, FORBIDDEN.search(text.replace("no ranks", ""))) for name, text in read]
    assert [f"{name}: {word[0]}" for name, word in found if word] == []
