"""Whatever is damaged is named, a disk that fails leaves nothing half done, controls are caught."""

import errno
import shutil
from pathlib import Path

import pytest

from pipelines.keeping import verify
from pipelines.keeping.home import Home
from tests.campaign import faults
from tests.campaign.faults import ACTS, Counts, damage, failing_disks, kinds, made

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return made(tmp_path_factory.mktemp("made"))


def test_some_damaged_files_are_named_and_the_rest_works(home, tmp_path):
    places = kinds(home)[::8]
    counts = damage(tmp_path, home, 7, Counts(), places)
    assert counts.wrong == []
    assert counts.tried["cut off"] == len(places) >= 3


@pytest.mark.campaign
def test_every_kind_of_damaged_file_is_named_and_the_rest_works(home, tmp_path):
    assert damage(tmp_path, home, 1, Counts(), kinds(home)).wrong == []


def test_a_disk_that_fails_at_any_step_of_a_decision_leaves_it_whole(home, tmp_path):
    counts = failing_disks(tmp_path, home, Counts(), ("register",), (errno.ENOSPC,))
    assert counts.wrong == []
    assert counts.tried["disk: ENOSPC"] > 5


@pytest.mark.campaign
def test_a_disk_that_fails_at_any_step_of_any_act_leaves_it_whole(home, tmp_path):
    assert failing_disks(tmp_path, home, Counts(), tuple(ACTS)).wrong == []


def test_a_chain_that_nobody_compares_is_noticed(home, tmp_path, monkeypatch):
    monkeypatch.setattr(verify, "chain_problems", lambda *about: [])
    places = [place for place in kinds(home) if "attempts" in place.parts]
    assert damage(tmp_path, home, 7, Counts(), places).wrong


def test_a_rename_that_leaves_half_is_noticed(home, tmp_path, monkeypatch):
    def half(name, arguments):
        if name == "rename":
            staged, path = map(Path, arguments)
            path.mkdir()
            shutil.copy(staged / "receipt.json", path)

    monkeypatch.setattr(faults, "on_the_way", half)
    counts = Counts(enough=True)
    assert failing_disks(tmp_path, home, counts, ("register",), (errno.ENOSPC,)).wrong
