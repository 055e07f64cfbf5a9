"""Text as it is compared: headings, names of sheets, codes.

It knows nothing of what a return asks, so that a file can be opened without it (`apart`).
"""

import re


def normal(text: str) -> str:
    """A heading without its case, spacing and punctuation."""
    return re.sub(r"[^a-z0-9]+", "_", clean(text).lower()).strip("_")


def clean(text: str) -> str:
    """Text without invisible spaces: no-break, zero-width, leading, trailing and doubled."""
    return " ".join(re.sub(r"[\u200b\u200c\u200d\u2060\ufeff\u00ad]", "", text).split())


def is_total(text: str) -> bool:
    """Whether a cell calls its row a total of the others."""
    return _TOTAL.fullmatch(clean(text)) is not None


_TOTAL = re.compile(r"((grand|trust|overall)[ -]?)?(sub-?)?totals?|sum|all( wards)?|overall", re.I)
