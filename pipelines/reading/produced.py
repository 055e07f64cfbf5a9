"""How much one file may produce while it is read, counted as it is produced.

What a file says of itself, such as the sizes in a ZIP's directory, is never relied on. Each limit
is many times what the largest trust sends.
"""

from typing import Literal

from pipelines.reading.text_sheets import Unreadable

Kind = Literal["bytes", "sheets", "parts", "rows", "cells", "letters"]

MOST: dict[Kind, int] = {
    "bytes": 24 * 1024 * 1024,  # unpacked
    "sheets": 100,
    "parts": 300_000,  # elements of XML, lines and values of CSV, columns that are hidden
    "rows": 20_000,  # with something in them, of all sheets together
    "cells": 80_000,
    "letters": 4_000_000,  # of all cells together, however often one text is used
}
_FIX = "Copy your figures into a newly downloaded workbook and send that."


class Produced:
    """Counts what one file has produced so far."""

    def __init__(self) -> None:
        self._left = dict(MOST)

    def add(self, kind: Kind, number: int = 1) -> None:
        """Count some more; raises Unreadable when it is more than any return needs."""
        left = self._left[kind] - number
        self._left[kind] = left
        if left < 0:
            raise too_much(kind)

    def left(self, kind: Kind) -> int:
        """How much more there may be."""
        return self._left[kind]


def too_much(kind: Kind) -> Unreadable:
    """The error for a file that produces more of something than any return needs."""
    if kind == "bytes":
        what = "unpacks to far more than any return needs"
    else:
        named = {"parts": "parts", "letters": "characters"}.get(kind, kind)
        what = f"holds more than {MOST[kind]:,} {named}, far more than any return needs"
    return Unreadable(f"This file {what}, so it was not opened.", _FIX)
