"""The rows of a process chart: its points, bands, flags and the names of its lines."""

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from dashboard import numbers
from dashboard.charts import month_axis, theme
from pipelines.releasing.ambitions import along
from schemas.periods import Month, months

PATHS = {False: "Target", True: "Own target"}  # by whether an ambition is the trust's own
_AHEAD = 12  # months: further ahead, the points would have too little space
BANDS = {
    "paused": "Programme paused",
    "closed": "Ward closed",
    "few": "Too few people for a percentage",
    "baseline": "Baseline, from before the ward joined",
}
_NAMED = {BANDS["baseline"]: "Baseline"}  # in words on the chart itself
CAUSES = {
    "outside": "Beyond the limits",
    "trend": "Part of seven points going the same way",
    "two_of_three": "One of two out of three points near a limit",
    "shift": "Part of seven points on one side of the average",
    "climb": "Part of a climb that passes the threshold",
}


def rows(
    points: pl.DataFrame,
    measure: Mapping[str, object],
    events: pl.DataFrame | None = None,
    ambitions: pl.DataFrame | None = None,
) -> list[dict[str, object]]:
    """The rows of `spec` for the points of one series in order of months, with their events.

    `ambitions` has the series' own rows of that table, whose paths lead into the months to come.
    """
    drawn = list(_point_rows(points.sort("month"), measure))
    paths = list(_path_rows(points, measure, ambitions)) if drawn else []
    return [
        *_band_rows(drawn),
        *drawn,
        *paths,
        *_event_rows(drawn, events),
        *_name_rows(drawn, points, measure, paths),
    ]


def aims(
    points: pl.DataFrame, measure: Mapping[str, object], ambition: Mapping[str, object]
) -> dict[str, str]:
    """What an ambition asks of each point, in words, by its first month; none if nothing."""
    found = {}
    for first, length in points.select("month", "months").iter_rows():
        span = [(Month.of(first) + step).first_day for step in range(length)]
        path = [value for value in along(ambition, span) if value is not None]
        mean = sum(path) / length if len(path) == length else None
        value = numbers.drawn(mean, measure["multiplier"], measure["unit"])
        found[first.isoformat()] = (
            "None" if value is None else numbers.reading(value, measure["unit"])
        )
    return found


def drawn_ambitions(ambitions: pl.DataFrame | None) -> list[dict[str, object]]:
    """The ambitions that have a path to draw."""
    if ambitions is None:
        return []
    return list(ambitions.filter(pl.col("target").is_not_null()).iter_rows(named=True))


def middle(points: pl.DataFrame) -> str:
    """What the line through the middle of a series is: a median on a run chart and a g chart."""
    chart = points.sort("month")["chart"][-1] if points.height else "xmr"
    return "Median" if chart in ("run", "points", "g") else "Average"


def flags(events: pl.DataFrame | None) -> list[tuple[int, pl.DataFrame]]:
    """Events as numbered flags, one flag a month, in order, as listed under the chart."""
    if events is None or events.is_empty():
        return []
    grouped = events.sort("day", "label").partition_by("month", maintain_order=True)
    return list(enumerate(grouped, start=1))


def _point_rows(points: pl.DataFrame, measure: Mapping[str, object]) -> Iterator[dict[str, object]]:
    unit, times, direction = measure["unit"], measure["multiplier"], measure["direction"]
    segment, before = 0, None
    for point in points.iter_rows(named=True):
        broken = point["value"] is None or (before and point["phase"] != before["phase"])
        segment += bool(broken)
        before = point
        first = month_axis.index(point["month"])
        kind = theme.look(point["kind"], direction)
        shown = point["value"] is not None
        lines = {
            name: numbers.drawn(point[column], times, unit) if shown else None
            for name, column in _LINES.items()
        }
        yield {
            "row": "point",
            "month": point["month"].isoformat(),
            "m": first + (point["months"] - 1) / 2,
            "m0": first - 0.5,
            "m1": first + point["months"] - 0.5,
            "v": numbers.drawn(point["value"], times, unit),
            **lines,
            "segment": segment,
            "state": point["state"],
            "look": kind.words,
            "hollow": bool(point["queried"] or point["provisional"]),
            "when": _when(point["month"], point["months"]),
            "read": numbers.with_unit(numbers.scaled(point["value"], times), unit),
            "based_on": numbers.out_of(point["numerator"], point["denominator"], unit),
            "why": CAUSES.get(point["cause"] or "", ""),
            "note": _note(point),
        }


_LINES = {"c": "centre", "l": "lower", "u": "upper"}


