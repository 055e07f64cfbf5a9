"""Nobody is shown another trust, by any screen or program; a leak put in on purpose is noticed."""

from pathlib import Path

import pytest

from pipelines.keeping.home import Home
from tests.campaign.scope import PATHS, Counts, figures, files, made, screens

pytestmark = pytest.mark.slow
FEW = ["", "our-wards", "learning", "tests-of-change"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder: Path = tmp_path_factory.mktemp("scope")
    return made(folder / "home")


def test_a_few_screens_opened_by_everyone_at_once_tell_nothing_of_another_trust(home):
    assert set(FEW) <= set(PATHS)
    counts = screens(home, FEW, Counts())
    assert counts.told == []
    assert counts.looked_at["screen"] == 160  # four screens, eight addresses, five people


def test_a_program_is_told_nothing_of_another_trust(home):
    counts = figures(home, Counts())
    assert counts.told == []
    assert counts.looked_at == {"answer of the API": 72, "token refused": 3}


@pytest.mark.campaign
def test_every_screen_and_every_file_tell_nothing_of_another_trust(home):
    counts = files(home, screens(home, PATHS, Counts()))
    assert counts.told == []


def test_a_scope_that_is_too_wide_is_noticed(home):
    assert screens(home, ["our-wards"], Counts(), control=True).told
