"""Alternative text: what a chart shows, for someone who can't see it.

Each text says what is plotted, over which months, between which values, where it ends, and what
stands out. The table under the chart has the rest.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

import polars as pl

from dashboard import numbers
from dashboard.words import breakdowns, titles
from dashboard.words.yardsticks import SIDES
from schemas import wording

_PLACES = {
    "within": "within the expected range",
    "higher": "higher than expected",
    "lower": "lower than expected",
    "too_few": "with too little data",
}


def process(
    unit_name: str,
    points: pl.DataFrame,
    measure: Mapping[str, object],
    signal: Mapping[str, object] | None,
    ambitions: Sequence[str] = (),
) -> str:
    """What the process chart of one series shows; `signal` is its row of `signals`.

    `ambitions` are the sentences about the paths on it.
    """
    seen = points.filter(pl.col("value").is_not_null()).sort("month")
    what = f"{measure['name']}, {unit_name}"
    if seen.is_empty() or not signal:
        return f"Chart of {what}. There are no values to show yet."
    run = "Run chart" if signal["chart"] in ("run", "points") else "Process chart"
    first, last = points["month"].min(), points["month"].max()
    return _joined(
        f"{run} of {what}, {wording.period(first, last)}",
        _range(seen, measure),
        f"The latest is {titles.latest(measure, signal)}",
        str(signal["sentence"]),
        _baseline(points),
        _gaps(points),
        *ambitions,
    )


def series(what: str, months: Sequence[date], ending: str) -> str:
    """A chart of counts or shares over months; `ending` says where it ends."""
    if not months:
        return f"Chart of {what}. There is nothing to show yet."
    return _joined(f"Chart of {what}, {wording.period(min(months), max(months))}", ending)


def one_scale(unit_name: str, points: pl.DataFrame) -> str:
    """How many measures of a unit are beyond their limits, and which stand out.

    `points` are the latest of `charts.one_scale.measured`, one for each measure.
    """
    beyond = points.filter(pl.col("away").abs() > 3).height
    out = points.filter(pl.col("kind") != "common")["short_name"].to_list()
    standing = f"Standing out: {'; '.join(out)}" if out else "None of them stands out now"
    return _joined(
        f"Chart of {wording.counted(points.height, 'measure')} of {unit_name} on one scale",
        f"{wording.of_them(beyond, points.height, 'latest figure')} "
        f"{'is' if beyond == 1 else 'are'} beyond the limits",
        standing,
    )


def by_category(rows: pl.DataFrame, title: str) -> str:
    """A dot for each category of a breakdown, and a line for everybody."""
    read = [f"{row['heading']}" for row in breakdowns.read(rows)]
    return _joined(
        f"Chart of the percentage of patients who feel safe, {breakdowns.span(rows)}",
        title,
        "; ".join(read),
    )


def funnel(
    measure: Mapping[str, object],
    group: str,
    comparisons: pl.DataFrame,
    names: Mapping[str, str] | None = None,
    marked: Collection[str] = (),
) -> str:
    """How many units of a peer group are outside the range expected by chance, and which.

    `names` are those that may be named, by unit; `marked` are the units with a ring.
    """
    if comparisons.is_empty():
        return f"Funnel chart of {measure['name']}, {group}. There is nothing to compare yet."
    first, last = comparisons["first_month"].min(), comparisons["last_month"].max()
    counts = {
        category: comparisons.filter(pl.col("category") == category).height
        for category in ("higher", "within", "lower", "too_few")
    }
    return _joined(
        f"Funnel chart of {measure['name']}, {group}, {wording.period(first, last)}",
        f"{wording.of_them(counts['within'], comparisons.height, 'dot')} "
        f"{'is' if counts['within'] == 1 else 'are'} within the range expected by chance",
        f"{counts['higher']} higher, {counts['lower']} lower, "
        f"{counts['too_few']} with too little data",
        *_named(comparisons, names or {}, marked),
    )


def _named(
    comparisons: pl.DataFrame, names: Mapping[str, str], marked: Collection[str]
) -> Iterator[str]:
    """The units higher and lower than expected, and those marked with where they are."""
    if not names:
        return
    for category in ("higher", "lower"):
        units = comparisons.filter(pl.col("category") == category)["unit_id"]
        if found := sorted(names[unit] for unit in units if unit in names):
            yield f"{wording.starting(category)} than expected: {'; '.join(found)}"
    where = dict(comparisons.select("unit_id", "category").iter_rows())
    ringed = sorted((names[u], _PLACES[where[u]]) for u in marked if u in where and u in names)
    if ringed:
        yield f"Marked: {'; '.join(f'{name}, {place}' for name, place in ringed)}"


def culture(found: pl.DataFrame, unit: str) -> str:
    """How many units are on the scatter plot, how many reported no incidents, and the averages.

    `found` is that of `words.reporting_culture.levels`, `unit` is ward or trust.
    """
    what = f"feeling safe against reported incidents, all {unit}s over twelve months"
    if found.is_empty():
        return f"Chart of {what}. Nothing to show yet."
    first = found.row(0, named=True)
    return _joined(
        f"Chart of {what}, with 95% ranges",
        f"{wording.counted(found.height, unit)}, of which "
        f"{found.filter(pl.col('n_reported') == 0).height} reported no incidents",
        f"The averages are {numbers.percent(first['safe_average'])} and "
        f"{numbers.with_unit(first['reported_average'], 'per_1000_bed_days')}",
        f"{int(found['quiet'].sum())} clearly below both",
    )


def yardsticks(rows: Sequence[Mapping[str, object]]) -> str:
    """How many trusts are on the chart, and on which side of a survey.

    `rows` are those of `words.yardsticks.beside`.
    """
    what = "what a survey says of harm against how many do not feel safe here, trust by trust"
    sides = [row["side"] for row in rows if row["side"] in SIDES]
    if not sides:
        return f"Chart of {what}. Nothing to show yet."
    counts = [f"{said}: {sides.count(said)}" for said in SIDES]
    return _joined(
        f"Chart of {what}, with 95% ranges", wording.counted(len(sides), "trust"), *counts
    )


def peer_band(measure: Mapping[str, object], group: str, bands: pl.DataFrame) -> str:
    """One ward's line against the spread of wards like it."""
    shown = bands.filter(pl.col("state") == "value").sort("month")
    what = f"Chart of {measure['name']} against the spread of {group}"
    if shown.is_empty():
        return f"{what}. The spread is hidden because there are too few wards to compare."
    last = shown.row(-1, named=True)
    low, middle, high = (
        numbers.reading(numbers.scaled(last[name], measure["multiplier"]), str(measure["unit"]))
        for name in ("p10", "p50", "p90")
    )
    return _joined(
        what,
        f"In {wording.month_of(last['month'])} the middle ward had {middle}; "
        f"eight in ten wards were between {low} and {high}",
    )


