"""Works out who has sent what, and how completely each ward reports each measure."""

from collections.abc import Collection
from datetime import date

import polars as pl

from pipelines.keeping.month_locks import Calendar, span
from pipelines.releasing.counted import Counted, Some
from pipelines.releasing.last_release import LastRelease
from pipelines.releasing.returns import BASELINE
from schemas.deadlines import dates_for
from schemas.periods import Month, months
from schemas.programme import Programme
from schemas.release import Completeness
from schemas.typed import empty, typed

WINDOW = 12
AHEAD = 24
_VALID = pl.col("state").is_in(["value", "nil"])
_SERIES = ["unit_id", "trust_code", "measure"]
_BY_WARD = ["ward_id", "measure"]


def completeness(
    trusts: pl.DataFrame,
    grid: pl.DataFrame,
    returns: pl.DataFrame,
    classes: pl.DataFrame,
    calendar: Calendar,
    lost: Collection[tuple[str, str]] = (),
) -> pl.DataFrame:
    """Return states by trust and month, then reporting classes by ward and measure.

    (`schemas.release.Completeness`.) The calendar's day is the day the archive speaks of. Months go
    on for two years after it, so that what falls due is there even if nothing more arrives. A
    screen that knows a later day turns not_yet_due into missing once `due` is past, and leaves out
    months not yet ended. `classes` are those of `reporting`; `lost` are the trusts and months whose
    return is damaged (`Entries.lost`).
    """
    by_month = _damaged(_by_month(trusts, grid, returns, calendar), lost)
    return pl.concat([typed(frame, Completeness) for frame in (by_month, classes)])


def _by_month(
    trusts: pl.DataFrame, grid: pl.DataFrame, returns: pl.DataFrame, calendar: Calendar
) -> pl.DataFrame:
    codes = trusts["trust_code"].unique(maintain_order=True).to_list()
    months = months_due(calendar.programme, calendar.day)
    if not months or not codes:
        return empty(Completeness)
    dates = _dates(codes, months, calendar)
    expected = grid.filter("expected").select("trust_code", "month").unique()
    kept = returns.filter(pl.col("status") != "withdrawn", pl.col("timeliness") != BASELINE)
    sent = kept.group_by("trust_code", "month").agg(
        on_time=(pl.col("timeliness") == "on_time").any(),
        return_id=pl.col("return_id").filter(pl.col("status") == "active").first(),
    )
    state = (
        pl.when("paused")
        .then(pl.lit("paused"))
        .when(pl.col("return_id").is_not_null() & pl.col("on_time"))
        .then(pl.lit("received"))
        .when(pl.col("return_id").is_not_null())
        .then(pl.lit("late"))
        .when(pl.col("expected").is_null())
        .then(pl.lit("not_expected"))
        .when(pl.col("due") < calendar.day)
        .then(pl.lit("missing"))
        .otherwise(pl.lit("not_yet_due"))
    )
    return (
        dates.join(expected.with_columns(expected=True), on=["trust_code", "month"], how="left")
        .join(sent, on=["trust_code", "month"], how="left")
        .with_columns(scope=pl.lit("return"), state=state)
        .sort("trust_code", "month")
    )


def _damaged(by_month: pl.DataFrame, lost: Collection[tuple[str, str]]) -> pl.DataFrame:
    this = pl.concat_str("trust_code", pl.col("month").dt.strftime("/%Y-%m"))
    damaged = this.is_in(["/".join(each) for each in lost])
    return by_month.with_columns(state=pl.when(damaged).then(pl.lit("damaged")).otherwise("state"))


def _dates(trusts: list[str], months: list[Month], calendar: Calendar) -> pl.DataFrame:
    """When each trust's return for each month is due, and until when it may come and change."""
    programme, exceptions = calendar.programme, calendar.exceptions
    types = dict.fromkeys(("closes", "open_until", "changes_until", "month", "due"), pl.Date)
    rows = []
    for month in months:
        due = dates_for(month, programme.deadlines).due, programme.paused(month)
        usual = span(None, month, exceptions, programme)
        for trust in trusts:
            own = (trust, month) in exceptions
            of = span(trust, month, exceptions, programme) if own else usual
            rows.append((trust, of.closes, of.open_until, of.changes_until, month.first_day, *due))
    columns = {"trust_code": pl.String} | types | {"paused": pl.Boolean}
    return pl.DataFrame(rows, columns, orient="row")


def reporting(observations: pl.DataFrame) -> pl.DataFrame:
    """A ward's reporting class over its last 12 expected months, for each measure.

    (`schemas.release.Completeness`, with the scope `reporting`.)
    """
    due = observations.filter(
        pl.col("level") == "ward", pl.col("state").is_in(["value", "nil", "missing"])
    ).sort(*_SERIES, "month")
    last = due.group_by(_SERIES, maintain_order=True).tail(WINDOW)
    half = pl.len() // 2
    counts = last.group_by(_SERIES, maintain_order=True).agg(
        months_valid=_VALID.sum().cast(pl.Int64),
        months_expected=pl.len().cast(pl.Int64),
        all_nil=((pl.col("state") == "nil") | ~_VALID).all(),
        late_start=(~_VALID.head(half)).all() & _VALID.slice(half, pl.len() - half).all(),
    )
    expected, valid = pl.col("months_expected"), pl.col("months_valid")
    classed = (
        pl.when(pl.col("late_start") & (expected > 1))
        .then(pl.lit("joiner"))
        .when(valid * WINDOW < expected * (WINDOW // 2))
        .then(pl.lit("null"))
        .when(valid * WINDOW < expected * (WINDOW - 1))
        .then(pl.lit("partial"))
        .when("all_nil")
        .then(pl.lit("confirmed_nil"))
        .otherwise(pl.lit("complete"))
    )
    named = counts.with_columns(scope=pl.lit("reporting"), ward_id="unit_id", state=classed)
    return typed(named, Completeness).sort(_BY_WARD)


def reporting_today(today: Counted, last: LastRelease, trusts: set[str]) -> pl.DataFrame:
    """The class of every ward (`reporting`): worked out again for these trusts alone."""
    new = reporting(today.rows("units", Some(trusts)))
    if last.path is None:
        return new
    others = "scope = 'reporting' AND NOT list_contains($trusts, trust_code)"
    held = last.rows("completeness", others, trusts=sorted(trusts))
    return pl.concat([typed(held, Completeness), new]).sort(_BY_WARD)


def months_due(programme: Programme, day: date) -> list[Month]:
    """Every month of the programme up to two years after a day."""
    last = Month.of(day) + AHEAD
    if programme.last_month:
        last = min(last, Month.parse(programme.last_month))
    return list(months(programme.first, last))
