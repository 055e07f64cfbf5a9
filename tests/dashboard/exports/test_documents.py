"""Pictures, ward sheets and the monthly pack: files that stand by themselves."""

from collections.abc import Callable
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from dashboard import store
from dashboard.access import Scope
from dashboard.charts import process
from dashboard.exports import (
    chart_pictures,
    html_document,
    masked,
    monthly_pack,
    pdf,
    ward_sheet,
    ward_sheet_files,
)
from pipelines import measures as measure_files
from schemas.programme import DisclosurePolicy
from tests.dashboard import tiny_release

Series = Callable[..., pl.DataFrame]
MADE = datetime.fromisoformat("2026-04-15T09:30")
BEGINNINGS = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<svg "}


class _Links(HTMLParser):
    """Every address that a file would fetch when it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            str(value) for name, value in attrs if name in ("src", "href", "xlink:href") and value
        ]


@pytest.mark.parametrize("kind", chart_pictures.TYPES)
def test_a_chart_is_a_file_of_its_kind(kind: str, series: Series, safe: dict) -> None:
    spec = process.spec(process.reading(safe))
    rows = process.rows(series(), safe)
    named = chart_pictures.titled(spec, "Safe", ["Higher is better."])
    made = chart_pictures.picture(named, rows, kind, alt="A<b")
    assert made.startswith(BEGINNINGS[kind])
    assert "datasets" not in spec
    assert "title" not in spec


def test_an_svg_carries_its_words(series: Series, safe: dict) -> None:
    spec = process.spec(process.reading(safe))
    rows = process.rows(series(), safe)
    named = chart_pictures.titled(spec, "It is safe")
    svg = chart_pictures.picture(named, rows, "svg", alt='Says "A" & <b>').decode()
    assert 'role="img" aria-label="Says &quot;A&quot; &amp; &lt;b&gt;"' in svg
    assert "It is safe" in svg
    assert 'role="img"' not in chart_pictures.picture(spec, rows, "svg").decode()[:20]


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
        },
    }
    figures = ward_sheet.WardFigures(**about | change)
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
    few = {0: {"denominator": 4.0, "numerator": 1.0, "value": 0.25}}
    page = _html(_sheet(series((0.25,), few), {"SS-O1": safe}))
    assert "Fewer than 5 people answered in April 2024: too few to show." in page
    assert "1 of 4" not in page
    assert "<svg" not in page


def test_a_ward_sheet_of_nothing_says_so(series: Series, safe: dict) -> None:
    page = _html(_sheet(series((None,)), {"SS-O1": safe}, False, incidents=None, charter=None))
    assert "We have no answers for April 2024." in page
    assert "no figures about incidents" in page
    assert "not said yet" in page
    assert "Fictional" not in page


def test_all_wards_of_a_trust_are_one_file(series: Series, safe: dict) -> None:
    page = _sheet(series(), {"SS-O1": safe})
    whole = ward_sheet_files._sheets_html("Ward sheets", [page, page])
    assert whole.count('<article class="fs-sheet">') == 2
    links = _Links()
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
    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") == 2
    assert b"/CreationDate (D:20260415103000" in made, "in London, and not when it was taken"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[masked.Ask, dict[str, object]]:
    """The questions of the programme team about a small release."""
    home: Path = tmp_path_factory.mktemp("home")
    tiny_release.write(home)
    release = store.current(home / "releases")
    scope = Scope(role="programme", trusts=frozenset(), email="team@example.org", name="Team")
    connection = store.open(release, scope)
    return lambda question, **about: question(connection, **about), store.facts(release)


@pytest.mark.parametrize("audience", ["programme", "public"])
def test_the_pack_is_made_for_its_audience(asked, audience) -> None:
    ask, facts = asked
    made = monthly_pack.pack(ask, facts, measure_files.load(), DisclosurePolicy(), audience)
    whole = html_document.report_html(made)
    links = _Links()
    links.feed(whole)
    assert links.found == []
    assert pdf.report_pdf(made).startswith(b"%PDF")
    small = "Contains small numbers" in whole
    assert small == (audience == "programme")
    assert ("Lower limit" in whole) == (audience == "programme")
    assert "Ward charters" in whole


def test_the_public_pack_holds_no_figure_the_public_may_not_have(asked) -> None:
    ask, facts = asked
    measures = measure_files.load()
    public = masked.observations(ask, measures, DisclosurePolicy(), "public")
    hidden = public.filter((pl.col("level") == "programme") & (pl.col("state") == "suppressed"))
    exact = masked.observations(ask, measures, DisclosurePolicy(), "programme")
    made = monthly_pack.pack(ask, facts, measures, DisclosurePolicy(), "public")
    whole = html_document.report_html(made)
    rounded = public.filter(pl.col("state") == "value").select("numerator", "denominator")
    allowed = {int(n) for row in rounded.iter_rows() for n in row if n is not None}
    raw = exact.filter(pl.col("level") == "programme")
    for row in raw.iter_rows(named=True):
        for number in (row["numerator"], row["denominator"]):
            if number and number > 1000 and int(number) not in allowed:
                assert f"{int(number)}" not in whole
                assert f"{int(number):,}" not in whole
    assert hidden.height + len(allowed) > 0


def test_a_missing_letter_is_not_the_end_of_a_pdf() -> None:
    report = html_document.Report(
        "“A” – ’b’", MADE, ("→ 日本",), ("Note",), (html_document.Section("Heading", ("Said.",)),)
    )
    assert pdf.report_pdf(report).startswith(b"%PDF")
