"""The guard in conftest.py does what it says."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

TREE = Path(__file__).parents[1]


@pytest.mark.parametrize("home", ["data/demo", "data/programme"])
def test_a_test_that_touches_a_real_home_fails(home):
    with pytest.raises(BaseException, match="give it a home of its own"):
        (TREE / home / "programme.toml").read_text()
    with pytest.raises(BaseException, match="give it a home of its own"):
        (TREE / home).mkdir()


@pytest.mark.parametrize(
    "act",
    [
        lambda home, own: os.listdir(home),
        lambda home, own: open(os.path.relpath(home / "x"), "w"),  # noqa: SIM115
        lambda home, own: open(os.fsencode(home / "releases" / "x")),  # noqa: SIM115
        lambda home, own: (own / "file").rename(home / "file"),
        lambda home, own: (home / "file").rename(own / "file"),
        lambda home, own: (home / "file").unlink(),
    ],
    ids=["list", "relative", "bytes", "into it", "out of it", "delete"],
)
def test_whatever_it_does_there(tmp_path, act: Callable[[Path, Path], object]):
    (tmp_path / "file").touch()
    with pytest.raises(BaseException, match="give it a home of its own"):
        act(TREE / "data" / "programme", tmp_path)


def test_nothing_outside_can_be_looked_up():
    with pytest.raises(BaseException, match="nothing outside may be reached"):
        socket.getaddrinfo("example.org", 443)


def test_the_rest_of_the_data_folder_is_free_to_read():
    assert (TREE / "data" / "measures" / "SS-O1_patients_feel_safe.toml").read_text()


def test_a_home_of_its_own_is_free_to_write(tmp_path):
    (tmp_path / "data" / "demo").mkdir(parents=True)
    assert (tmp_path / "data" / "demo").is_dir()
