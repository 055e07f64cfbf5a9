"""What columns may be headed, and text as it is compared."""

import re
from functools import cache

from schemas.returns import columns_of


@cache
def headings(name: str) -> dict[str, str]:
    """The column for each possible heading: its name or title, in any case and spacing."""
    columns = columns_of(name).values()
    titles = {normal(column.title): column.name for column in columns}
    return titles | {normal(column.name): column.name for column in columns}


def normal(text: str) -> str:
    """A heading without its case, spacing and punctuation."""
    return re.sub(r"[^a-z0-9]+", "_", clean(text).lower()).strip("_")


def clean(text: str) -> str:
    """Text without invisible spaces: no-break, zero-width, leading, trailing and doubled."""
    return " ".join(re.sub(r"[\u200b\u200c\u200d\u2060\ufeff\u00ad]", "", text).split())
