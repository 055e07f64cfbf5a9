"""Ward sheets: people are counted in plain English, and each is a page that stands by itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import polars as pl
from pypdf import PdfReader

from dashboard.exports import (
    ward_sheet,
    ward_sheet_files,
)
from dashboard.words.could_find import could_find
from tests.dashboard.exports import tags
from tests.dashboard.exports.inside import Links

Series = Callable[..., pl.DataFrame]
MADE = datetime.fromisoformat("2026-04-15T09:30")


def _sheet(
    points: pl.DataFrame,
    measures: dict[str, dict],
    fictional: bool = True,
    **change: object,
) -> ward_sheet.Sheet:
    about = {
        "points": points,
        "signals": pl.DataFrame([{"measure": "SS-O1", "sentence": "No change that stands out."}]),
        "incidents": {"numerator": 9.0, "months": 11},
        "charter": {
            "stage": "displayed",
            "coproduced_patients": True,
            "coproduced_staff": True,
            "coproduced_carers": False,
            "agreed_on": date(2025, 5, 3),
            "last_reviewed_on": None,
            "conversations_n": None,
            "changes_n": None,
        },
    }
    figures = ward_sheet.WardFigures(**about | change)
    measures = {ward_sheet.INCIDENTS: {}} | measures  # in use, though not charted
    ward, trust, month = "Alder <b>Ward</b>", "Zedshire Trust", points["month"].max()
    return ward_sheet.sheet(ward, trust, month, measures, figures, ward_sheet.notice(fictional, ""))


def _html(sheet: ward_sheet.Sheet) -> str:
    return ward_sheet_files._sheets_html("Ward sheets", [sheet])


def test_a_ward_sheet_counts_people_in_plain_english(series: Series, safe: dict) -> None:
    page = _html(_sheet(series((0.9, 0.75)), {"SS-O1": safe}))
    assert "9 of 12 patients said they felt safe from sexual harm in May 2024." in page
    assert "9 sexual safety incidents were reported on our ward (we have figures for 11" in page
    assert "written together with patients and staff" in page
    assert "It was agreed on 3 May 2025." in page
    assert "Alder &lt;b&gt;Ward&lt;/b&gt;" in page
    assert "Fictional" in page
    assert 'role="img" aria-label="Do patients feel safe?' in page


def test_a_ward_sheet_does_not_show_a_few_peoples_answers(series: Series, safe: dict) -> None:
    few = {0: {"denominator": 4.0, "numerator": 1.0, "value": None, "state": "few"}}
    page = _html(_sheet(series((0.25,), few), {"SS-O1": safe}))
    assert "Too few people answered in April 2024 to show how many felt safe." in page
    assert "1 of 4" not in page
    assert "<svg" not in page


def test_a_ward_sheet_says_what_its_chart_would_have_shown(series: Series, safe: dict) -> None:
    points = series((0.9, 0.75))
    would = could_find({**safe, "unit": "people"}, points, None)
    assert would.startswith("If months differ by chance alone")
    assert " of 12" in would
    assert f"No change that stands out. {would}" in _html(_sheet(points, {"SS-O1": safe}))


def test_a_ward_sheet_says_whether_that_is_more_than_usual(series: Series, safe: dict) -> None:
    usual = "At some time in these months there were more than is usual for us."
    said = _sheet(series(), {"SS-O1": safe}, usual=usual).incidents
    assert f"of those months). {usual} More reports can mean" in said


def test_a_ward_sheet_of_nothing_says_so(series: Series, safe: dict) -> None:
    page = _html(_sheet(series((None,)), {"SS-O1": safe}, False, incidents=None, charter=None))
    assert "We have no answers for April 2024." in page
    assert "no figures about incidents" in page
    assert "not reported on our charter yet" in page
    assert "Fictional" not in page


def test_all_wards_of_a_trust_are_one_file(series: Series, safe: dict) -> None:
    page = _sheet(series(), {"SS-O1": safe})
    whole = ward_sheet_files._sheets_html("Ward sheets", [page, page])
    assert whole.count('<article class="fs-sheet">') == 2
    links = Links()
    links.feed(whole)
    assert links.found == []
    assert 'lang="en-GB"' in whole


def test_a_ward_sheet_is_one_page_of_a_pdf_however_much_it_says(series: Series, safe: dict) -> None:
    signals = pl.DataFrame([{"measure": "SS-O1", "sentence": "It has been higher. " * 12}])
    staff = series((0.5,) * 24).with_columns(measure=pl.lit("SS-O2"))
    page = _sheet(
        pl.concat([series((0.9, 0.75) * 12), staff]),
        {"SS-O1": safe, "SS-O2": safe},
        signals=signals,
    )
    made = ward_sheet_files._sheets_pdf("Ward sheets", [page, page], MADE)
    reader = PdfReader(BytesIO(made))
    assert len(reader.pages) == 2
    assert reader.metadata.creation_date == MADE.replace(tzinfo=UTC), "not when it was taken"
    assert made == ward_sheet_files._sheets_pdf("Ward sheets", [page, page], MADE)


def test_a_ward_sheet_is_read_in_order_and_each_sentence_once(series: Series, safe: dict) -> None:
    staff = series((0.5,) * 24).with_columns(measure=pl.lit("SS-O2"))
    points = pl.concat([series((0.9, 0.75) * 12), staff])
    page = _sheet(points, {"SS-O1": safe, "SS-O2": safe})
    made = ward_sheet_files._sheets_pdf("Ward sheets", [page, page], MADE)
    assert len(page.felt) == 2
    asked = [
        text
        for felt in page.felt
        for text in (felt.heading, felt.answer, felt.chart.alt.strip(), felt.change)
    ]
    assert tags.sentences(made) == 2 * [
        page.ward,
        page.about,
        page.notice,
        *filter(None, asked),
        ward_sheet.REPORTED,
        page.incidents,
        ward_sheet.CHARTER,
        page.charter,
        ward_sheet.NEXT,
        ward_sheet.FOOT,
    ]
    assert [level for level, _ in tags.headings(made)] == 2 * [1, 2, 2, 2, 2, 2]


def test_what_never_fits_on_one_page_runs_on(series: Series, safe: dict) -> None:
    page = _sheet(series((0.9, 0.75)), {"SS-O1": safe})
    longest = replace(page, incidents="Reported. " * 2000)
    made = ward_sheet_files._sheets_pdf("Ward sheets", [longest], MADE)
    assert len(PdfReader(BytesIO(made)).pages) > 1
    assert longest.incidents.strip() in tags.sentences(made)
    assert tags.sentences(made)[-1] == ward_sheet.FOOT


def test_a_ward_with_a_very_long_name_keeps_it_on_the_paper(series: Series, safe: dict) -> None:
    name = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch"
    page = replace(_sheet(series((0.9, 0.75)), {"SS-O1": safe}), ward=name)
    made = ward_sheet_files._sheets_pdf("Ward sheets", [page], MADE)
    (paper,) = PdfReader(BytesIO(made)).pages
    sizes = []
    paper.extract_text(
        visitor_text=lambda text, cm, tm, font, size: sizes.append(size) if name in text else None
    )
    assert sizes
    assert len(name) * max(sizes) * 0.5 < paper.mediabox.width
