"""Process charts of any tidy file: what `feeling-safe spc` does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import get_args

import polars as pl

from pipelines.output_files import check_name, write
from pipelines.reading.dates import read_date
from pipelines.reading.tidy_cells import Unusable
from pipelines.spc.could_find import with_detectable
from pipelines.spc.fitting import far_targets, fitting, mostly_zero
from pipelines.spc.missing_points import with_missing
from pipelines.spc.tidy_file import read
from pipelines.statistics import points as charted_points
from pipelines.statistics import signals as charted_signals
from pipelines.statistics.method import TRIAL_BELOW, Chart, Find, Method
from pipelines.statistics.rebase_proposals import Proposal, proposals
from schemas.wording import listed, significant

TABLES = (".csv", ".parquet", ".json")
PICTURES = (".svg", ".png", ".html")
COUNTED = ("p", "pp", "u", "up")
BETWEEN = ("g", "t")


@dataclass(frozen=True)
class Charted:
    """The points and signals of a file, what was written, and where a new phase may begin.

    `refused` says which series were left out and why, `notes` what should be checked.
    """

    points: pl.DataFrame
    signals: pl.DataFrame
    written: tuple[Path, ...] = ()
    hints: tuple[Proposal, ...] = ()
    refused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def run(
    file: Path,
    *,
    method: Method = charted_points.HOUSE,
    rebase: Sequence[date | str] = (),
    points: Path | None = None,
    signals: Path | None = None,
    plot: Path | None = None,
) -> Charted:
    """Chart every series of a file; write what has a path, by its ending.

    Each date of `rebase` starts a new phase in every series that goes on after it. A series with
    a regular step is completed: dates without a row are points without a value. A series that the
    chart can't hold is left out. Raises Unusable, also if no series is left.
    """
    _check_options(method)
    check_name("--points", points, TABLES, [file])
    check_name("--signals", signals, TABLES, [file, points])
    check_name("--plot", plot, PICTURES, [file])
    frame, notes = read(Path(file))
    if method.chart in COUNTED and "denominator" not in frame.columns:
        raise Unusable(f"A {method.chart} chart needs the columns numerator and denominator.")
    frame, rates = _with_unit(frame, method)
    frame, refused = fitting(frame, method)
    notes += far_targets(frame, method)
    frame = frame.drop("row")
    if method.chart not in BETWEEN:  # their dates are those of events
        frame = with_missing(frame)
        frame = frame.with_columns(pl.col("unit").max().over("series"))
    frame = _with_rebases(frame, [_day(day) for day in rebase])
    made = charted_points.points(frame, method)
    _check_baseline(made, method)
    now = _explained(charted_signals.signals(frame, method), rates, method)
    now = with_detectable(now, made, frame.select("series", "unit").unique(), method)
    notes += mostly_zero(made, now)
    notes += tuple(now["by_chance"].drop_nulls().unique(maintain_order=True))
    files = {Path(path): _table(f, path) for f, path in ((made, points), (now, signals)) if path}
    if plot:
        from pipelines.spc.plot import picture

        files[Path(plot)] = picture(made, now, _targets(frame, method), Path(plot))
    write(files)
    written = tuple(path for path in (points, signals, plot) if path)
    return Charted(made, now, written, _hints(made, now, frame), refused, notes)


def _hints(made: pl.DataFrame, now: pl.DataFrame, frame: pl.DataFrame) -> tuple[Proposal, ...]:
    """Proposals for XmR and run charts, by series; a person who knows of a change may take one."""
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
        "find": get_args(Find),
    }
    for name, choices in allowed.items():
        given = getattr(method, name)
        if given not in choices:
            option = "--" + name.replace("_", "-")
            raise Unusable(f"{option} {given} is not known: choose {listed(choices, 'or')}.")
    if method.baseline is not None and method.baseline < 2:
        raise Unusable(
            f"--baseline {method.baseline} is too short: limits need at least 2 points, and are "
            "trial limits if they come from fewer than 12."
        )


def _check_baseline(points: pl.DataFrame, method: Method) -> None:
    """Refuse a baseline of more points than a phase has."""
    if method.baseline is None:
        return
    phases = points.group_by("series", "phase", maintain_order=True).agg(
        pl.col("date").min(), count=pl.col("value").count()
    )
    short = phases.filter(pl.col("count").is_between(1, method.baseline - 1))
    if not short.is_empty():
        series, _, start, count = short.row(0)
        more = f" So have {len(short) - 1} other phases." if len(short) > 1 else ""
        raise Unusable(
            f"--baseline {method.baseline} is longer than the phase of {series} from {start} on, "
            f"which has {count} points: choose {max(count, 2)} or fewer, or leave --baseline "
            f"out.{more}"
        )


def _with_unit(frame: pl.DataFrame, method: Method) -> tuple[pl.DataFrame, dict[str, str]]:
    """Say whether a series without `value` is a proportion or a rate; and why some are rates."""
    if "value" in frame.columns:
        return frame.with_columns(unit=pl.lit("value")), {}
    n, d = pl.col("numerator"), pl.col("denominator")
    small = (n.sum() < 0.05 * d.sum()).over("series")
    over = (n > d).any().over("series").fill_null(False)
    unit = pl.when(small | over).then(pl.lit("rate")).otherwise(pl.lit("proportion"))
    frame = frame.with_columns(unit=unit)
    if method.chart != "auto":
        return frame, {}
    above = (
        frame.filter((n > d) & ~small)
        .group_by("series")
        .agg(pl.col("row").min(), n.first(), d.first(), count=pl.len())
    )
    return frame, {
        series: f" Taken as a rate, because row {row} has {significant(many)} of {significant(of)}"
        + (f", and so on in {count} rows." if count > 1 else ", which no proportion can be.")
        for series, row, many, of, count in above.iter_rows()
    }


def _explained(signals: pl.DataFrame, rates: dict[str, str], method: Method) -> pl.DataFrame:
    """Add to `reason` why a series was taken as a rate, and how a short baseline is used."""
    taken = pl.col("series").replace_strict(rates, default="", return_dtype=pl.String)
    reason = pl.col("reason") + taken
    if method.baseline is not None:
        reason = reason.str.replace(
            "limits need 12.", "--baseline needs a named chart, as --chart xmr.", literal=True
        ).str.replace("; under 12 points its limits are trial limits.", ".", literal=True)
        trial = pl.col("upper").is_not_null() & (method.baseline < TRIAL_BELOW)
        note = f" The limits are trial limits, from the first {method.baseline} points."
        reason += pl.when(trial).then(pl.lit(note)).otherwise(pl.lit(""))
    return signals.with_columns(reason)


def _with_rebases(frame: pl.DataFrame, rebases: list[date]) -> pl.DataFrame:
    """Start a phase on each date, or on the next one of a series that lacks it."""
    if "phase_start" not in frame.columns:
        frame = frame.with_columns(phase_start=pl.lit(False))
    frame = frame.sort("series", "date")
    for day in rebases:
        last = frame["date"].max()
        if isinstance(last, date) and day > last:
            raise Unusable(f"--rebase {day} is after the last date, {last}: no phase can start.")
        first = pl.col("date").filter(pl.col("date") >= day).min().over("series")
        starts = (pl.col("date") == first).fill_null(False)
        frame = frame.with_columns(phase_start=pl.col("phase_start").fill_null(False) | starts)
    return frame


def _day(day: date | str) -> date:
    if isinstance(day, date):
        return day
    read, time = read_date(day.strip())
    if read is None or time:
        raise Unusable(f"--rebase {day} is not a date: write it as 2026-03-01.")
    return read


def _targets(frame: pl.DataFrame, method: Method) -> dict[str, float]:
    """The latest target of each series that has one."""
    target = pl.lit(method.target, pl.Float64)
    if "target" in frame.columns:
        target = pl.coalesce(pl.col("target").drop_nulls().last(), target)
    last = frame.sort("date").group_by("series").agg(target=target.first())
    return {series: at for series, at in last.iter_rows() if at is not None}


def _table(frame: pl.DataFrame, path: Path) -> bytes:
    """The content of a table’s file, whose ending says what it is."""
    content = BytesIO()
    match Path(path).suffix.lower():
        case ".csv":
            frame.write_csv(content)
        case ".parquet":
            frame.write_parquet(content)
        case _:
            frame.write_json(content)
    return content.getvalue()