def _when(month: date, length: int) -> str:
    if length == 1:
        return f"{month:%B %Y}"
    last = month.replace(year=month.year + (month.month + length - 2) // 12)
    return f"{month:%B %Y} to {last.replace(month=(month.month + length - 2) % 12 + 1):%B %Y}"


def _note(point: Mapping[str, object]) -> str:
    notes = []
    if point["state"] == "baseline":
        notes.append(BANDS["baseline"])
    if point["provisional"]:
        notes.append("Provisional")
    if point["queried"]:
        notes.append("Has a query not yet explained")
    if not point["used_in_limits"] and point["value"] is not None:
        notes.append("Not used in the limits")
    return "; ".join(notes)


def _band_rows(drawn: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    band = None
    for row in drawn:
        words = BANDS.get(row["state"])
        if band and band["note"] == words:
            band["m1"] = row["m1"]
            band["m"] = (band["m0"] + band["m1"]) / 2
            continue
        if band:
            yield band
        band = words and {
            "row": "band",
            "m0": row["m0"],
            "m1": row["m1"],
            "m": row["m"],
            "note": words,
            "named": _NAMED.get(words),
        }
    if band:
        yield band


def _event_rows(
    drawn: list[dict[str, object]], events: pl.DataFrame | None
) -> Iterator[dict[str, object]]:
    if not drawn:
        return
    first, last = drawn[0]["m0"], drawn[-1]["m1"]
    for number, group in flags(events):
        place = month_axis.index(group["month"][0])
        if not first <= place <= last:
            continue
        rebase = "rebase" in group["kind"].to_list()
        yield {
            "row": "event",
            "m": place - 0.5 if rebase else place,
            "flag": str(number),
            "rebase": rebase,
            "when": f"{group['month'][0]:%B %Y}",
            "note": "; ".join(group["label"].to_list()),
        }


def _path_rows(
    points: pl.DataFrame, measure: Mapping[str, object], ambitions: pl.DataFrame | None
) -> Iterator[dict[str, object]]:
    """Each path from its baseline to its target, and level from there; at most a year ahead."""
    first, last = Month.of(points["month"].min()), Month.of(points["month"].max())
    last += points.filter(pl.col("month") == points["month"].max())["months"][0] - 1
    for ambition in drawn_ambitions(ambitions):
        ends = max(last, min(Month.of(ambition["by"]), last + _AHEAD))
        span = [month.first_day for month in months(first, ends)]
        for month, value in zip(span, along(ambition, span), strict=True):
            if value is not None:
                yield {
                    "row": "path",
                    "m": month_axis.index(month),
                    "v": numbers.drawn(value, measure["multiplier"], measure["unit"]),
                    "path": PATHS[ambition["own"]],
                    "name": _label(ambition, measure),
                }


def _label(ambition: Mapping[str, object], measure: Mapping[str, object]) -> str:
    """The name of a path, at its end: “Target 9.3”."""
    target = numbers.drawn(ambition["target"], measure["multiplier"], measure["unit"])
    return f"{PATHS[ambition['own']]} {numbers.reading(target, measure['unit'])}"


def _name_rows(
    drawn: list[dict[str, object]],
    points: pl.DataFrame,
    measure: Mapping[str, object],
    paths: list[dict[str, object]],
) -> Iterator[dict[str, object]]:
    """Lines that end close together share one label, so that no labels overlap."""
    seen = [row for row in drawn if row["c"] is not None]
    if not seen:
        return
    last, unit = seen[-1], measure["unit"]
    ends = [
        *((row["v"], row["name"]) for row in _path_ends(paths)),
        (measure["target"], "Target"),
        (last["u"], "Upper limit"),
        (last["c"], f"{middle(points)} {numbers.reading(last['c'], unit)}"),
        (last["l"], "Lower limit"),
    ]
    levels = [row[name] for row in drawn for name in ("v", "u", "l") if row[name] is not None]
    levels += [row["v"] for row in paths]
    edge = max([drawn[-1]["m1"], *(row["m"] + 0.5 for row in paths)])
    apart = (max(levels) - min(levels)) / 18
    names: list[tuple[float, str]] = []
    for level, words in ends:
        if level is None:
            continue
        if names and abs(names[-1][0] - level) < apart:
            names[-1] = (names[-1][0], f"{names[-1][1]}, {words[0].lower()}{words[1:]}")
        else:
            names.append((level, words))
    for level, words in names:
        yield {"row": "name", "m1": edge, "v": level, "note": words}


def _path_ends(paths: list[dict[str, object]]) -> list[dict[str, object]]:
    """The last month of each path."""
    return list({row["path"]: row for row in paths}.values())
