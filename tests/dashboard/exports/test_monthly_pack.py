"""The monthly pack: whole for its audience, and no figure the public may not have."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from pypdf import PdfReader

from dashboard import store
from dashboard.access import Scope
from dashboard.exports import (
    html_document,
    masked,
    monthly_pack,
    pack_exact,
    pack_shared,
    pdf,
)
from dashboard.exports.order import CannotMake, Order
from dashboard.exports.pack_exact import Subject
from dashboard.page import measures as featured
from dashboard.queries import organisations
from dashboard.queries.series import coverage, signals, standing_out
from dashboard.words import headlines
from pipelines import measures as measure_files
from schemas.programme import DisclosurePolicy, Programme
from tests.dashboard import tiny_release
from tests.dashboard.exports.inside import Links

TINY = Programme(name="Tiny programme", fictional=True, first_month="2025-01")
PROGRAMME = Subject("programme", "programme", "the whole programme")


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
    measures = measure_files.load()
    table = None
    if audience in masked.SHARED:
        table = masked.observations(ask, measures, DisclosurePolicy(), audience)
    made = monthly_pack.pack(ask, facts, measures, Order("pack", audience, "pdf"), table, TINY)
    whole = html_document.report_html(made)
    links = Links()
    links.feed(whole)
    assert links.found == []
    assert pdf.report_pdf(made).startswith(b"%PDF")
    small = "Contains small numbers" in whole
    assert small == (audience == "programme")
    assert ("Lower limit" in whole) == (audience == "programme")
    assert "Ward charter in place" in whole
    assert [section.heading for section in made.front][:2] == ["The headline", "In figures"]


def test_a_pack_asks_once_for_the_signals_of_its_subject_and_once_for_those_of_its_wards(
    asked,
) -> None:
    ask, facts = asked
    levels = []

    def noted(question, **about):
        if question is signals:
            levels.append(about["level"])
        if question is standing_out:
            levels.append("which stand out")
        return ask(question, **about)

    order = Order("pack", "programme", "html")
    monthly_pack.pack(noted, facts, measure_files.load(), order, None, TINY)
    assert levels == ["programme", "ward", "which stand out"]


def test_the_public_pack_holds_no_figure_the_public_may_not_have(asked) -> None:
    ask, facts = asked
    measures = measure_files.load()
    public = masked.observations(ask, measures, DisclosurePolicy(), "public")
    hidden = public.filter((pl.col("level") == "programme") & (pl.col("state") == "suppressed"))
    exact = masked.observations(ask, measures, DisclosurePolicy(), "programme")
    made = monthly_pack.pack(ask, facts, measures, Order("pack", "public", "html"), public, TINY)
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


def test_a_path_is_only_drawn_where_the_figures_it_starts_from_are_shown(asked) -> None:
    ask, _ = asked
    measures = measure_files.load()
    (restrictive,) = (measure for measure in measures if measure.id == "SS-B1")
    now = pack_exact.signals_now(ask, PROGRAMME, [restrictive])
    exact = pack_exact.chart(ask, PROGRAMME, restrictive, now)
    assert any("10% less than the mean of 55,000.0" in sentence for sentence in exact.sentences)
    assert "Target 49,500.0" in exact.picture.svg
    table = masked.observations(ask, measures, DisclosurePolicy(), "public")
    mine = table.filter(pl.col("level") == "programme", pl.col("measure") == restrictive.id)
    shared = pack_shared.chart(mine, restrictive, PROGRAMME.name)
    assert "ambition" not in repr(shared)
    assert "Target" not in repr(shared)


def test_the_headline_is_the_one_of_the_overview_and_of_the_trust(asked) -> None:
    """Both are put together from the same rows by the same function, and say who answered."""
    ask, facts = asked
    for order, unit in (
        (Order("pack", "programme", "pdf"), ("programme", "programme")),
        (Order("pack", "programme", "pdf", "Z01"), ("trust", "Z01")),
    ):
        made = monthly_pack.pack(ask, facts, measure_files.load(), order, None, TINY)
        level, code = unit
        rows = {
            row["measure"]: row
            for row in ask(signals, level=level, units=(code,)).iter_rows(named=True)
        }
        pair = (featured.PATIENTS, featured.STAFF)
        about = [
            row
            for row in ask(organisations.measures).iter_rows(named=True)
            if row["measure"] in pair
        ]
        counted = ask(coverage, level=level).filter(unit_id=code, measure=featured.PATIENTS)
        said = headlines.feeling_safe(
            about,
            [rows.get(measure) for measure in pair],
            counted.select("wards", "wards_expected").row(0),
        )
        assert made.front[0].sentences == (said,)


def test_the_edition_of_a_trust_names_no_other_trust(asked) -> None:
    ask, facts = asked
    order = Order("pack", "programme", "pdf", "Z01")
    made = repr(monthly_pack.pack(ask, facts, measure_files.load(), order, None, TINY))
    assert tiny_release.NAMES["Z01"] in made
    others = [name for code, name in tiny_release.NAMES.items() if code != "Z01"]
    assert [name for name in others if name in made] == []
    assert "for the programme team" not in made


def test_there_is_no_pack_of_a_ward_or_of_a_trust_that_is_not_there(asked) -> None:
    ask, facts = asked
    known = measure_files.load()
    for trust, ward in (("Z77", None), ("Z01", "Z01-ALDER1")):
        order = Order("pack", "programme", "pdf", trust, ward)
        with pytest.raises(CannotMake, match="choose another one"):
            monthly_pack.pack(ask, facts, known, order, None, TINY)


def test_staff_confidence_is_the_measure_that_screens_call_so() -> None:
    assert pack_exact.CONFIDENT == featured.CONFIDENT


def test_the_headline_is_one_page_of_the_pdf_and_gives_way_to_more_words(asked) -> None:
    ask, facts = asked
    order = Order("pack", "programme", "pdf")
    made = monthly_pack.pack(ask, facts, measure_files.load(), order, None, TINY)
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf.report_pdf(made))).pages]
    assert "What to ask next" in pages[0]
    assert "In this pack" in pages[1]
    aims = replace(
        made.front[1], heading="Ambitions", sentences=("It is on its way. " * 12,) * 2, table=None
    )
    long = replace(made, front=(*made.front, aims))
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf.report_pdf(long))).pages]
    assert "Ambitions" in pages[0]
    assert "In this pack" in pages[1]


def test_a_measure_too_rare_for_limits_has_its_running_sum_in_exact_packs_alone(tmp_path) -> None:
    tables = tiny_release.frames()
    rare = pl.col("measure") == "SS-I2"
    tables["signals"] = tables["signals"].with_columns(
        chart=pl.when(rare).then(pl.lit("points")).otherwise("chart")
    )
    tiny_release.write(tmp_path, tables)
    release = store.current(tmp_path / "releases")
    scope = Scope(role="programme", trusts=frozenset(), email="team@example.org", name="Team")
    connection = store.open(release, scope)

    def ask(question, **about):
        return question(connection, **about)

    facts, known = store.facts(release), measure_files.load()
    order = Order("pack", "programme", "html", "Z01")
    made = monthly_pack.pack(ask, facts, known, order, None, TINY)
    headings = [section.heading for section in made.sections]
    at = headings.index("Sexual harassment")
    assert headings[at + 1] == "Sexual harassment, running sum"
    assert sum("running sum" in heading for heading in headings) == 1
    said = made.sections[at + 1]
    assert said.picture is not None
    assert said.table is not None
    assert len(said.table.texts()) == len(tiny_release.MONTHS)
    public = masked.observations(ask, known, DisclosurePolicy(), "public")
    shared = monthly_pack.pack(ask, facts, known, replace(order, audience="public"), public, TINY)
    assert "running sum" not in repr(shared)
