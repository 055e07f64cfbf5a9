"""The tidy table: one row for each figure with its chart's limits and signals, for analysts."""

from collections.abc import Mapping, Sequence
from io import BytesIO

import polars as pl

from dashboard.exports import tables
from dashboard.exports.figures import chosen, names
from dashboard.exports.masked import Ask
from dashboard.exports.order import CannotMake, Order
from dashboard.exports.running_sums import running_sums
from dashboard.queries.organisations import wards
from dashboard.queries.series import ambitions, charted, signals
from pipelines.releasing.ambitions import aim
from schemas.disclosure import NO_PERCENTAGE
from schemas.measures import Measure
from schemas.programme import Programme
from schemas.release import LEVELS
from schemas.tables.keys import SERIES
from schemas.tidy import Tidy
from schemas.typed import typed

_PERIOD = [*SERIES, "first_month", "months"]
_ORDER = ["measure", "level", "unit_id", "months", "month"]
_LINES = ["centre", "lower", "upper", "near_lower", "near_upper"]
_RULES = ["rule_outside", "rule_trend", "rule_two_of_three", "rule_shift"]
_DRAWN = ["chart", "phase", "used_in_limits", "trial", *_LINES, *_RULES, "cause", "kind"]
_FIGURES = ["numerator", "denominator", "value"]
_SHOWN = ["numerator", "denominator", "value", "rounding", "state", "suppression_reason"]


def rows(
    ask: Ask,
    facts: Mapping[str, object],
    measures: Sequence[Measure],
    masked: pl.DataFrame,
    order: Order,
    programme: Programme,
) -> pl.DataFrame:
    """The rows of `schemas.tidy.Tidy` that an order is for, by measure, level, unit and period.

    `masked` is the whole table as the order's audience may see it. Limits and signals are added for
    exact figures only; raises CannotMake if there are no figures.
    """
    found = chosen(masked, order)
    if found.is_empty():
        raise CannotMake("There are no figures of this kind yet: choose something else.")
    found = found.with_columns(
        first_month=tables.first_month(measures), months=tables.months_counted(measures)
    )
    if order.shared:
        found = found.select(*_PERIOD, "month", "trust_code", *_SHOWN)
    else:
        found = _with_paths(ask, _with_charts(ask, found))
        found = _with_sums(ask, found, measures, programme)
    return typed(_described(ask, facts, measures, found), Tidy).sort(_ORDER)


