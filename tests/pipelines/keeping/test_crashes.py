"""A crash at any point leaves the archive with all of an entry or none, and a release in use."""

import os
import shutil

import pytest

from pipelines.keeping.home import Home
from pipelines.keeping.layout import chain_file
from pipelines.keeping.verify import archive_problems
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from tests import worlds
from tests.pipelines.keeping import crash
from tests.pipelines.keeping.crash import crashed

NOW = worlds.received(worlds.LAST + 1)
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to kill many quickly")


@pytest.fixture(scope="module")
def short_home(tmp_path_factory):
    """Two months of returns and their release: each crash happens to a copy of it."""
    home = worlds.small_world(tmp_path_factory.mktemp("short") / "home", worlds.LAST + -1)
    build(home, worlds.received(worlds.LAST))
    return home


@pytest.mark.slow
def test_a_return_is_kept_whole_or_not_at_all(short_home, tmp_path):
    before = short_home.archive.state()
    copies = crashed(short_home, tmp_path / "copies", "keep")
    assert len(copies) > 7
    for home, lived, copy in _whole(copies):
        kept = home.archive.state() != before
        assert kept or not lived, copy.name
        again = worlds.send(home, "Z01", worlds.LAST + 1)  # the sender tries again
        assert again.already_kept == kept, copy.name
        assert again.receipt.version == 1
        _has_one_chain(home)


@pytest.mark.slow
def test_a_decision_and_a_register_are_kept_whole_or_not_at_all(short_home, tmp_path):
    before = short_home.archive.state()
    copies = crashed(short_home, tmp_path / "copies", "decide")
    assert len(copies) > 15
    for home, lived, copy in _whole(copies):
        assert home.archive.state() != before or not lived, copy.name
        crash.decide(home)  # whoever decides tries again
        assert len(home.archive.decisions()) == 1, copy.name
        _has_one_chain(home)


def _whole(copies):
    """Each home after a crash, with nothing wrong in its archive, and whether the process lived."""
    for copy, lived in copies.items():
        home = Home(copy)
        assert archive_problems(home.archive) == [], copy.name
        yield home, lived, copy


def _has_one_chain(home):
    """Nothing on it twice, nothing off it, and nothing cut short is left."""
    assert archive_problems(home.archive) == [], home.root.name
    entries = [link.entry for link in home.archive.links()]
    assert len(entries) == len(set(entries)), home.root.name
    assert home.archive.settle().size == chain_file(home.archive.root).stat().st_size


@pytest.mark.slow
def test_a_release_is_in_use_whatever_happens_to_the_next(short_home, tmp_path):
    old = release_file.current(short_home.releases).stem
    worlds.send(home := _copy(short_home, tmp_path), "Z02", worlds.LAST + 1)
    copies = crashed(home, tmp_path / "copies", "build")
    assert len(copies) > 4
    seen = set()
    for copy in copies:
        home = Home(copy)
        used = release_file.current(home.releases)
        assert release_file.is_whole(used), copy.name
        assert archive_problems(home.archive) == [], copy.name
        seen.add(used.stem == old)
        path = build(home, NOW)  # the next one makes what the crash prevented
        state = release_file.read(path, "SELECT archive_state FROM release").item()
        assert state == home.archive.state(), copy.name
    assert seen == {True, False}


def _copy(home, tmp_path):
    return Home(shutil.copytree(home.root, tmp_path / "home"))
