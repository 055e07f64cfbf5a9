"""Anyone who asks too often learns when to try again, and nobody else is held up."""

from datetime import UTC, datetime

import pytest

from dashboard.rate_limits import LimitError, RateLimits, Wait
from dashboard.shared import Shared


def now() -> datetime:
    """A clock that stands still: a machine that is busy takes minutes over a second's work."""
    return datetime(2026, 3, 10, 9, tzinfo=UTC)


def test_after_so_many_the_next_one_waits_and_another_person_does_not():
    limits = RateLimits({"uploads": "3 per 10 minutes"}, now, Shared())
    assert [limits.ask("uploads", "lead1@example.org") for _ in range(3)] == [None] * 3
    wait = limits.ask("uploads", "lead1@example.org")
    assert wait
    assert wait.seconds == 600
    assert wait.sentence == "At most 3 in 10 minutes are accepted. Try again in 10 minutes."
    assert limits.ask("uploads", "lead2@example.org") is None


def test_kinds_are_counted_apart():
    limits = RateLimits({"uploads": "1 per minute", "api": "1 per minute"}, now, Shared())
    assert limits.ask("uploads", "a") is None
    assert limits.ask("api", "a") is None
    assert limits.ask("api", "a")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "in 1 second"), (89, "in 89 seconds"), (91, "in 2 minutes"), (600, "in 10 minutes")],
)
def test_a_wait_is_said_as_people_say_it(seconds, words):
    assert Wait("5 in a minute", seconds).words == words


@pytest.mark.parametrize("text", ["lots", "", "0 per minute", "-1 per minute", "5 per fortnight"])
def test_a_limit_that_is_none_is_refused_in_a_sentence(text):
    with pytest.raises(LimitError, match=r"FEELING_SAFE_LIMIT_UPLOADS is .* write it like"):
        RateLimits({"uploads": text}, now, Shared())
