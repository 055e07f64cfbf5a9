"""The monthly pack: whole for its audience, and no figure the public may not have."""

from pathlib import Path

import polars as pl
import pytest

from dashboard import store
from dashboard.access import Scope
from dashboard.exports import (
    html_document,
    masked,
    monthly_pack,
    pdf,
)
from pipelines import measures as measure_files
from schemas.programme import DisclosurePolicy
from tests.dashboard import tiny_release
from tests.dashboard.exports.inside import Links


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
    made = monthly_pack.pack(ask, facts, measures, table)
    whole = html_document.report_html(made)
    links = Links()
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
    made = monthly_pack.pack(ask, facts, measures, public)
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
    exact = monthly_pack.exact(ask, restrictive)
    assert any("10% less than the mean of 55,000.0" in sentence for sentence in exact.sentences)
    assert "Target 49,500.0" in exact.picture.svg
    table = masked.observations(ask, measures, DisclosurePolicy(), "public")
    shared = monthly_pack.masked_only(table, restrictive)
    assert "ambition" not in repr(shared)
    assert "Target" not in repr(shared)
