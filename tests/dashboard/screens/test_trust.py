"""A trust's own total: charts of all its wards together, and its wards side by side."""

import polars as pl
import pytest

from dashboard.panels import who_by_whom
from tests.dashboard.screens.opening import LEAD1, LEAD2, REGION, TEAM, shown
from tests.dashboard.tiny_release import NAMES, NUMBER, WARDS


@pytest.mark.parametrize("email", [TEAM, LEAD1])
def test_the_wards_of_a_trust_together_have_charts(visit, email):
    app = visit(email, "trust", trust="Z01")
    assert not app.exception
    assert app.title[0].value == NAMES["Z01"]
    text = shown(app)
    assert "level=trust&amp;unit=Z01" in text  # each figure leads to the wards that it adds up
    assert "ward?ward=Z01-OAK1" in text
    assert "Start new limits…" in [fold.label for fold in app.expander]


def test_a_region_reads_a_trust_and_decides_nothing(visit):
    app = visit(REGION, "trust", trust="Z01")
    assert not app.exception
    assert "Start new limits…" not in [fold.label for fold in app.expander]


def test_the_address_of_another_trust_shows_ones_own(visit):
    app = visit(LEAD2, "trust", trust="Z01")
    assert app.title[0].value == NAMES["Z02"]


def test_who_was_affected_by_whom_is_for_the_trust_itself_and_the_programme_team(visit):
    about = "Who was affected, by whom"
    for email, path in ((TEAM, "trust"), (LEAD1, "trust"), (LEAD1, "our-wards")):
        text = shown(visit(email, path, trust="Z01"))
        assert about in text
        assert (
            "Most often a patient was affected and a patient is alleged to be responsible" in text
        )
        assert f"{2 * (NUMBER['Z01'] + 41):,}" in text, "of its two wards, in the year"
    whole = shown(visit(TEAM, "incidents"))
    assert f"{sum(NUMBER[ward[:3]] + 41 for ward in WARDS):,}" in whole
    assert "5 wards filled in the table" in whole
    for path in ("trust", "our-wards", "ward"):
        assert about not in shown(visit(REGION, path))
    assert about not in shown(visit(LEAD1, "ward")), "not ward by ward"


def test_where_nobody_counts_who_was_affected_by_whom_there_is_no_table(visit, monkeypatch):
    monkeypatch.setattr(who_by_whom, "who_by_whom", lambda *_, **__: pl.DataFrame())
    assert "by whom" not in shown(visit(TEAM, "incidents"))
