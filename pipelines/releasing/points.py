"""Charts every series: works out the release's points and signals."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import narwhals as nw
import polars as pl
import polars.selectors as cs

from pipelines.releasing.ambitions import aim, aims
from pipelines.releasing.baselines import as_baseline
from pipelines.releasing.steps.in_order import in_order
from pipelines.releasing.steps.sentences import UNCHARTED, settled, with_sentences
from pipelines.releasing.steps.whole_periods import TOOK_PART, monthly, with_states
from pipelines.statistics.chart import charted
from pipelines.statistics.method import Method
from pipelines.statistics.rebase_proposals import proposals
from pipelines.statistics.signals import latest
from schemas.measures import Measure
from schemas.programme import DisclosurePolicy, Pause, Programme
from schemas.release import Points, Signals
from schemas.tables.keys import SERIES
from schemas.typed import empty, typed, types_of

UNITS = {"percent": "proportion", "per_1000_bed_days": "rate", "count": "count", "days": "days"}
Charting = Callable[[pl.DataFrame, Method], pl.DataFrame]
LINES = ("centre", "lower", "upper", "near_lower", "near_upper")
TOGETHER = 400_000  # rows charted at once: charts hold several times as much while they are made
_OF_MONTH = ("numerator", "denominator", "value", "state", "provisional", "queried")


def charted_here(series: pl.DataFrame, method: Method) -> pl.DataFrame:
    """Chart series on this machine; words are text in a release, not enumerations."""
    made = charted(nw.from_native(series), method).to_native()
    return made.with_columns(cs.enum().cast(pl.String))


def points_and_signals(
    observations: pl.DataFrame,
    measures: Sequence[Measure],
    rebases: pl.DataFrame | None,
    pauses: Iterable[Pause] | None,
    programme: Programme,
    chart: Charting = charted_here,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Chart every series of `schemas.release.Observations`; the points and the signals.

    Months with the state `baseline` are charted like any other (`releasing.baselines`).

    A percentage of fewer people than the policy allows has no value: it is a gap, with the state
    `few`. `rebases` has `level`, `unit_id`, `measure` (empty: every measure) and `month`; it may
    have `exclude` (true: the month is drawn but left out of the limits, and starts no phase) and
    `baseline` (the phase's limits are fixed on this many of its first points). `pauses` defaults to
    the programme's; `chart` works out the points. A series with an ambition is judged against the
    target of each month (`releasing.ambitions`). Limits in the release are clipped to possible
    values; rules use unclipped limits.
    """
    about = pl.DataFrame(
        [_settings(m, programme.disclosure) for m in measures],
        schema={"measure": pl.String} | _SETTINGS,
    )
    rows = observations.filter(pl.col("measure").is_in(about["measure"].implode()))
    if rows.is_empty():
        return empty(Points), empty(Signals)
    keys = rows.select(*SERIES, "trust_code").unique(SERIES).join(about, on="measure")
    keys = keys.sort(SERIES).with_row_index("series").cast({"series": pl.Int64})
    numbered = keys.select("series", *SERIES)
    rows = rows.select(*SERIES, "month", *_OF_MONTH).join(numbered, on=SERIES).drop(SERIES)
    how = _How(
        measures,
        rebases,
        tuple(programme.pauses if pauses is None else pauses),
        programme,
        aims(observations, measures, programme),
        chart,
    )
    blocks = _blocks(rows) if chart is charted_here else [rows]  # an engine divides them itself
    made = [_of_series(block, keys, how) for block in blocks]
    points, signals = (pl.concat(parts) for parts in zip(*made, strict=True))
    return points, signals


@dataclass(frozen=True)
class _How:
    """How series are charted: as `points_and_signals` is told, with what all aim for."""

    measures: Sequence[Measure]
    rebases: pl.DataFrame | None
    pauses: tuple[Pause, ...]
    programme: Programme
    aims: pl.DataFrame
    chart: Charting


