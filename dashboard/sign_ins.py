"""What this process remembers of sign-ins: which it has seen, and which were ended.

A browser's cookie outlives a sign-out in another tab, so the end is remembered here too. Each
process remembers for itself, and only as long as a sign-in could still be taken.
"""

from collections import OrderedDict
from datetime import datetime
from threading import Lock

from dashboard.identity import CLOCKS_APART, LONGEST


class SignIns:
    """Keys of sign-ins, each with when it was first seen here and whether it was ended."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._seen: OrderedDict[str, datetime] = OrderedDict()
        self._ended: OrderedDict[str, datetime] = OrderedDict()
        self._lock = Lock()

    def first(self, key: str, now: datetime) -> bool:
        """Whether this is the first time; asked once, the next answer is no."""
        with self._lock:
            return self._add(self._seen, key, now)

    def end(self, key: str, now: datetime) -> bool:
        """Never take this sign-in again; whether it was still in use."""
        with self._lock:
            return self._add(self._ended, key, now)

    def ended(self, key: str) -> bool:
        """Whether its person has signed out."""
        return key in self._ended

    def _add(self, kept: OrderedDict[str, datetime], key: str, now: datetime) -> bool:
        while kept and now - next(iter(kept.values())) > LONGEST + CLOCKS_APART:
            kept.popitem(last=False)
        if key in kept:
            return False
        if len(kept) >= self._most:
            kept.popitem(last=False)
        kept[key] = now
        return True
