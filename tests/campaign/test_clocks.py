"""Whatever the clock says, the figures are the same; the campaign notices an order by the clock."""

import pytest

from pipelines.keeping.entries import Entries
from tests.campaign.clocks import Counts, campaign

pytestmark = pytest.mark.slow


def test_a_clock_that_jumps_changes_no_figure(tmp_path):
    counts = campaign(tmp_path, 7, 1, Counts())
    assert counts.differs == []
    assert counts.back > 0


@pytest.mark.campaign
def test_fifty_clocks_that_jump_change_no_figure(tmp_path):
    assert campaign(tmp_path, 1, 50, Counts()).differs == []


def test_an_order_by_the_clock_is_noticed(tmp_path, monkeypatch):
    def newest(entries: Entries):
        kept = (r for r in entries.receipts if r.return_id not in entries._gone)
        by_clock = sorted(kept, key=lambda receipt: receipt.received_at)
        return {(receipt.trust_code, receipt.month): receipt for receipt in by_clock}

    monkeypatch.setattr(Entries, "_newest", property(newest))
    assert campaign(tmp_path, 7, 1, Counts()).differs