def _blocks(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The rows of some series after the other, in their order: no series depends on another."""
    if rows.height <= TOGETHER:
        yield rows
        return
    many = -(-rows["series"].n_unique() * TOGETHER // rows.height)
    places = rows.select("series", block=pl.col("series") // many).with_row_index("row")
    for _, block in places.sort("block", maintain_order=True).group_by(
        "block", maintain_order=True
    ):
        yield rows[block["row"]]


def _of_series(
    rows: pl.DataFrame, every: pl.DataFrame, how: _How
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The points and the signals of the series in `rows`, in the order of `every` series."""
    keys = every.join(rows.select("series").unique(), on="series", how="semi")
    months = monthly(rows, how.pauses)
    ready = _with_nothing_counted(_with_decisions(months, keys, how.rebases))
    ready = _with_paths(_with_baselines_alone(ready), keys, how.aims)
    charts, now = _charted(ready, how.programme, how.chart)
    charts = with_states(charts, months)
    named = keys.select("series", *SERIES, "trust_code")
    now = as_baseline(now, charts)
    now = with_sentences(now.join(named, on="series"), charts, how.measures)
    now = _with_rebase_proposals(now, charts, how.measures)
    points = in_order(charts, "series", "date").join(named, on="series", maintain_order="left")
    points = points.with_columns(month="date")
    signals = now.with_columns(latest=pl.when(pl.col("n") > 0).then("date")).sort(*SERIES)
    return typed(points, Points), typed(signals, Signals)


_SETTINGS = {
    "unit": pl.String,
    "direction": pl.String,
    "target": pl.Float64,
    "asked": pl.String,
    "span": pl.Int64,
    "period": pl.Int64,
    "fewest": pl.Float64,
}


def _settings(measure: Measure, policy: DisclosurePolicy) -> dict[str, object]:
    return {
        "measure": measure.id,
        "unit": UNITS[measure.unit],
        "direction": measure.direction,
        "target": None if measure.target is None else measure.target / measure.multiplier,
        "asked": measure.chart,
        "span": measure.rolling_months,
        "period": measure.chart_months,
        "fewest": policy.least_answers(measure.of_people) or None,
    }


def _with_decisions(
    months: pl.DataFrame, keys: pl.DataFrame, rebases: pl.DataFrame | None
) -> pl.DataFrame:
    """Join each series' settings and people's decisions about its months."""
    ready = months.join(keys.select("series", *_SETTINGS), on="series", maintain_order="left")
    if rebases is None or rebases.is_empty():
        return ready.with_columns(phase_start=pl.lit(False))
    optional = {"exclude": pl.lit(False), "baseline": pl.lit(None, pl.Int64)}
    decided = rebases.with_columns(
        default.alias(name) for name, default in optional.items() if name not in rebases.columns
    )
    unit = keys.select("series", *SERIES)
    every = decided.filter(pl.col("measure").is_null()).drop("measure")
    one = decided.filter(pl.col("measure").is_not_null())
    of_series = pl.concat(
        [
            part.join(unit, on=on).select("series", "exclude", "baseline", date="month")
            for part, on in ((every, SERIES[:2]), (one, SERIES))
        ]
    )
    of_months = of_series.group_by("series", "date").agg(
        phase_start=(~pl.col("exclude")).any(),
        exclude=pl.col("exclude").any(),
        baseline=pl.col("baseline").max(),
    )
    return ready.join(of_months, on=["series", "date"], how="left", maintain_order="left")


def _with_paths(ready: pl.DataFrame, keys: pl.DataFrame, aims: pl.DataFrame) -> pl.DataFrame:
    """Give the months of each series with an ambition the target that its path has then."""
    judged = aims.filter("judged").select(
        *SERIES, "by", "baseline", "baseline_last", reached="target", has_path=True
    )
    if judged.is_empty():
        return ready
    paths = keys.select("series", *SERIES).join(judged, on=SERIES).drop(SERIES)
    found = ready.join(paths, on="series", how="left", maintain_order="left")
    path = found.select("by", "baseline", "baseline_last", month="date", target="reached").select(
        aim()
    )["aim"]
    found = found.with_columns(target=pl.when("has_path").then(path).otherwise("target"))
    return found.select(ready.columns)


def _with_nothing_counted(ready: pl.DataFrame) -> pl.DataFrame:
    """Set months that did not apply to 0 over 0, because they add nothing to their quarter."""
    nothing = (pl.col("period") > 1) & (pl.col("state") == "not_applicable")
    return ready.with_columns(
        pl.when(nothing).then(0.0).otherwise(pl.col(name)).alias(name)
        for name in ("numerator", "denominator")
    )


def _with_baselines_alone(ready: pl.DataFrame) -> pl.DataFrame:
    """Mark the months of a baseline whose quarter the ward took part in: that is of the others."""
    if not (ready["state"] == "baseline").any():
        return ready.with_columns(alone=pl.lit(False))
    quarter = pl.col("date").dt.truncate("1q")
    took_part = pl.col("state").is_in(TOOK_PART).any().over("series", quarter)
    return ready.with_columns(alone=(pl.col("state") == "baseline") & took_part)


_OF_POINT = tuple(dict.fromkeys(("series", "date", "few", "exclude", "stretch", *types_of(Points))))


def _charted(
    ready: pl.DataFrame, programme: Programme, chart: Charting
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Chart the series of each kind, and take each series' signal from its points."""
    points, signals = [], []
    uncharted = pl.col("asked").is_in(UNCHARTED)
    ready = ready.with_columns(name=pl.when(uncharted).then(pl.lit("points")).otherwise("asked"))
    for (name, bare), part in ready.group_by("name", uncharted.alias("bare"), maintain_order=True):
        method = Method(chart=name, two_of_three=programme.two_of_three)
        made = chart(part.drop("name"), method)
        now = latest(nw.from_native(made), method).to_native()
        if bare:
            made, now = _uncharted(made), _uncharted(now)
        points.append(_clipped(made).select(name for name in _OF_POINT if name in made.columns))
        signals.append(_clipped(now))
    return pl.concat(points, how="diagonal"), pl.concat(signals, how="diagonal")


def _uncharted(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep only the figures of series that are shown as a table or by stage.

    A figure for several months is dated by the first of them.
    """
    first = pl.col("date").dt.offset_by(pl.format("-{}mo", pl.col("span") - 1))
    why = {"stage": "Shown by stage.", "table": "Shown as a table."}
    nothing = pl.lit(None, pl.Float64)
    return frame.with_columns(
        *[nothing.alias(line) for line in LINES],
        chart="asked",
        reason=pl.col("asked").replace_strict(why),
        side=pl.lit(None, pl.Int64),
        months="span",
        date=first,
    )


def _clipped(frame: pl.DataFrame) -> pl.DataFrame:
    """Clip limits to 0, and to 1 for proportions, as they are drawn."""
    ceiling = pl.when(pl.col("unit") == "proportion").then(1.0)
    lines = [line for line in LINES if line in frame.columns]
    return frame.with_columns(
        pl.col(line).clip(lower_bound=0.0, upper_bound=ceiling.fill_null(float("inf")))
        for line in lines
    )


SEARCHES = {"run": "run", "xmr": "xmr", "pp": "xmr", "u": "xmr", "up": "xmr"}
SEARCHED = ("series", "date", "value", "phase", "exclude", "stretch")
LEVELS = ("ward", "trust", "programme")  # there are no decisions about peer groups


def _with_rebase_proposals(
    now: pl.DataFrame, points: pl.DataFrame, measures: Sequence[Measure]
) -> pl.DataFrame:
    """Add `hint_month`, the first month of the latest new level, and `hint_sentence`.

    `now` has a row for each series, `points` the charted points of all. Both columns are empty if
    nothing is proposed, as is always the case without limits or a run chart.
    """
    by_id = {m.id: m for m in measures}
    measure_of = dict(now.select("series", "measure").iter_rows())
    searched, proposed = points.select(SEARCHED), {}
    for chart, search in SEARCHES.items():
        here = now.filter(pl.col("chart") == chart, pl.col("level").is_in(LEVELS)).select("series")
        of_chart = searched.join(here, on="series", how="semi")
        proposed |= {hint.series: hint for hint in proposals(of_chart, search)}
    found = pl.DataFrame(
        [(s, h.date, settled(h, by_id[measure_of[s]])) for s, h in proposed.items()],
        schema={"series": pl.Int64, "hint_month": pl.Date, "hint_sentence": pl.String},
        orient="row",
    )
    return now.join(found, on="series", how="left", maintain_order="left")
