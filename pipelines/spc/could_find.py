"""Says what each chart could have found: how far its level would have to move before that shows."""

from typing import Any

import polars as pl

from pipelines.statistics.detectable import LASTING, Lines, Way, chance_shown, nearest_shown

CHARTS = ("xmr", "p", "pp", "u", "up", "c")  # those with limits that counts can be judged by
WAYS: tuple[tuple[Way, str], ...] = (("down", "fall"), ("up", "rise"))
NUMBERS = [f"{way}_{name}" for _, way in WAYS for name in ("once", "lasting")]
OFTEN = 0.2  # limits are narrower than the counts' own variation: then nothing can be promised
IF = "Nine times in ten, if the counts vary by chance alone"


def with_detectable(
    signals: pl.DataFrame, points: pl.DataFrame, units: pl.DataFrame
) -> pl.DataFrame:
    """Add the nearest levels that would show nine times in ten, and `could_find` in words.

    `fall_once` and `rise_once` would show in a single point like the latest one, `fall_lasting` and
    `rise_lasting` over seven such points; in the unit of the values, empty if no level would.
    `units` has the `unit` of each series. All are empty for charts of anything but counts, for
    those without limits, and where chance alone would look like a change too `OFTEN`.
    """
    latest = points.filter(pl.col("value").is_not_null()).group_by("series").agg(pl.all().last())
    known = signals.select("series", "chart").join(units, on="series", how="left")
    rows = [
        _found(one)
        for one in known.join(latest, on="series", how="left", maintain_order="left").to_dicts()
    ]
    schema = dict.fromkeys(NUMBERS, pl.Float64) | {"could_find": pl.String}
    return signals.hstack(pl.DataFrame(rows, schema=schema))


def _found(point: dict[str, Any]) -> dict[str, Any]:
    lines = _lines(point)
    if lines is None or _too_narrow(lines):
        return dict.fromkeys([*NUMBERS, "could_find"])
    found: dict[str, Any] = {}
    parts = []
    for way, word in WAYS:
        once, lasting = nearest_shown(lines, way), nearest_shown(lines, way, LASTING)
        found |= {f"{word}_once": once, f"{word}_lasting": lasting}
        parts.append(_in_words(lines, word, once, lasting))
    return found | {"could_find": f"{IF}, {'; '.join(parts)}."}


def _too_narrow(lines: Lines) -> bool:
    """Whether points that vary by chance around the centre would look like a change too often."""
    often = (chance_shown(lines, way, lines.centre, LASTING) for way, _ in WAYS)
    return max(often) > OFTEN


def _lines(point: dict[str, Any]) -> Lines | None:
    if point["chart"] not in CHARTS or point["upper"] is None or point["upper"] == point["lower"]:
        return None
    names = ("centre", "lower", "near_lower", "near_upper", "upper")
    edges = [point[name] for name in names]
    if point["chart"] == "c":
        return Lines("rate", 1.0, *edges)
    size = point["denominator"]
    if point["unit"] == "value" or not size:
        return None
    if point["unit"] == "rate" or point["chart"] in ("u", "up"):
        return Lines("rate", size, *edges)
    whole = size == round(size) and 0 <= point["centre"] <= 1
    return Lines("proportion", size, *edges) if whole else None


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
        return f"about {level:.0%} ({counted:.0f} of {lines.size:.0f})"
    if lines.size == 1:
        return f"about {counted:.1f}"
    return f"about {level:.3g} ({counted:.1f} events)"
