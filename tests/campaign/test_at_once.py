"""Of many returns sent at once none is lost; the campaign notices if nobody waits for a turn."""

import pytest

from tests.campaign.at_once import campaign

pytestmark = pytest.mark.slow


def test_a_few_at_once_are_all_kept_without_a_gap(tmp_path):
    counts = campaign(tmp_path, trusts=3, returns=6)
    assert (counts.receipts, counts.wrong) == (18, [])


@pytest.mark.campaign
def test_six_hundred_at_once_are_all_kept_without_a_gap(tmp_path):
    counts = campaign(tmp_path, trusts=60, returns=10)
    assert (counts.receipts, counts.wrong) == (600, [])


def test_a_turn_that_nobody_waits_for_is_noticed(tmp_path):
    assert campaign(tmp_path, trusts=3, returns=6, control=True).wrong
