"""What one cell of a spreadsheet may hold: a text that looks like a formula is made harmless."""

import re

NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """A text as a cell may hold it: one that starts like a formula gets an apostrophe in front."""
    if text.lstrip(" \u00a0").startswith(_FORMULA) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text
