"""Whatever a killed process leaves, nothing is lost or torn; the campaign notices what would be."""

import pytest

from tests.campaign.kills import ACTS, Counts, Drawn, campaign

pytestmark = pytest.mark.slow
MANY = 200  # moments drawn for a control, which ends with the first that shows something


def test_a_few_kills_lose_and_tear_nothing(tmp_path):
    counts = campaign(tmp_path, Drawn(7, len(ACTS)), Counts())
    assert (counts.kills, counts.lost, counts.torn) == (len(ACTS), [], [])


@pytest.mark.campaign
def test_a_thousand_kills_lose_and_tear_nothing(tmp_path):
    counts = campaign(tmp_path, Drawn(1, 1000), Counts())
    assert (counts.kills, counts.lost, counts.torn) == (1000, [], [])


def test_what_is_told_before_it_is_kept_is_noticed(tmp_path):
    assert campaign(tmp_path, Drawn(7, MANY, "told early"), Counts(), ("decide",)).lost


def test_a_file_that_is_not_moved_at_once_is_noticed(tmp_path):
    assert campaign(tmp_path, Drawn(7, MANY, "moved slowly"), Counts(), ("decide",)).torn
