"""Says what each chart could have found: how far its level would have to move before that shows."""

from typing import Any

import polars as pl

from pipelines.statistics.cusum_detectable import (
    by_chance,
    could_show,
    cusum_detectable,
    false_alarms,
)
from pipelines.statistics.detectable import LASTING, Lines, detectable
from pipelines.statistics.method import Find, Method
from pipelines.statistics.run_chart_detectable import without_limits
from pipelines.statistics.value_detectable import Apart, detectable_value
from schemas.wording import about_of, about_whole, significant

WAYS = ("fall", "rise")
NUMBERS = [f"{way}_{name}" for way in WAYS for name in ("once", "lasting")]
_NOTHING: dict[str, Any] = dict.fromkeys([*NUMBERS, "could_find", "false_alarms", "by_chance"])
IF = "Nine times in ten, if the counts vary by chance alone"
IF_VALUES = "Nine times in ten, if the values vary by chance alone"


def with_detectable(
    signals: pl.DataFrame, points: pl.DataFrame, units: pl.DataFrame, method: Method
) -> pl.DataFrame:
    """Add the nearest levels that would show nine times in ten, and `could_find` in words.

    And of a CUSUM `false_alarms`, how many in 100 such sums pass their threshold though nothing has
    changed, at most, and `by_chance`, that in words; empty if the average doesn't come from all
    points of the phase.

    `fall_once` and `rise_once` would show in a single point like the latest one, `fall_lasting` and
    `rise_lasting` over seven such points; in the unit of the values, or of a CUSUM in events for
    each of the denominator; empty if no level would. `units` has the `unit` of each series.
    """
    there = points.filter(pl.col("value").is_not_null())
    in_phase = pl.col("phase") == pl.col("phase").last()
    used = in_phase & pl.col("used_in_limits")
    latest = there.group_by("series").agg(
        pl.all().last(),
        points=in_phase.sum(),
        used=used.sum(),
        events=pl.col("numerator").filter(used).sum(),
        size=pl.col("denominator").fill_null(1.0).filter(used).sum(),
    )
    known = signals.select("series", "chart", "runs_signal").join(units, on="series", how="left")
    rows = [
        _found(one, method)
        for one in known.join(latest, on="series", how="left", maintain_order="left").to_dicts()
    ]
    schema = dict.fromkeys(NUMBERS, pl.Float64) | {"could_find": pl.String}
    schema |= {"false_alarms": pl.Int64, "by_chance": pl.String}
    return signals.hstack(pl.DataFrame(rows, schema=schema))


def _found(point: dict[str, Any], method: Method) -> dict[str, Any]:
    if point["chart"] == "cusum":
        return _NOTHING | _of_sum(point, method.find)
    found = detectable(point, point["unit"])
    if found is None and point["unit"] == "value" and not point["denominator"]:
        apart = detectable_value(point, point["used"] or 0)
        if apart is not None:
            return _of_values(point["centre"], apart)
    if found is None:
        # A median that stays where the first points put it isn't the median of all points, which
        # the count of what a run chart shows rests on.
        counts = point["points"] and method.baseline is None
        said = without_limits(point) if counts else None
        return _NOTHING | {"could_find": said or None}
    levels = {name: getattr(found, name) for name in NUMBERS}
    parts = [
        _in_words(found.lines, way, levels[f"{way}_once"], levels[f"{way}_lasting"]) for way in WAYS
    ]
    return _NOTHING | levels | {"could_find": f"{IF}, {'; '.join(parts)}."}


def _of_values(centre: float, apart: Apart) -> dict[str, Any]:
    """The levels either way, and the size of the change in words."""
    sizes = (apart.once, apart.lasting)
    levels = [centre + way * size for way in (-1, 1) for size in sizes]
    once, lasting = (significant(size, 3) for size in sizes)
    said = (
        f"{IF_VALUES}, a rise or a fall by about {once} "
        f"({apart.once_sigma:.1f} standard deviations) would show in a single point, and one by "
        f"about {lasting} ({apart.lasting_sigma:.1f}) within {LASTING} points."
    )
    return _NOTHING | dict(zip(NUMBERS, levels, strict=True)) | {"could_find": said}


def _of_sum(point: dict[str, Any], find: Find) -> dict[str, Any]:
    """What a CUSUM could find over points of the size of the latest one, and find by chance."""
    if point["upper"] is None:
        return {}
    size = 1.0 if point["denominator"] is None else point["denominator"]
    average = point["events"] / point["size"]
    found = cusum_detectable(average * size, find)
    if found is None:
        return {}
    way = "rise" if find == "doubling" else "fall"
    levels: dict[str, Any] = {
        f"{way}_{name}": None if at is None else at / size
        for name, at in (("once", found.once), ("lasting", found.lasting))
    }
    levels["could_find"] = f"{IF}, {could_show(found, find)}."
    used = point["used"]
    share = false_alarms(used, point["events"] / used, find) if used == point["points"] else None
    if share is None:
        return levels
    return levels | {"false_alarms": share, "by_chance": by_chance(used, share)}


def _in_words(lines: Lines, word: str, once: float | None, lasting: float | None) -> str:
    """What would show, without a capital or a full stop; in people or events as well."""
    if lasting is None:
        return f"no {word} could show"
    lasts, within = _level(lines, lasting), f"within {LASTING} points"
    if once is None:
        return f"no {word} could show in a single point, but one to {lasts} would {within}"
    shows = f"a {word} to {_level(lines, once)} would show in a single point"
    return f"{shows}, and one to {lasts} {within}"


def _level(lines: Lines, level: float) -> str:
    counted = level * lines.size
    if lines.kind == "proportion":
        return f"about {_percent(level)} ({about_of(counted, lines.size)})"
    if lines.size == 1:
        return f"about {counted:,.1f}"
    events = about_whole(counted)
    many = "event" if events in ("1", "under 1") else "events"
    return f"about {significant(level, 3)} ({events} {many})"


def _percent(level: float) -> str:
    """A level that is neither none nor all of them is said as neither 0% nor 100%."""
    return f"{level:.0%}" if 0.005 <= level < 0.995 else f"{level:.1%}"
