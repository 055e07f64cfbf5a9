"""The words for starting new limits: when to, what will happen, and when to wait."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from schemas import wording

ENOUGH = 12
WHEN = (
    "Do this only when you know what changed, and that it has changed for good: a new way of "
    "asking, a new definition or a ward that moved, for example. The old limits stay on the chart "
    "up to that month, and your reason is shown."
)


def question(what: str, month: date) -> str:
    """What starting new limits will do."""
    return (
        f"Start new limits from {wording.month_of(month)} for {what}? Earlier points keep their "
        "average and limits, later points get new ones, and everyone who sees the chart will see "
        "the change. You can undo it."
    )


def too_few(counts: Mapping[int, int], points: pl.DataFrame, month: date) -> list[str]:
    """A sentence for each side of the month that has too few points for firm limits."""
    later = points.filter(pl.col("value").is_not_null(), pl.col("month") >= month).sort("month")
    if later.is_empty():
        return []
    new = later["phase"][0]
    warnings = []
    if counts[new] < ENOUGH:
        warnings.append(
            f"From {wording.month_of(month)} there {_are(counts[new])} so far. With fewer than "
            f"{ENOUGH}, the new limits are trial limits: they move with every new month, so treat "
            "them with caution."
        )
    before = counts.get(new - 1)
    if before is not None and before < ENOUGH:
        warnings.append(
            f"Before that there {_are(before)}. With fewer than {ENOUGH}, the limits there would "
            "be too uncertain to rely on."
        )
    return warnings


def _are(count: int) -> str:
    return f"{'is' if count == 1 else 'are'} {wording.counted(count, 'point')}"
