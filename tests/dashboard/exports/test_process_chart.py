"""One process chart as a file: with its paths where it is exact, and without any for sharing."""

import polars as pl
import pytest

from dashboard import store
from dashboard.access import Scope
from dashboard.exports import masked, process_chart
from dashboard.exports.order import Order
from pipelines import measures as measure_files
from schemas.programme import DisclosurePolicy
from tests.dashboard import tiny_release

(RESTRICTIVE,) = (measure for measure in measure_files.load() if measure.id == "SS-B1")
OWN = "its own made-up ambition, 30% less than the mean of 7,100.0"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    """The text of a drawing of the Z01 trust total, for its lead or for sharing."""
    home = tmp_path_factory.mktemp("home")
    tiny_release.write(home)
    release = store.current(home / "releases")
    scope = Scope(role="trust", trusts=frozenset({"Z01"}), email="lead1@example.org", name="Lena")
    connection = store.open(release, scope)

    def ask(question, **about):
        return question(connection, **about)

    def draw(audience: str) -> str:
        table = masked.observations(ask, measure_files.load(), DisclosurePolicy(), audience)
        # A trust total of two wards can't be shared; here it is, as if there were more of them.
        table = table.with_columns(
            state=pl.lit("value"), value=pl.lit(0.01), numerator=pl.lit(10.0)
        )
        order = Order("chart", audience, "svg", trust="Z01", measure="SS-B1")
        facts = store.facts(release)
        return process_chart.content(ask, facts, RESTRICTIVE, table, order).decode()

    return draw


def test_the_exact_chart_has_both_paths_and_their_sentences(made) -> None:
    drawn = made("own")
    assert OWN in drawn
    assert "Own target" in drawn


def test_a_chart_for_sharing_has_no_path_and_no_baseline(made) -> None:
    drawn = made("public")
    assert "Restrictive interventions" in drawn
    assert "ambition" not in drawn
    assert "arget" not in drawn
    assert "7,100" not in drawn
