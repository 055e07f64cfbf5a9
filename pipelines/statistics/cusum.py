"""A CUSUM of rare events: a running sum that climbs while there are more of them than usual.

Each point adds its events to the sum and takes off an allowance, between what the average and what
twice the average leads us to expect. Below 0 the sum starts again, and so it does after it has
passed the threshold. The other way round it finds that there are half as many. Source: Lucas 1985,
for Poisson counts; the allowance grows with the denominator, as in the log likelihood ratio.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from math import fsum, log
from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.method import Find
from pipelines.statistics.on_this_machine import Local, locally
from pipelines.statistics.series_order import ORDER

TIMES: Mapping[Find, float] = {"doubling": 2.0, "halving": 0.5}
# In events. The lowest, in steps of a quarter, with no more false alarms than a t chart has, at 0.3
# events a point: see “Rare events” in docs/false-alarms.md.
THRESHOLD: Mapping[Find, float] = {"doubling": 4.75, "halving": 4.25}
EVENTS_FROM = 6  # that the average comes from: fewer give no threshold
_LINES = ("centre", "lower", "near_lower", "near_upper")
_RULES = ("rule_trend", "rule_two_of_three", "rule_shift", "narrowed", "screening_refused")


def allowance(average: float, find: Find) -> float:
    """What a point takes off a sum that climbs, or adds to one for fewer events, in events.

    `average` is how many are usual in it. Formula: Lucas 1985, (a − b) / (ln a − ln b) with b the
    average and a the level to be found.
    """
    times = TIMES[find]
    return average * (times - 1) / log(times)


def with_sums(frame: FrameT, find: Find) -> FrameT:
    """Turn counts of events, as `value`, into their running sum, with its threshold as `upper`.

    Counts are per `denominator`, or per point where there is none, and remain as `numerator`. All
    points of a climb that passes the threshold have the cause `climb`, and the last one
    `rule_outside`. A new phase or a pause starts again at 0. The sums are worked out on this
    machine: each depends on whether an earlier one has passed the threshold.
    """
    made: FrameT = nw.from_native(
        locally(frame.to_native(), lambda rows: _judged(rows.sort("series", *ORDER), find))
    )
    return made


def _judged(rows: Local, find: Find) -> Local:
    columns = ("group", "series", "first", "present", "used_in_limits", "date", "reason")
    points = [
        {**row, "count": row["value"], "size": _size(row)}
        for row in rows.select(*columns, "value", "numerator", "denominator").iter_rows(named=True)
    ]
    found = [
        row
        for _, phase in groupby(points, key=lambda row: (row["series"], row["group"]))
        for row in _of_phase(list(phase), find)
    ]
    floats, none = nw.Float64(), nw.lit(None)
    new = {"value": floats, "numerator": floats, "upper": floats, "reason": nw.String()}
    flags = {"rule_outside": nw.Boolean(), "cause": nw.String(), "since": nw.Date()}
    return rows.with_columns(
        *(
            nw.new_series(name, [row[name] for row in found], dtype, backend=rows.implementation)
            for name, dtype in (new | flags).items()
        )
    ).with_columns(
        *(none.cast(floats).alias(name) for name in _LINES),
        *(nw.lit(False).alias(name) for name in _RULES),
        side=none.cast(nw.Int64),
        find=nw.lit(find),
        high=nw.when(~nw.col("cause").is_null()).then(nw.lit(find == "doubling")),
    )


def _size(row: Mapping[str, Any]) -> float:
    """What the count of a point is per: its denominator, if its count is a numerator."""
    counted = row["numerator"] is not None and row["denominator"] is not None
    return float(row["denominator"]) if counted else 1.0


def _of_phase(points: list[dict[str, Any]], find: Find) -> Iterator[dict[str, Any]]:
    used = [point for point in points if point["used_in_limits"]]
    events = fsum(point["count"] for point in used)
    size = fsum(point["size"] for point in used)
    each = allowance(events / size, find) if size > 0 else 0.0
    threshold = THRESHOLD[find] if events >= EVENTS_FROM else None
    asked = points[0]["reason"].rstrip(".")
    about = f"{asked}: it looks for a {find} of the average, which rests on {_many(events)}"
    why = "." if threshold is not None else f": under {EVENTS_FROM} give no threshold."
    for point, done in zip(points, sums(points, each, find, threshold), strict=True):
        numerator = point["count"] if point["present"] else point["numerator"]
        yield {**done, "numerator": numerator, "upper": threshold, "reason": f"{about}{why}"}


def _many(events: float) -> str:
    return f"{events:,.0f} {'event' if events == 1 else 'events'}"


def sums(
    points: list[dict[str, Any]], each: float, find: Find, threshold: float | None
) -> list[dict[str, Any]]:
    """The sum at each point of a phase in order, with what it shows.

    `each` is the allowance for a `size` of 1. Needs `count`, `size`, `present`, `first` and `date`.
    """
    total = 0.0
    climb: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    for point in points:
        if point["first"]:
            total, climb = 0.0, []
        here = {"value": None, "rule_outside": False, "cause": None, "since": None}
        found.append(here)
        if not point["present"]:
            continue
        more = point["count"] - each * point["size"]
        total = max(total + (more if find == "doubling" else -more), 0.0)
        climb = [*climb, here] if total > 0 else []
        here["value"] = total
        if climb:
            here["since"] = climb[0]["since"] or point["date"]
        if threshold is not None and total > threshold:
            here["rule_outside"] = True
            for one in climb:
                one["cause"] = "climb"
            total, climb = 0.0, []
    return found
