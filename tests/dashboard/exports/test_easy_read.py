"""Easy-read sheets: one idea a line, every number and every mark as the exact figures have it."""

import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from io import BytesIO

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from dashboard.charts import process, theme
from dashboard.exports import easy_read, easy_read_files
from dashboard.exports.easy_read import Block, EasyRead
from dashboard.exports.easy_read_drawings import marks, people
from dashboard.exports.pdf import document
from dashboard.exports.ward_sheet import STAGES, WardFigures
from pipelines.statistics.headline import Run, headline
from schemas.periods import Month
from tests.dashboard.exports import tags

Series = Callable[..., pl.DataFrame]
MADE = datetime(2026, 4, 15, 9, 30, tzinfo=UTC)
SENTENCE = (
    "Safe: lower than usual in May 2024 and from July 2024 to August 2024; usual since (9 of 12 in "
    "March 2026). Changes like these are unlikely to be chance."
)
CHARTER = {
    "stage": "under_review",
    "coproduced_patients": True,
    "coproduced_staff": False,
    "coproduced_carers": True,
    "agreed_on": date(2025, 5, 3),
    "last_reviewed_on": None,
}


def _blocks(points: pl.DataFrame, safe: dict, **change: object) -> dict[str, Block]:
    about = {
        "points": points,
        "signals": pl.DataFrame([{"measure": "SS-O1", "sentence": SENTENCE}]),
        "incidents": {"numerator": 1.0, "months": 11},
        "charter": CHARTER,
    }
    measures = {easy_read.INCIDENTS: {}, "SS-O1": {**safe, "name": "Safe"}}
    figures = WardFigures(**about | change)
    found = easy_read.exact(measures, figures, points["month"].max())
    return {block.heading: block for block in found}


def test_people_are_counted_and_each_is_drawn(series: Series, safe: dict) -> None:
    found = _blocks(series((0.9, 0.75)), safe)["Do patients feel safe?"]
    assert found.lines[:2] == (
        "12 patients answered in May 2024.",
        "9 of them said they felt safe from sexual harm.",
    )
    assert found.figures.svg.count('<circle cx="') == 12
    assert found.figures.svg.count(f'fill="{theme.DARK_BLUE}"') == 2 * 9
    assert found.figures.alt == "12 figures, 9 of them filled in."


@pytest.mark.parametrize(
    ("share", "said"), [(1.0, "All of them said"), (0.0, "None of them said"), (0.5, "6 of them")]
)
def test_all_and_none_are_said_in_words(series: Series, safe: dict, share, said) -> None:
    found = _blocks(series((share,)), safe)["Do patients feel safe?"]
    assert found.lines[1].startswith(said)


def test_a_few_peoples_answers_are_not_shown(series: Series, safe: dict) -> None:
    few = {0: {"denominator": 4.0, "numerator": 1.0, "value": None, "state": "few"}}
    found = _blocks(series((0.25,), few), safe)
    assert found["Do patients feel safe?"] == Block(
        "patients",
        "Do patients feel safe?",
        ("Too few people answered in April 2024.", "So we don’t show how many felt safe."),
    )
    assert "Has this changed for patients?" not in found


def test_too_many_people_to_count_are_not_drawn(series: Series, safe: dict) -> None:
    many = {0: {"denominator": 41.0, "numerator": 40.0}}
    assert _blocks(series((0.9,), many), safe)["Do patients feel safe?"].figures is None


def test_each_time_has_a_line_of_its_own(series: Series, safe: dict) -> None:
    found = _blocks(series((0.9, 0.75) * 12), safe)
    assert found["Has this changed for patients?"].lines == (
        "Lower than usual in May 2024.",
        "Lower than usual from July 2024 to August 2024.",
        "Usual since (9 of 12 in March 2026).",
        "Changes like these are unlikely to be chance.",
    )
    assert found["Our charter"].lines == (
        "Our charter is in place and we are reviewing it.",
        "Patients help to write it.",
        "Carers help to write it.",
        "We agreed it on 3 May 2025.",
    )
    assert "1 sexual safety incident was reported on our ward." in found["What was reported?"].lines


WAYS = ("lower than usual", "higher than usual", "falling", "rising or higher than usual")


@given(
    st.lists(st.tuples(st.sampled_from(WAYS), st.integers(1, 9), st.integers(1, 9)), min_size=1),
    st.sampled_from([None, "shift"]),
    st.integers(1, 2),
)
def test_every_run_of_a_headline_is_one_line_with_what_happened(runs, cause, phase) -> None:
    first, found = Month.of(date(2020, 1, 1)), []
    for way, gap, length in runs:
        begins = first + gap
        last = begins + (length - 1)
        found.append(Run(way, begins.first_day, last.first_day, length))
        first = last
    now = {
        **{"n": 24, "any_few": False, "chart": "xmr", "cause": cause, "kind": "concern"},
        **{"phase": phase, "phase_from": date(2019, 6, 1), "by_month": True, "months": 1},
        **{"regular": True, "silent_to": None, "points": 24, "unit": "percent"},
    }
    lines = list(easy_read.each_idea(f"{headline(now, found)}."))
    told = [
        line
        for line in lines
        if re.match("with new limits|usual since|the latest", line, re.I) is None
    ]
    assert told == [f"{run.way.capitalize()} {_when(run)}." for run in found]


