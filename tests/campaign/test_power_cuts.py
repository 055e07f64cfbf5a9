"""Whatever a power cut leaves, nothing is lost or torn; the campaign notices a missing flush."""

from pathlib import Path

import pytest

from tests.campaign.power_cuts import (
    brief,
    campaign,
    forgetting_files,
    forgetting_folders,
    forgetting_the_chain,
    keep,
    recorded,
)


@pytest.mark.slow
def test_a_few_cuts_lose_and_tear_nothing(tmp_path):
    counts = campaign(*recorded(tmp_path, brief), seed=7, most=25)
    assert (counts.cuts, counts.lost, counts.torn) == (25, [], [])


@pytest.mark.campaign
def test_a_thousand_cuts_lose_and_tear_nothing(tmp_path):
    counts = campaign(*recorded(tmp_path), seed=1, most=1000)
    assert (counts.cuts, counts.lost, counts.torn) == (1000, [], [])


@pytest.mark.parametrize(
    "forgetting",
    [
        forgetting_files,
        forgetting_folders,
        pytest.param(
            forgetting_the_chain,
            marks=pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux"),
        ),
    ],
)
def test_a_flush_that_is_left_out_is_noticed(tmp_path, forgetting):
    counts = campaign(*recorded(tmp_path, keep, forgetting), seed=7, most=15)
    assert counts.lost or counts.torn
