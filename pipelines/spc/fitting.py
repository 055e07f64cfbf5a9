"""Which series a chart can hold, and which targets their values can reach."""

from collections.abc import Callable

import polars as pl

from pipelines.reading.tidy_cells import Unusable, first_of
from pipelines.statistics.chart_choice import NAMES
from pipelines.statistics.method import Method
from schemas.wording import listed, significant

SHARES = ("p", "pp")


def fitting(frame: pl.DataFrame, method: Method) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The series that the chart can hold, and for each row of the others what is wrong with it."""
    found = []
    for bad, column, why in _misfits(frame, method):
        rows = frame.filter(bad).select("row", "series", column)
        found += [(row, series, why(cell)) for row, series, cell in rows.iter_rows()]
    out = {series for _, series, _ in found}
    alone = frame["series"].n_unique() == 1
    lines = [
        f"Row {row}, {why}" if alone else f"Row {row}, {series}, {why}"
        for row, series, why in sorted(found)
    ]
    if method.target is not None and "target" not in frame.columns:
        shares = frame.filter(_share(method) & _beyond(pl.lit(method.target)))["series"].unique()
        out |= set(shares)
        lines += [f"{series}: --target {_unreachable(method.target)}" for series in sorted(shares)]
    if not out:
        return frame, ()
    kept = frame.filter(~pl.col("series").is_in(out))
    if kept.is_empty():
        raise Unusable("\n".join(first_of(lines)))
    names = listed(sorted(out))
    left_out = f"{names} {'is' if len(out) == 1 else 'are'} left out; the other series are charted."
    return kept, (*first_of(lines), left_out)


Misfit = tuple[pl.Expr, str, Callable[[float], str]]


def _misfits(frame: pl.DataFrame, method: Method) -> list[Misfit]:
    """Which rows can't be charted, the column that shows it, and why."""
    chart = method.chart
    found: list[Misfit] = []
    if "numerator" in frame.columns:
        found.append(
            (
                pl.col("numerator") < 0,
                "numerator",
                lambda n: f"numerator: {significant(n)} is below 0; counts start at 0.",
            )
        )
    if chart in SHARES:
        found.append(
            (
                pl.col("numerator") > pl.col("denominator"),
                "numerator",
                lambda n: (
                    f"numerator: {significant(n)} is more than its denominator; write counts, not "
                    "percentages, and use --chart u for a rate."
                ),
            )
        )
    if chart == "cusum":
        found += [
            (
                pl.col(name).floor() != pl.col(name),
                name,
                lambda n, name=name: (
                    f"{name}: {significant(n)} is not a whole number; a CUSUM counts events."
                ),
            )
            for name in ("value", "numerator")
            if name in frame.columns
        ]
    if chart in ("c", "g", "t", "cusum") and "value" in frame.columns:
        found.append(
            (
                pl.col("value") < 0,
                "value",
                lambda v: f"value: {significant(v)} is below 0, which a {NAMES[chart]} can't hold.",
            )
        )
    if "target" in frame.columns:
        found.append(
            (
                _share(method) & _beyond(pl.col("target")),
                "target",
                lambda t: f"target: {_unreachable(t)}",
            )
        )
    return found


def _share(method: Method) -> pl.Expr:
    return (pl.col("unit") == "proportion") | pl.lit(method.chart in SHARES)


def _beyond(target: pl.Expr) -> pl.Expr:
    return (target < 0) | (target > 1)


def _unreachable(target: float) -> str:
    aim, share = significant(target), significant(target / 100)
    percent = f" For {aim}% write {share}." if 1 < target <= 100 else ""
    return f"{aim} can't be reached: a proportion lies between 0 and 1.{percent}"


def _target(frame: pl.DataFrame, method: Method) -> pl.Expr:
    option = pl.lit(method.target, pl.Float64)
    return pl.col("target") if "target" in frame.columns else option


def far_targets(frame: pl.DataFrame, method: Method) -> tuple[str, ...]:
    """Targets far from every value that would be among them in another unit."""
    value = (
        pl.col("value") if "value" in frame.columns else pl.col("numerator") / pl.col("denominator")
    )
    ends = frame.group_by("series", maintain_order=True).agg(
        target=_target(frame, method).drop_nulls().last(), low=value.min(), high=value.max()
    )
    return tuple(
        f"{series}: the target is {significant(target)} and the values are "
        f"{significant(low)} to {significant(high)}. "
        f"Is the target {significant(target * by)}?"
        for series, target, low, high in ends.drop_nulls().iter_rows()
        for by in (100, 0.01, 1000, 0.001)
        if not low <= target <= high and low <= target * by <= high and target
    )


def mostly_zero(points: pl.DataFrame, signals: pl.DataFrame) -> tuple[str, ...]:
    """XmR charts that say little, as most of their values are 0, and what to chart instead."""
    xmr = signals.filter(pl.col("chart") == "xmr").select("series")
    values = points.filter(pl.col("value").is_not_null()).join(xmr, on="series", how="semi")
    zero = (pl.col("value") == 0).sum()
    counted = values.group_by("series", maintain_order=True).agg(zero=zero, of=pl.len())
    return tuple(
        f"{series}: {zero} of {of} values are 0, so an XmR chart says little. If they count rare "
        "events, chart the days between events, with --chart t, or the cases between them, with "
        "--chart g."
        for series, zero, of in counted.filter(pl.col("zero") * 2 > pl.col("of")).iter_rows()
    )