def csv(frame: pl.DataFrame) -> bytes:
    """The table as CSV (RFC 4180, UTF-8): a cell without a number is empty, never a word."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    safe = {
        name: {text: tables.harmless(text) for text in frame[name].unique().drop_nulls()}
        for name in texts
    }
    frame = frame.with_columns(pl.col(name).replace(found) for name, found in safe.items())
    out = BytesIO()
    frame.write_csv(out, line_terminator="\r\n")
    return out.getvalue()


def parquet(frame: pl.DataFrame) -> bytes:
    """The table as Parquet."""
    out = BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def _with_charts(ask: Ask, found: pl.DataFrame) -> pl.DataFrame:
    """Exact figures with their charts; quarters that a chart adds up get rows of their own."""
    valued, judged = pl.col("value").is_not_null(), pl.col("kind").is_not_null()
    points = (
        ask(charted)
        .join(found.select(SERIES).unique(), on=SERIES, how="semi")
        .rename({"month": "first_month"})
        .with_columns(pl.when(valued).then(pl.col(line)).alias(line) for line in _LINES)
        .with_columns(pl.when(judged).then(pl.col(rule)).alias(rule) for rule in _RULES)
    )
    last = pl.col("first_month").dt.offset_by(pl.format("{}mo", pl.col("months") - 1))
    quarters = points.join(found, on=_PERIOD, how="anti").with_columns(
        month=last,
        rounding=pl.when(valued).then(pl.lit("exact")).otherwise(pl.lit("none")),
        suppression_reason=pl.when(pl.col("state") == "few").then(pl.lit(NO_PERCENTAGE)),
    )
    about = [*_PERIOD, "month", "trust_code", *_SHOWN, "provisional", "queried"]
    found = pl.concat(
        [found.select(*about, "wards", "wards_expected"), quarters.select(about)], how="diagonal"
    )
    now = pl.concat([ask(signals, level=level) for level in LEVELS])
    now = now.select(*SERIES, "months", "variation", "assurance", first_month="latest")
    few = pl.col("suppression_reason") == NO_PERCENTAGE
    return (
        found.join(points.select(*_PERIOD, *_DRAWN), on=_PERIOD, how="left")
        .join(now, on=_PERIOD, how="left")
        .with_columns(state=pl.when(few).then(pl.lit("few")).otherwise("state"))
    )


def _with_sums(
    ask: Ask, found: pl.DataFrame, measures: Sequence[Measure], programme: Programme
) -> pl.DataFrame:
    """The figures with the running sums of measures too rare for limits, in the rows of months."""
    mine = found.select(SERIES).unique()
    of_levels = [
        running_sums(
            ask,
            level,
            tuple(sorted(units["unit_id"].unique())),
            [measure for measure in measures if measure.id in set(units["measure"])],
            programme,
        )[0]
        for (level,), units in mine.partition_by("level", as_dict=True).items()
    ]
    there = pl.col("value").is_not_null()
    sums = pl.concat(of_levels).select(
        *SERIES,
        first_month="month",
        months=pl.lit(1, pl.Int64),
        running_sum=pl.col("value").round(6),
        threshold=pl.when(there).then("upper"),
        climb=pl.when(there).then((pl.col("cause") == "climb").fill_null(value=False)),
    )
    return found.join(sums, on=_PERIOD, how="left")


def _with_paths(ask: Ask, found: pl.DataFrame) -> pl.DataFrame:
    """The figures with the `path` of the ambition that each series is judged by, unscaled.

    As on charts, a longer period has the mean of its months, if the path has begun in all of them.
    """
    ends = ["by", "baseline_last", "baseline", "target"]
    aimed = ask(ambitions).filter("judged").select(*SERIES, *ends)
    spans = found.select(_PERIOD).join(aimed, on=SERIES).with_columns(step=pl.int_ranges("months"))
    begun = pl.col("aim").is_not_null().all()
    paths = (
        spans.explode("step")
        .with_columns(month=pl.col("first_month").dt.offset_by(pl.format("{}mo", "step")))
        .select(*_PERIOD, aim())
        .group_by(_PERIOD)
        .agg(path=pl.when(begun).then(pl.col("aim").mean()))
    )
    return found.join(paths, on=_PERIOD, how="left")


def _described(
    ask: Ask, facts: Mapping[str, object], measures: Sequence[Measure], found: pl.DataFrame
) -> pl.DataFrame:
    """Rows with names, in the unit that people read, and without figures where there are none."""
    about = pl.DataFrame(
        [(m.id, m.name, m.unit, m.multiplier, m.direction, m.target) for m in measures],
        schema={
            "measure": pl.String,
            "measure_name": pl.String,
            "value_unit": pl.String,
            "multiplier": pl.Int64,
            "direction": pl.String,
            "target": pl.Float64,
        },
        orient="row",
    )
    groups = dict(ask(wards).select("ward_id", "peer_group").iter_rows())
    there = pl.col("state").is_in(["value", "nil", "few", "baseline"])
    scaled = [name for name in ("value", "path", *_LINES) if name in found.columns]
    target = pl.coalesce("target", "path") if "path" in found.columns else pl.col("target")
    return (
        found.join(about, on="measure")
        .with_columns(pl.when(there).then(pl.col(name)).alias(name) for name in _FIGURES)
        .with_columns((pl.col(name) * pl.col("multiplier")).round(6).alias(name) for name in scaled)
        .with_columns(target=target)
        .with_columns(
            release=pl.lit(str(facts["release_id"])),
            unit_name=pl.col("unit_id").replace(names(ask, facts)),
            peer_group=pl.when(pl.col("level") == "ward").then(
                pl.col("unit_id").replace_strict(groups, default=None, return_dtype=pl.String)
            ),
        )
    )
