"""Sentences about ratings against the standards: what changed since they were last rated."""

from collections.abc import Iterable, Mapping

from schemas import wording
from schemas.vocabularies import RATED_BY, RATING

ORDER = ("not_met", "partly_met", "met")  # from the least to the most
_CHANGES = {"better": "Better", "worse": "Worse", "the same": "The same"}


def since_last_time(row: Mapping[str, object]) -> str:
    """How one statement's rating compares with the time before."""
    before, changed = row["before"], _change(row)
    if before is None:
        return "Rated for the first time"
    was = f"{RATING[str(before)].lower()} in {wording.month_of(row['before_month'])}"
    return f"{_CHANGES[changed]}: it was {was}" if changed else f"It was {was}"


def progress(rows: Iterable[Mapping[str, object]]) -> str:
    """How many statements are better, worse and the same; empty if none was rated before."""
    changes = [change for row in rows if (change := _change(row))]
    if not changes:
        return ""
    each = [f"{changes.count(change):,} {change}" for change in _CHANGES]
    rated = wording.counted(len(changes), "rating")
    return f"Of {rated} that can be compared with the time before: {wording.listed(each)}."


def _change(row: Mapping[str, object]) -> str | None:
    """Whether a statement is better, worse or the same, if it was rated both times."""
    before, now = row["before"], row["rating"]
    if before not in ORDER or now not in ORDER:
        return None
    step = ORDER.index(str(now)) - ORDER.index(str(before))
    return "the same" if not step else "better" if step > 0 else "worse"


def rated_by(row: Mapping[str, object]) -> str:
    """Who rated a statement, in words."""
    return RATED_BY[str(row["rated_by"])] if row["rated_by"] else "Not said"


def rated_on(row: Mapping[str, object]) -> str:
    """The day of a rating, or that there is none."""
    return wording.day_of(row["assessed_on"]) if row["assessed_on"] else "No date"
