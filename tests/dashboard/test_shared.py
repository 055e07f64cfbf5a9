"""Processes of one home count together, and what they note outlives them."""

import os
import stat
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.identity import SignIns
from dashboard.rate_limits import RateLimits
from dashboard.shared import FILE, Shared
from tests.patience import PATIENCE

NOW = datetime(2026, 4, 20, 9, 30, tzinfo=UTC)
TODAY = NOW.date()


def limits(shared, now=NOW):
    return RateLimits({"uploads": "3 per 10 minutes"}, lambda: now, shared)


def test_two_processes_accept_no_more_than_one(tmp_path):
    one, two = limits(Shared(tmp_path)), limits(Shared(tmp_path))
    assert [each.ask("uploads", "a") for each in (one, two, one)] == [None] * 3
    assert two.ask("uploads", "a").seconds == 600
    assert two.ask("uploads", "b") is None


def test_a_request_counts_for_as_long_as_it_should(tmp_path):
    shared = Shared(tmp_path)
    for minute in (0, 4, 8):
        assert limits(shared, NOW + timedelta(minutes=minute)).ask("uploads", "a") is None
    assert limits(shared, NOW + timedelta(minutes=9)).ask("uploads", "a").seconds == 60
    assert limits(shared, NOW + timedelta(minutes=10)).ask("uploads", "a") is None
    assert limits(shared, NOW + timedelta(minutes=10)).ask("uploads", "a").seconds == 240


def test_what_a_clock_that_was_ahead_counted_holds_nobody_up(tmp_path):
    shared = Shared(tmp_path)
    ahead = limits(shared, NOW + timedelta(days=400))
    assert [ahead.ask("uploads", "a") is None for _ in range(4)] == [True, True, True, False]
    assert limits(shared).ask("uploads", "a") is None


_COUNTS = """
import sys
from datetime import UTC, datetime
from pathlib import Path

from dashboard.rate_limits import RateLimits
from dashboard.shared import Shared

now = datetime(2026, 4, 20, 9, 30, tzinfo=UTC)
limits = RateLimits({"uploads": "50 per 10 minutes"}, lambda: now, Shared(Path(sys.argv[1])))
print(sum(limits.ask("uploads", "a") is None for _ in range(40)))
"""


def test_processes_that_count_at_once_lose_none(tmp_path):
    program = [sys.executable, "-c", _COUNTS, str(tmp_path)]
    running = [subprocess.Popen(program, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    accepted = [int(each.communicate(timeout=PATIENCE)[0]) for each in running]
    assert sum(accepted) == 50


def test_a_sign_out_holds_in_every_process_and_after_a_restart(tmp_path):
    assert SignIns(Shared(tmp_path)).end("key", NOW)
    other = SignIns(Shared(tmp_path))
    assert other.ended("key")
    assert not other.end("key", NOW)


def test_use_counts_from_the_day_it_was_first_noted(tmp_path):
    shared = Shared(tmp_path)
    assert shared.last_used("a", TODAY) == TODAY
    assert shared.last_used("a", TODAY + timedelta(days=9)) == TODAY
    shared.use("a", date(2026, 5, 1))
    again = Shared(tmp_path)
    assert again.last_used("a", TODAY + timedelta(days=20)) == date(2026, 5, 1)
    assert again.last_used("b", TODAY + timedelta(days=20)) == TODAY


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_nobody_else_can_read_it(tmp_path):
    shared = Shared(tmp_path)
    shared.use("a", TODAY)
    assert [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob(f"{FILE}*")] == [0o600] * 3
