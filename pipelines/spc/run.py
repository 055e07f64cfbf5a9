"""Charts any tidy file: everything `feeling-safe spc` does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import get_args

import polars as pl

from pipelines.spc.tidy_file import SpcError, read
from pipelines.statistics import points as charted_points
from pipelines.statistics import signals as charted_signals
from pipelines.statistics.method import Chart, Method
from pipelines.statistics.rebase_proposals import Proposal, proposals

__all__ = ["Charted", "SpcError", "run"]

TABLES = (".csv", ".parquet", ".json")
PICTURES = (".svg", ".png", ".html")
COUNTED = ("p", "pp", "u", "up")


@dataclass(frozen=True)
class Charted:
    """The points and signals of a file, the files written, and suggested rebases."""

    points: pl.DataFrame
    signals: pl.DataFrame
    written: tuple[Path, ...] = ()
    hints: tuple[Proposal, ...] = ()


def run(
    file: Path,
    *,
    method: Method = charted_points.HOUSE,
    rebase: Sequence[date | str] = (),
    points: Path | None = None,
    signals: Path | None = None,
    plot: Path | None = None,
) -> Charted:
    """Chart every series of a file, and write the results that have a path, by its ending.

    Each date in `rebase` starts a new phase in every series that continues after it. Monthly series
    are completed: months without a row become points without a value. Raises SpcError.
    """
    _check_options(method)
    _check_endings({"--points": points, "--signals": signals}, TABLES)
    _check_endings({"--plot": plot}, PICTURES)
    frame = read(Path(file))
    _check_values(frame, method)
    frame = _with_rebases(_every_month(frame), [_day(day) for day in rebase])
    frame = _with_unit(frame)
    made = charted_points.points(frame, method)
    now = charted_signals.signals(frame, method)
    if points:
        _write(made, points)
    if signals:
        _write(now, signals)
    if plot:
        from pipelines.spc.plot import save

        save(made, now, _targets(frame, method), Path(plot))
    written = tuple(path for path in (points, signals, plot) if path)
    return Charted(made, now, written, _hints(made, now, frame))


def _hints(made: pl.DataFrame, now: pl.DataFrame, frame: pl.DataFrame) -> tuple[Proposal, ...]:
    """Suggested rebases for XmR and run charts, for someone who knows of a change."""
    found = []
    if "exclude" in frame.columns:
        left_out = frame.filter("exclude").select("series", "date")
        made = made.join(left_out, on=["series", "date"], how="anti")
    for chart in ("xmr", "run"):
        series = now.filter(pl.col("chart") == chart)["series"]
        found += proposals(made.filter(pl.col("series").is_in(series.implode())), chart)
    return tuple(sorted(found, key=lambda hint: (hint.series, hint.date)))


def _check_options(method: Method) -> None:
    allowed = {
        "chart": get_args(Chart),
        "direction": ("up", "down", "none"),
        "two_of_three": ("mdc", "ptd"),
        "assurance": ("mdc", "strict"),
        "sigma": ("nhs", "exact"),
    }
    for name, choices in allowed.items():
        given = getattr(method, name)
        if given not in choices:
            option = "--" + name.replace("_", "-")
            raise SpcError(f"{option} {given} is not known: choose {_listed(choices)}.")
    if method.baseline is not None and method.baseline < 2:
        raise SpcError(
            f"--baseline {method.baseline} is too short: limits need at least 2 points, ideally 12 "
            "to 20."
        )


def _check_endings(paths: dict[str, Path | None], endings: Sequence[str]) -> None:
    for option, path in paths.items():
        if path is not None and Path(path).suffix.lower() not in endings:
            raise SpcError(f"{option} {path}: its name must end in {_listed(endings)}.")
        if path is not None and not Path(path).parent.is_dir():
            raise SpcError(f"{option} {path}: there is no folder {Path(path).parent}.")


def _check_values(frame: pl.DataFrame, method: Method) -> None:
    """Raise SpcError for values that the chart asked for can't show."""
    chart = method.chart
    if chart in COUNTED and "denominator" not in frame.columns:
        raise SpcError(f"A {chart} chart needs the columns numerator and denominator.")
    if chart in ("p", "pp"):
        over = frame.filter(pl.col("numerator") > pl.col("denominator"))
        _refuse(over, "numerator is more than its denominator: use --chart u for a rate")
    value = pl.col("value") if "value" in frame.columns else pl.col("numerator")
    if chart in ("c", "g"):
        _refuse(frame.filter(value < 0), f"value is below 0, which a {chart} chart can't show")
    if chart == "t":
        _refuse(frame.filter(value <= 0), "value is not above 0, which a t chart can't show")


def _refuse(rows: pl.DataFrame, why: str) -> None:
    if not rows.is_empty():
        series, day = rows.select("series", "date").row(0)
        raise SpcError(f"{series} on {day}: the {why}. Rows like this: {len(rows)}.")


def _every_month(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the missing months if all dates fall on the same day of the month."""
    days = frame["date"].dt.day().unique()
    if len(days) > 1 or days[0] > 28:
        return frame
    ends = frame.group_by("series", maintain_order=True).agg(
        first=pl.col("date").min(), last=pl.col("date").max()
    )
    dates = pl.date_ranges("first", "last", interval="1mo")
    months = ends.select("series", date=dates).explode("date")
    return months.join(frame, on=["series", "date"], how="left", maintain_order="left")


def _with_rebases(frame: pl.DataFrame, rebases: list[date]) -> pl.DataFrame:
    """Start a phase on each date, or on the next date in a series without it."""
    if "phase_start" not in frame.columns:
        frame = frame.with_columns(phase_start=pl.lit(False))
    frame = frame.sort("series", "date")
    for day in rebases:
        last = frame["date"].max()
        if isinstance(last, date) and day > last:
            raise SpcError(f"--rebase {day} is after the last date, {last}: no phase can start.")
        first = pl.col("date").filter(pl.col("date") >= day).min().over("series")
        starts = (pl.col("date") == first).fill_null(False)
        frame = frame.with_columns(phase_start=pl.col("phase_start").fill_null(False) | starts)
    return frame


def _day(day: date | str) -> date:
    try:
        return day if isinstance(day, date) else date.fromisoformat(day)
    except ValueError as error:
        raise SpcError(f"--rebase {day} is not a date: write it like 2026-03-01.") from error


def _with_unit(frame: pl.DataFrame) -> pl.DataFrame:
    """Mark series without `value` as a proportion or a rate, for the choice of chart."""
    if "value" in frame.columns:
        return frame
    n, d = pl.col("numerator").sum(), pl.col("denominator").sum()
    small = (n < 0.05 * d).over("series")
    over = (pl.col("numerator") > pl.col("denominator")).any().over("series")
    unit = pl.when(small | over).then(pl.lit("rate")).otherwise(pl.lit("proportion"))
    return frame.with_columns(unit=unit)


def _targets(frame: pl.DataFrame, method: Method) -> dict[str, float]:
    """The latest target of each series that has one."""
    target = pl.lit(method.target, pl.Float64)
    if "target" in frame.columns:
        target = pl.coalesce(pl.col("target").drop_nulls().last(), target)
    last = frame.sort("date").group_by("series").agg(target=target.first())
    return {series: at for series, at in last.iter_rows() if at is not None}


def _write(frame: pl.DataFrame, path: Path) -> None:
    match Path(path).suffix.lower():
        case ".csv":
            frame.write_csv(path)
        case ".parquet":
            frame.write_parquet(path)
        case _:
            frame.write_json(path)


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
