"""Nobody is shown another trust, by any screen or program; a leak put in on purpose is noticed."""

from pathlib import Path

import pytest

from pipelines.keeping.home import Home
from tests.campaign.scope import PATHS, Counts, figures, files, made, reports, screens
from tests.dashboard.tiny_release import everything

pytestmark = pytest.mark.slow
FEW = ["", "our-wards", "who-feels-safe", "take-away"]  # a group reader's first is their group


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder: Path = tmp_path_factory.mktemp("scope")
    return made(folder / "home")


def test_a_few_screens_opened_by_everyone_at_once_tell_nothing_of_another_trust(home):
    assert set(FEW) <= set(PATHS)
    counts = screens(home, FEW, Counts())
    assert counts.told == []
    assert counts.looked_at["screen"] == 192  # four screens, eight addresses, six people


def test_no_table_of_what_is_looked_at_is_empty():
    assert {name for name, table in everything().items() if table.is_empty()} == set()


def test_a_program_is_told_nothing_of_another_trust(home):
    counts = figures(home, Counts())
    assert counts.told == []
    assert counts.looked_at == {"answer of the API": 260, "token refused": 8}


def test_no_pack_that_is_sent_tells_anything_of_another_trust(home):
    counts = reports(home, Counts())
    assert counts.told == []
    assert counts.looked_at == {"report": 5, "report refused": 31}  # each their own, and no more
    assert reports(home, Counts(), control=True).told, "a scope that is too wide is noticed"


@pytest.mark.campaign
def test_every_screen_and_every_file_tell_nothing_of_another_trust(home):
    counts = reports(home, files(home, screens(home, PATHS, Counts())))
    assert counts.told == []


def test_a_scope_that_is_too_wide_is_noticed(home):
    assert screens(home, ["our-wards"], Counts(), control=True).told