def _range(seen: pl.DataFrame, measure: Mapping[str, object]) -> str:
    unit = str(measure["unit"])
    low, high = (
        numbers.with_unit(numbers.scaled(value, measure["multiplier"]), unit)
        for value in (seen["value"].min(), seen["value"].max())
    )
    if low == high:
        return f"Every value is {low}"
    return f"{wording.counted(seen.height, 'value')} between {low} and {high}"


def _baseline(points: pl.DataFrame) -> str:
    """Which months are the baseline, which is shaded; empty if none is."""
    brought = points.filter(pl.col("state") == "baseline")
    if brought.is_empty():
        return ""
    return (
        f"{wording.counted(int(brought['months'].sum()), 'month')} from before the ward joined "
        f"{'is' if brought['months'].sum() == 1 else 'are'} shaded and named Baseline"
    )


def _gaps(points: pl.DataFrame) -> str:
    """How many months have no value, and why; empty if every month has one."""
    reasons = []
    for state in ("missing", "few", "closed", "paused", "not_applicable"):
        count = int(
            points.filter((pl.col("state") == state) & pl.col("value").is_null())["months"].sum()
        )
        if count:
            reasons.append(f"{numbers.STATES[state].lower()} in {wording.counted(count, 'month')}")
    return wording.starting(wording.listed(reasons, nothing=""))


def _joined(*sentences: str) -> str:
    """Sentences with one full stop each."""
    return " ".join(f"{sentence.rstrip('. ')}." for sentence in sentences if sentence)
