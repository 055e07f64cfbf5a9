"""Strangers are refused or shown the entry; taking in their files would be noticed."""

import pytest

from tests.campaign.strangers import GROWTH, LARGE, VISITS, campaign

pytestmark = pytest.mark.slow


def test_a_few_strangers_get_nothing_and_leave_no_memory_behind(tmp_path):
    counts = campaign(tmp_path, visits=40, seed=2026)
    assert counts.unexpected == []
    assert {each.partition(":")[0] for each in counts.visits} == set(VISITS)
    assert counts.growth <= GROWTH
    assert counts.waits  # for /healthz; how long they are says as much about the machine


@pytest.mark.campaign
def test_thousands_of_strangers_get_nothing_and_leave_no_memory_behind(tmp_path):
    counts = campaign(tmp_path, visits=4000, seed=1)
    assert counts.unexpected == []
    assert counts.growth <= GROWTH


def test_files_taken_in_from_anybody_are_noticed(tmp_path):
    counts = campaign(tmp_path, visits=100, seed=2026, control=True)
    taken_in = [each for each in counts.unexpected if each.startswith("upload came to 2")]
    assert taken_in
    assert counts.memory[-1] - counts.memory[1] > len(taken_in) * LARGE / 2**20 / 2
