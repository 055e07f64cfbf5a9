"""What a chart or a funnel could have found, in people and events."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import numbers
from pipelines.releasing.comparisons import allowed_for
from pipelines.statistics.detectable import LASTING, Detectable, Lines, detectable
from pipelines.statistics.exact_limits import Chance, Kind
from pipelines.statistics.funnel_detectable import nearest_outside
from pipelines.statistics.headline import PERIODS
from pipelines.statistics.run_chart_detectable import without_limits
from pipelines.statistics.value_detectable import detectable_value
from schemas import wording

_UNITS: Mapping[str, Kind] = {
    "percent": "proportion",
    "people": "proportion",  # a share said as some of those asked, without its percentage
    "per_1000_bed_days": "rate",
    "count": "rate",
}
_IN_WORDS = {7: "seven"}


def could_find(
    measure: Mapping[str, object], points: pl.DataFrame, signal: Mapping[str, object] | None
) -> str:
    """What the chart would show nine times in ten, if no change stands out on it; else empty.

    `points` are those of one series, in order, and `signal` is its row of `signals`.
    """
    there = points.filter(pl.col("value").is_not_null())
    if there.is_empty():
        return ""
    now = there.filter(pl.col("phase") == there["phase"][-1])
    if not now["kind"].fill_null("common").eq("common").all():
        return ""
    latest = now.row(-1, named=True)
    unit = _UNITS.get(str(measure["unit"]))
    if latest["chart"] in ("run", "points"):
        phase = {
            "chart": latest["chart"],
            "unit": unit,
            "points": now.height,
            "used": int(now["used_in_limits"].sum()),
            "runs_signal": signal and signal["runs_signal"],
        }
        return _named(measure, without_limits(phase, PERIODS.get(latest["months"], "point")))
    if unit is None:
        return _of_values(measure, latest, now["used_in_limits"].sum())
    found = detectable(latest, unit)
    return _in_words(measure, latest, found) if found else ""


def _of_values(measure: Mapping[str, object], latest: Mapping[str, Any], used: int) -> str:
    """What a chart of plain values would show, either way: in their unit alone."""
    apart = detectable_value(latest, used)
    if apart is None:
        return ""
    one, times = PERIODS.get(latest["months"], "point"), float(str(measure["multiplier"]))
    once, lasting = (
        numbers.reading(size * times, str(measure["unit"])) for size in (apart.once, apart.lasting)
    )
    return (
        f"If {one}s differ by chance alone, nine times in ten this chart would show a rise or a "
        f"fall by about {once} in one {one}; over {_many(one)}, by about {lasting}."
    )


def _in_words(measure: Mapping[str, object], latest: Mapping[str, Any], found: Detectable) -> str:
    one = PERIODS.get(latest["months"], "point")
    once = _ways(measure, found.lines, found.fall_once, found.rise_once)
    lasting = _ways(measure, found.lines, found.fall_lasting, found.rise_lasting)
    if not lasting:
        none = f"No change, however large, would show reliably within {_many(one)} like the latest."
        return _named(measure, none)
    said = f"If {one}s differ by chance alone, nine times in ten this chart would show"
    if not once:
        return f"{said}, over {_many(one)}, {lasting}; no change of a single {one} would show."
    return f"{said} {once} in one {one}; over {_many(one)}, {lasting}."


def _named(measure: Mapping[str, object], said: str) -> str:
    """A sentence without figures of its own, which two charts of a screen would both say."""
    return said and f"{measure['short_name']}: {said[0].lower()}{said[1:]}"


def _many(one: str) -> str:
    return f"{_IN_WORDS.get(LASTING, str(LASTING))} {one}s"


def _ways(
    measure: Mapping[str, object], lines: Lines, fall: float | None, rise: float | None
) -> str:
    """The changes that would show: a fall to about 43% (9 of 20) or a rise to about 95%."""
    levels = (("a fall", fall), ("a rise", rise))
    return wording.listed(
        (f"{way} to {_level(measure, lines.size, to)}" for way, to in levels if to is not None),
        "or",
        "",
    )


def funnel_could_find(
    measure: Mapping[str, object], found: pl.DataFrame, marked: pl.DataFrame
) -> str:
    """How far a ward's own level would have to be from that of its group to be outside the limits.

    `found` are the units compared. Of the one ward that is `marked`, or else of one as large as the
    middle one; empty where nothing can be compared.
    """
    kind = _UNITS.get(str(measure["unit"]))
    known = found.filter((pl.col("d") > 0) & pl.col("centre").is_between(0, 1, closed="none"))
    known = known.filter(pl.col("category") != "too_few").sort("d", "unit_id")
    if known.is_empty() or kind is None:
        return ""
    own = known.filter(pl.col("unit_id").is_in(marked["ward_id"].to_list()))
    (row,) = (own if own.height == 1 else known[known.height // 2]).to_dicts()
    allowed = allowed_for(row["phi"], row["tau2"], row["units"])
    chance = Chance(kind, row["centre"], allowed)
    low, high = nearest_outside(chance, row["d"])
    levels = ((low, "or lower"), (high, "or higher"))
    where = wording.listed(
        (f"{_level(measure, row['d'], to)} {way}" for to, way in levels if to is not None), "or", ""
    )
    of = "answers" if kind == "proportion" else "bed days"
    middle = "The marked ward" if own.height == 1 else "A ward as large as the middle one"
    whose = f"{middle}, with {numbers.whole(row['d'])} {of},"
    if not where:
        return f"{whose} could not be outside the limits, whatever its level."
    return f"{whose} would be outside the limits nine times in ten if its own level were {where}."


def _level(measure: Mapping[str, object], size: float, level: float) -> str:
    """A level in the measure’s unit, and in whole people or events: what is counted comes whole."""
    unit, counted = str(measure["unit"]), level * size
    if unit == "people":
        people = wording.about_of(counted, size)
        return people if people.startswith(("over", "under")) else f"about {people}"
    read = numbers.reading(numbers.drawn(level, float(str(measure["multiplier"])), unit), unit)
    read = read if read.startswith(("over", "under")) else f"about {read}"
    if unit == "count":
        return read
    if unit == "percent":
        return f"{read} ({wording.about_of(counted, size)})"
    events = wording.about_whole(counted)
    return f"{read} per 1,000 bed days ({events} in {numbers.whole(size)})"
