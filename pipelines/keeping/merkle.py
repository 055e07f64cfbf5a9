"""Merkle tree hashes and inclusion paths over SHA-256, as in RFC 9162, section 2.1.

Hashes are 32 bytes. The leaves of a tree are those of `leaf`, in the order of the log.
"""

from collections.abc import Sequence
from hashlib import sha256


def leaf(line: bytes) -> bytes:
    """The hash of one line."""
    return sha256(b"\0" + line).digest()


class Tree:
    """A tree whose parts are hashed once, for the paths of many leaves."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._leaves = leaves
        self._known: dict[tuple[int, int], bytes] = {}

    @property
    def root(self) -> bytes:
        """The Merkle tree hash (RFC 9162, 2.1.1)."""
        return self._hash(0, len(self._leaves))

    def path(self, index: int) -> list[bytes]:
        """The hashes that lead from a leaf to the root, lowest first (RFC 9162, 2.1.3.1)."""
        found, first, last = [], 0, len(self._leaves)
        while last - first > 1:
            middle = first + _split(last - first)
            if index < middle:
                found.append(self._hash(middle, last))
                last = middle
            else:
                found.append(self._hash(first, middle))
                first = middle
        return found[::-1]

    def _hash(self, first: int, last: int) -> bytes:
        if last - first == 1:
            return self._leaves[first]
        if (first, last) not in self._known:
            middle = first + _split(last - first)
            both = self._hash(first, middle), self._hash(middle, last)
            self._known[first, last] = _node(*both)
        return self._known[first, last]


def root_from(hashed: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf's path leads to (RFC 9162, 2.1.3.2); None if it can't be its path."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, hashed
    for other in path:
        if last == 0:
            return None
        if place % 2 or place == last:
            found = _node(other, found)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            found = _node(found, other)
        place, last = place // 2, last // 2
    return found if last == 0 else None


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1
