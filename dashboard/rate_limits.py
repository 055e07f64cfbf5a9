"""Limits how often a person, a program or an address may ask; all processes count together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import ceil

from limits import RateLimitItem, parse

from dashboard.shared import Shared
from pipelines.settings import Settings

KINDS = ("uploads", "uploads_address", "api", "api_address", "sign_ins_address")


class LimitError(ValueError):
    """A limit that can't be read; the message is a sentence."""


@dataclass(frozen=True)
class Wait:
    """The result of asking too often: the limit, and how many seconds to wait."""

    allowed: str
    seconds: int

    @property
    def sentence(self) -> str:
        """What is allowed, and when to try again."""
        return f"At most {self.allowed} are accepted. Try again {self.words}."

    @property
    def words(self) -> str:
        """When to try again, in words."""
        if self.seconds < 90:
            return f"in {self.seconds} second{'' if self.seconds == 1 else 's'}"
        return f"in {ceil(self.seconds / 60)} minutes"


class RateLimits:
    """Limits by kind; callers are remembered as fingerprints, only for as long as they count."""

    def __init__(
        self, limits: Mapping[str, str], now: Callable[[], datetime], shared: Shared
    ) -> None:
        """`limits` are texts like `30 per 10 minutes`; raises LimitError for anything else."""
        self._limits = {kind: _limit(kind, text) for kind, text in limits.items()}
        self._now, self._shared = now, shared

    def ask(self, kind: str, who: str) -> Wait | None:
        """Count one more request of this kind; how long to wait if that is too many."""
        limit = self._limits[kind]
        caller = f"{kind} {sha256(who.encode()).hexdigest()}"
        now = self._now().timestamp()
        wait = self._shared.request(caller, limit.amount, limit.get_expiry(), now)
        return None if wait is None else Wait(_words(limit), max(1, ceil(wait)))


def limits_in(settings: Settings) -> dict[str, str]:
    """The limit of each kind, as the settings say it."""
    return {kind: getattr(settings, f"limit_{kind}") for kind in KINDS}


def _words(limit: RateLimitItem) -> str:
    unit = type(limit).GRANULARITY.name
    span = f"{limit.multiples} {unit}s" if limit.multiples > 1 else f"a {unit}"
    return f"{limit.amount} in {span}"


def _limit(kind: str, text: str) -> RateLimitItem:
    try:
        limit = parse(text)
    except ValueError:
        limit = None
    if limit is None or limit.amount < 1:
        raise LimitError(
            f"FEELING_SAFE_LIMIT_{kind.upper()} is “{text}”, which is not a valid limit: write it "
            "like “30 per 10 minutes”."
        )
    return limit
