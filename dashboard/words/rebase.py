"""What is said where new limits are started: when to, what will happen, and when to wait."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from schemas import wording

ENOUGH = 12
WHEN = (
    "Only when you know what changed, and it has changed for good: a new way of asking, another "
    "definition, a ward that moved. The old limits stay on the chart up to then, and your reason "
    "beside them."
)


def question(what: str, month: date) -> str:
    """What starting new limits will do."""
    return (
        f"Start new limits from {wording.month_of(month)} for {what}? Points before it keep their "
        "own average and limits, later ones get new ones, and everyone who sees the chart "
        "sees it. It can be taken back."
    )


def too_few(counts: Mapping[int, int], points: pl.DataFrame, month: date) -> list[str]:
    """A sentence for each side of the month that has too few points for limits to be firm."""
    later = points.filter(pl.col("value").is_not_null(), pl.col("month") >= month).sort("month")
    if later.is_empty():
        return []
    new = later["phase"][0]
    said = []
    if counts[new] < ENOUGH:
        said.append(
            f"From {wording.month_of(month)} there {_are(counts[new])} so far. With fewer than "
            f"{ENOUGH} the new limits are trial limits: they move with every new month, so read "
            "them with care."
        )
    before = counts.get(new - 1)
    if before is not None and before < ENOUGH:
        said.append(
            f"Before it there {_are(before)}. With fewer than {ENOUGH} the limits there would be "
            "too weak to rely on."
        )
    return said


def _are(count: int) -> str:
    return f"{'is' if count == 1 else 'are'} {wording.counted(count, 'point')}"
