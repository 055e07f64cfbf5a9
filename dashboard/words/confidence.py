"""Sentences about staff confidence item by item: before, after, and how sure a difference is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboard import numbers
from pipelines.statistics.shares import difference, interval
from schemas import wording

Row = Mapping[str, Any]
NOT_ASKED = "Not asked"
NOT_PROOF = (
    "The ranges are 95% intervals, worked out as if each answer were another person’s: where the "
    "same people answer several times, they are less certain. Those who came to a session may "
    "differ from those who didn’t, so a difference is no proof that the session made it."
)


def share(part: int | None, whole: int | None, least: int, *, ranged: bool = True) -> str:
    """A share with its counts and, if asked for, its interval; in words if too few were asked."""
    if not whole or part is None:
        return NOT_ASKED
    if whole < least:
        return numbers.STATES["few"]
    within = f" {_range(interval(part, whole))}" if ranged else ""
    return f"{_percent(part / whole)}{within}, {part:,} of {whole:,}"


def apart(row: Row, least: int) -> str:
    """How far after is from before, in percentage points, with its interval."""
    both = _both(row, least)
    if both is None:
        return ""
    low, high = (round(100 * limit) for limit in difference(*both))
    points = _points(both)
    return f"{points:+d} points (from {low:+d} to {high:+d})".replace("-", "−")


def sentence(rows: Sequence[Row], least: int) -> str:
    """What changed most from before to after, if chance alone is an unlikely reason."""
    known = [(row, both) for row in rows if (both := _both(row, least))]
    if not known:
        return "No item has enough answers both before and after a session in the last 12 months."
    clear = [one for one in known if _is_clear(difference(*one[1]))]
    compared = wording.counted(len(known), "item")
    if not clear:
        return (
            f"Of {compared} asked before and after a session, none differs by more than chance "
            "could explain."
        )
    row, both = max(clear, key=lambda one: abs(_points(one[1])))
    before, after = _percent(both[2] / both[3]), _percent(both[0] / both[1])
    also = f", {len(clear) - 1:,} more" if len(clear) > 1 else ""
    return (
        f"Of {compared} asked before and after a session, {len(clear):,} "
        f"{'differs' if len(clear) == 1 else 'differ'} by more than chance would explain. "
        f"{'It is' if not also else 'The largest difference is in'} "
        f"“{row['text']}”: {before} before, {after} after."
    )


def rows(found: Iterable[Row], least: int) -> list[dict[str, object]]:
    """Each item as a row of a table, in the order of the programme's questions."""
    return [
        {
            "item": row["text"] or row["question_id"],
            "before": share(row["before_confident"], row["before_answered"], least),
            "after": share(row["after_confident"], row["after_answered"], least),
            "apart": apart(row, least) or "Can’t be compared",
            "all": share(row["confident"], row["answered"], least, ranged=False),
            "when": wording.period(row["first"], row["last"]),
        }
        for row in found
    ]


def _both(row: Row, least: int) -> tuple[int, int, int, int] | None:
    """After and before as counts, if there are enough of both."""
    fields = ("after_confident", "after_answered", "before_confident", "before_answered")
    counts = [row[field] for field in fields]
    if None in counts or min(counts[1], counts[3]) < max(1, least):
        return None
    return counts[0], counts[1], counts[2], counts[3]


def _points(both: tuple[int, int, int, int]) -> int:
    return round(100 * (both[0] / both[1] - both[2] / both[3]))


def _is_clear(limits: tuple[float, float]) -> bool:
    return limits[0] > 0 or limits[1] < 0


def _percent(proportion: float) -> str:
    return numbers.percent(100 * proportion)


def _range(limits: tuple[float, float]) -> str:
    low, high = (round(100 * limit) for limit in limits)
    return f"({low}% to {high}%)"