def _when(run: Run) -> str:
    if run.first == run.last:
        return f"in {run.first:%B %Y}"
    return f"from {run.first:%B %Y} to {run.last:%B %Y}"


def test_what_is_one_idea_stays_one_line() -> None:
    for words in STAGES.values():
        assert " ".join(easy_read.each_idea(words)) == words


def test_every_mark_on_a_chart_is_explained_and_no_other(series: Series, safe: dict) -> None:
    plain = series((0.9, 0.75) * 12)
    rows = process.rows(plain, safe)
    found = [mark.words for mark in marks(rows, plain, "up")]
    kinds = {row["look"] for row in rows if row["row"] == "point" and row["v"] is not None}
    assert ("A month with the usual ups and downs." in found) == (theme.COMMON.words in kinds)
    assert any("got worse" in words for words in found) == (theme.CONCERN.words in kinds)
    assert any("got better" in words for words in found) == ("Improvement" in kinds)
    hollow = any(row["hollow"] for row in rows if row["row"] == "point")
    assert any(words.startswith("A hollow") for words in found) == hollow
    odd = plain.with_columns(kind=pl.lit("concern"), provisional=pl.lit(True))
    found = [mark.words for mark in marks(process.rows(odd, safe), odd, "up")]
    assert found[0].startswith("A sign that things got worse")
    assert "A hollow mark: this number may still change." in found


def _masked(*rows: dict[str, object]) -> pl.DataFrame:
    plain = {
        "measure": "SS-O1",
        "month": date(2026, 3, 1),
        "months": 1,
        "value": None,
        "numerator": None,
        "suppression_reason": None,
        "queried": False,
        "provisional": False,
    }
    schema = {"value": pl.Float64, "numerator": pl.Float64, "suppression_reason": pl.String}
    return pl.DataFrame([plain | row for row in rows], schema_overrides=schema)


@pytest.mark.parametrize(
    ("share", "said", "filled"),
    [
        (0.84, "About 8 in every 10 patients said they felt safe from sexual harm.", 8),
        (0.97, "In March 2026, nearly all patients said they felt safe from sexual harm.", None),
        (0.03, "In March 2026, very few patients said they felt safe from sexual harm.", None),
        (1.0, "In March 2026, all patients said they felt safe from sexual harm.", None),
        (0.0, "In March 2026, no patients said they felt safe from sexual harm.", None),
    ],
)
def test_for_sharing_a_share_is_said_in_tenths(share, said, filled) -> None:
    block = easy_read.shared({"SS-O1": {}}, _masked({"value": share}), date(2026, 3, 1))[1]
    assert block.lines[-1] == said
    assert block.figures == (people(filled, 10) if filled else None)


def test_for_sharing_what_is_hidden_is_not_called_missing() -> None:
    measures = {"SS-O1": {}, "SS-O2": {}, easy_read.INCIDENTS: {}, easy_read.CHARTER_IN_PLACE: {}}
    hidden = {"suppression_reason": "hidden"}
    kinds = [{"measure": m, "months": 12 if m == "SS-I1" else 1} for m in measures]
    month = date(2026, 3, 1)
    all_hidden = _masked(*(kind | hidden for kind in kinds))
    for block in easy_read.shared(measures, all_hidden, month)[1:5]:
        assert block.lines[0] == "We can’t show this here."
    said = [block.lines for block in easy_read.shared(measures, _masked(*kinds), month)[1:5]]
    assert said == [
        ("We have no answers.",),
        ("We have no answers.",),
        ("We have not sent numbers for a whole year yet.",),
        ("We have not reported on our charter for March 2026.",),
    ]


@pytest.mark.parametrize("size", [16, 22])
def test_a_pdf_is_read_in_order_and_its_symbols_are_passed_over(
    series: Series, safe: dict, size: int
) -> None:
    blocks = tuple(_blocks(series((0.9, 0.75) * 12), safe).values())
    page = EasyRead("Alder Ward", "Zedshire Trust", "Fictional.", blocks)
    about = {"size": size, "pages": [asdict(page), asdict(page)]}
    made = document("easy_read", "Easy read", MADE, about)
    assert made == document("easy_read", "Easy read", MADE, about)
    once = ["Alder Ward", "Zedshire Trust", "Fictional."]
    for block in blocks:
        once += [block.heading, *block.lines]
        once += [block.figures.alt] if block.figures else []
        once += [mark.words for mark in block.marks]
        once += [*block.questions]
        once += [block.chart.alt] if block.chart else []
    assert tags.sentences(made) == 2 * once
    text = PdfReader(BytesIO(made)).pages[0].extract_text()
    assert "Alder Ward, page 1" in text


def test_a_web_page_says_the_same(series: Series, safe: dict) -> None:
    blocks = tuple(_blocks(series((0.9, 0.75) * 12), safe).values())
    page = EasyRead("Alder <b>Ward</b>", "Zedshire Trust", "", blocks)
    made = easy_read_files._html("Easy read", [page], 22)
    assert "Alder &lt;b&gt;Ward&lt;/b&gt;" in made
    assert "font-size: 22pt" in made
    for block in blocks:
        for line in (*block.lines, *block.questions, *(mark.words for mark in block.marks)):
            assert f">{line}</" in made
    assert made.count('aria-hidden="true" focusable="false"') == len(blocks)
    assert 'aria-label="12 figures, 9 of them filled in."' in made
