"""The guard in conftest.py does what it says."""

from pathlib import Path

import pytest

TREE = Path(__file__).parents[1]


@pytest.mark.parametrize("home", ["data/demo", "data/programme"])
def test_a_test_that_touches_a_real_home_fails(home):
    with pytest.raises(BaseException, match="give it a home of its own"):
        (TREE / home / "programme.toml").read_text()
    with pytest.raises(BaseException, match="give it a home of its own"):
        (TREE / home).mkdir()


def test_the_rest_of_the_data_folder_is_free_to_read():
    assert (TREE / "data" / "measures" / "SS-O1_patients_feel_safe.toml").read_text()


def test_a_home_of_its_own_is_free_to_write(tmp_path):
    (tmp_path / "data" / "demo").mkdir(parents=True)
    assert (tmp_path / "data" / "demo").is_dir()
